import { block, type BlockKind } from './block-parts.ts';
import { feedbackButtons, iconButton } from './buttons.ts';
import { url } from './composition.ts';
import { richText } from './rich-text.ts';
import { byType, choice, list, report, shape, text, type Rule } from './rules.ts';

/** All markdown blocks of one message together (docs.slack.dev/reference/block-kit/blocks/markdown-block). */
const MARKDOWN_CHARACTERS = 12_000;

const markdown: Rule = (value, at, scope) => {
  text(MARKDOWN_CHARACTERS)(value, at, scope);
  if (typeof value !== 'string') return;
  scope.counts.markdown += value.length;
  if (scope.counts.markdown > MARKDOWN_CHARACTERS && value.length <= MARKDOWN_CHARACTERS) {
    report(scope, `must be less than ${MARKDOWN_CHARACTERS + 1} characters in all markdown blocks`, at);
  }
};

const source: Rule = shape({ type: choice('url'), url, text: text(3000) });

const taskCard: Rule = block(
  {
    task_id: text(255),
    title: text(3000),
    status: choice('pending', 'in_progress', 'complete', 'error'),
  },
  { details: richText, output: richText, sources: list(source, 100) },
);

/** Blocks for agents' answers; messages only. */
export const agentKinds: Readonly<Record<string, BlockKind>> = {
  markdown: { surfaces: ['message'], rule: block({ text: markdown }) },
  task_card: { surfaces: ['message'], rule: taskCard },
  plan: {
    surfaces: ['message'],
    rule: block(
      { title: text(3000) },
      {
        tasks: list(
          byType((type) => (type === 'task_card' ? taskCard : undefined)),
          50,
        ),
      },
    ),
  },
  context_actions: {
    surfaces: ['message'],
    rule: block({
      elements: list(
        byType((type) =>
          type === 'feedback_buttons' ? feedbackButtons : type === 'icon_button' ? iconButton : undefined,
        ),
        5,
      ),
    }),
  },
};
