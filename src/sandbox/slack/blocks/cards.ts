import { block, type BlockKind } from './block-parts.ts';
import { button } from './buttons.ts';
import { anyText, mrkdwn, plainText } from './composition.ts';
import { imageElement } from './elements.ts';
import { layoutKinds } from './layout.ts';
import { richText } from './rich-text.ts';
import { byType, choice, flag, isObject, list, report, type Rule } from './rules.ts';
import { tableKinds } from './tables.ts';

const somethingShown: Rule = (value, at, scope) => {
  const parts = ['hero_image', 'title', 'actions', 'body'];
  if (isObject(value) && parts.every((name) => value[name] === undefined)) {
    report(scope, `must define one of ${parts.join(', ')}`, at);
  }
};

const card: Rule = block(
  {},
  {
    hero_image: imageElement,
    icon: imageElement,
    title: mrkdwn(150),
    subtitle: mrkdwn(150),
    body: mrkdwn(200),
    actions: list(
      byType((type) => (type === 'button' ? button : undefined)),
      25,
    ),
  },
  somethingShown,
);

const INSIDE = new Set([
  'actions',
  'context',
  'divider',
  'header',
  'image',
  'input',
  'rich_text',
  'section',
  'video',
]);

const child = byType((type) =>
  INSIDE.has(type) ? layoutKinds[type]?.rule : type === 'table' ? tableKinds['table']?.rule : undefined,
);

const titled: Rule = (value, at, scope) => {
  if (isObject(value) && value['title'] === undefined && value['rich_text_title'] === undefined) {
    report(scope, 'must define either `title` or `rich_text_title`', at);
  }
};

/** Cards are refused in modals: Slack lists them there, but reports say that they fail to render. */
export const cardKinds: Readonly<Record<string, BlockKind>> = {
  card: { surfaces: ['message', 'home'], rule: card },
  carousel: {
    surfaces: ['message', 'home'],
    rule: block({
      elements: list(
        byType((type) => (type === 'card' ? card : undefined)),
        10,
      ),
    }),
  },
  container: {
    surfaces: ['message'],
    rule: block(
      { child_blocks: list(child, 10) },
      {
        title: plainText(150),
        rich_text_title: richText,
        subtitle: anyText(150),
        width: choice('narrow', 'standard', 'wide', 'full'),
        icon: imageElement,
        is_collapsible: flag,
        default_collapsed: flag,
        has_header_divider: flag,
      },
      titled,
    ),
  },
};
