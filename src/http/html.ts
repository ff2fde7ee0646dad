/** Markup that may stand in a page as it is; anything else is escaped. */
export interface Html {
  readonly markup: string;
}

type Value = string | Html | readonly Html[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A template whose values are escaped, unless they are markup themselves. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  const filled = values.map((value, index) => (parts[index] ?? '') + render(value));
  return { markup: filled.join('') + (parts.at(-1) ?? '') };
}

/** Someone else's text, set apart so that its writing direction cannot disturb ours. */
export function foreign(text: string): Html {
  return html`<bdi>${text}</bdi>`;
}

function render(value: Value): string {
  if (typeof value === 'string') return value.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('');
}
