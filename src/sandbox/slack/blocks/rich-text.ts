import { channelId, url, userId } from './composition.ts';
import { among, byType, choice, flag, list, matching, shape, text, whole, type Rule } from './rules.ts';

const style: Rule = shape({}, { bold: flag, code: flag, italic: flag, strike: flag, underline: flag });
const type: Rule = text(50);

function inline(required: Record<string, Rule>, optional: Record<string, Rule> = {}): Rule {
  return shape({ type, ...required }, { style, ...optional });
}

const INLINE: Readonly<Record<string, Rule>> = {
  text: inline({ text: text(12000) }),
  link: inline({ url }, { text: text(3000), unsafe: flag }),
  user: inline({ user_id: userId }),
  channel: inline({ channel_id: channelId }),
  usergroup: inline({ usergroup_id: matching(/^S[A-Z0-9]+$/, 'must be a user group id') }),
  team: inline({ team_id: matching(/^T[A-Z0-9]+$/, 'must be a team id') }),
  broadcast: inline({ range: choice('here', 'channel', 'everyone') }),
  emoji: inline({ name: text(255) }, { unicode: text(100), url }),
  color: inline({ value: matching(/^#[0-9a-fA-F]{6}$/, 'must be a hex color') }),
  date: inline({ timestamp: whole(0, 9_999_999_999), format: text(500) }, { url, fallback: text(500) }),
};

const inlineList: Rule = list(byType(among(INLINE)), 1000, 0);
const literalList: Rule = list(
  byType((kind) => (kind === 'text' || kind === 'link' ? INLINE[kind] : undefined)),
  1000,
  0,
);
const border: Rule = choice(0, 1);
const section: Rule = shape({ type, elements: inlineList });

const PARTS: Readonly<Record<string, Rule>> = {
  rich_text_section: section,
  rich_text_quote: shape({ type, elements: inlineList }, { border }),
  rich_text_preformatted: shape({ type, elements: literalList }, { border, language: text(50) }),
  rich_text_list: shape(
    {
      type,
      style: choice('bullet', 'ordered'),
      elements: list(
        byType((kind) => (kind === 'rich_text_section' ? section : undefined)),
        1000,
      ),
    },
    { indent: whole(0, 8), offset: whole(0, 1000), border },
  ),
};

export const richTextParts: Rule = list(byType(among(PARTS)), 1000);

const standalone: Rule = shape({ type, elements: richTextParts }, { block_id: text(255) });

/** A rich_text object used as a value inside another block or element. */
export const richText: Rule = byType((kind) => (kind === 'rich_text' ? standalone : undefined));
