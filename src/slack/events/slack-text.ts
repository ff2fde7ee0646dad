const MARKUP = /<([^<>]+)>/g;

/**
 * A person's message as they wrote it: Slack's links, mentions and escapes undone.
 * https://docs.slack.dev/messaging/formatting-message-text
 * @param botUserId our own mention is left out
 */
export function readSlackText(text: string, botUserId: string | null = null): string {
  return text
    .replace(MARKUP, (whole, inside: string) => readMarkup(whole, inside, botUserId))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replaceAll('\u0000', '')
    .toWellFormed()
    .trim();
}

function readMarkup(whole: string, inside: string, botUserId: string | null): string {
  const bar = inside.indexOf('|');
  const [target, label] = bar < 0 ? [inside, ''] : [inside.slice(0, bar), inside.slice(bar + 1)];
  if (target.startsWith('@')) {
    if (target.slice(1) === botUserId) return '';
    return label === '' ? whole.replace(/[<>]/g, '') : `@${label}`;
  }
  if (target.startsWith('#')) return label === '' ? target : `#${label}`;
  if (target.startsWith('!')) return label === '' ? `@${target.slice(1).split('^')[0] ?? ''}` : label;
  const address = target.replace(/^(mailto|tel):/, '');
  const plain = address.replace(/^https?:\/\//, '');
  // A label that says something else than the link stays beside it, never instead of it.
  return label === '' || label === address || label === plain ? address : `${label} (${address})`;
}
