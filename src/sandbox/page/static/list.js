const known = new WeakMap();

/**
 * Brings a container's children in line with a list. An item whose content did not change keeps its node, so
 * focus, selection, scroll position and half-typed text stay; a changed one gets a new node in its place.
 * @param {Element} container
 * @param {readonly object[]} items
 * @param {object} how
 * @param {(item: object) => string} how.key what makes it the same item next time
 * @param {(item: object) => HTMLElement} how.build
 * @param {(node: HTMLElement, item: object) => void} [how.update] keeps the node of a changed item
 * @returns {string[]} keys of the items that are new or changed
 */
export function renderList(container, items, { key, build, update }) {
  const old = new Map([...container.children].map((node) => [known.get(node)?.key, node]));
  const touched = [];
  const nodes = items.map((item) => {
    const id = key(item);
    const signature = JSON.stringify(item);
    let node = old.get(id);
    const isSame = node !== undefined && known.get(node).signature === signature;
    if (!isSame) touched.push(id);
    if (node === undefined) node = build(item);
    else if (!isSame && update === undefined) node = replaceNode(node, build(item));
    update?.(node, item);
    known.set(node, { key: id, signature });
    return node;
  });
  place(container, nodes);
  return touched;
}

function place(container, nodes) {
  const wanted = new Set(nodes);
  for (const node of [...container.children]) if (!wanted.has(node)) node.remove();
  nodes.forEach((node, index) => {
    if (container.children[index] !== node) container.insertBefore(node, container.children[index] ?? null);
  });
}

/** Puts `fresh` where `old` was; an opened detail stays open and the focus stays at the same thing. */
export function replaceNode(old, fresh) {
  if (old.open === true) fresh.open = true;
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  old.replaceWith(fresh);
  if (focused !== null) findFocus(fresh, focused.dataset.focus)?.focus({ preventScroll: true });
  return fresh;
}

function findFocus(node, name) {
  const same = name === undefined ? null : node.querySelector(`[data-focus="${CSS.escape(name)}"]`);
  return same ?? (node.tabIndex >= -1 && node.hasAttribute('tabindex') ? node : null);
}
