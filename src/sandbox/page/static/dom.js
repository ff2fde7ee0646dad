/**
 * Builds an element. Text only ever becomes text nodes; markup is never parsed.
 * @param {string} tag
 * @param {Record<string, unknown>} [props] attributes; `on…` functions are listeners; booleans and `value` are
 *   set as properties; null, undefined and false are left out
 * @param {...unknown} children nodes or text; null and false are left out, arrays are flattened
 */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') node.addEventListener(name.slice(2), value);
    else if (name === 'value' || typeof value === 'boolean') node[name] = value;
    else node.setAttribute(name, String(value));
  }
  node.append(...nodesOf(children));
  return node;
}

/** A document fragment of the same kinds of children that `h` takes. */
export function fragment(...children) {
  const result = document.createDocumentFragment();
  result.append(...nodesOf(children));
  return result;
}

function nodesOf(children) {
  return children
    .flat(Infinity)
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : String(child)));
}

/** The element of that id; the page's own HTML has it. */
export function byId(id) {
  return document.getElementById(id);
}

/** A link that can only lead to a web page or a mail address; anything else stays text. */
export function link(url, ...label) {
  const shown = label.length > 0 ? label : [url];
  if (!/^(https?:|mailto:)/i.test(url) || !URL.canParse(url)) return h('span', {}, ...shown);
  return h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, ...shown);
}
