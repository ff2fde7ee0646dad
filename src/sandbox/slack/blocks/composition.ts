import { isDeepStrictEqual } from 'node:util';
import { byType, choice, flag, isObject, list, matching, report, shape, text, type Rule } from './rules.ts';

/** Composition objects (docs.slack.dev/reference/block-kit/composition-objects). */
export function plainText(max: number): Rule {
  const rule = shape({ type: choice('plain_text'), text: text(max) }, { emoji: flag });
  return byType((type) => (type === 'plain_text' ? rule : undefined));
}

/** A text object with markup, nothing else. */
export function mrkdwn(max: number): Rule {
  const rule = shape({ type: choice('mrkdwn'), text: text(max) }, { verbatim: flag });
  return byType((type) => (type === 'mrkdwn' ? rule : undefined));
}

/** A text object of either kind. */
export function anyText(max: number): Rule {
  const plain = plainText(max);
  const marked = mrkdwn(max);
  return byType((type) => (type === 'plain_text' ? plain : type === 'mrkdwn' ? marked : undefined));
}

/** A link a click may open. */
export const url: Rule = (value, at, scope) => {
  text(3000)(value, at, scope);
  if (typeof value === 'string' && !/^(https?|slack|mailto):\S+$/.test(value)) {
    report(scope, 'must be a valid URL', at);
  }
};

export const userId: Rule = matching(/^[UW][A-Z0-9]+$/, 'must be a user id');
export const channelId: Rule = matching(/^[CGD][A-Z0-9]+$/, 'must be a conversation id');

export const confirm: Rule = shape(
  { text: anyText(300) },
  { title: plainText(100), confirm: plainText(30), deny: plainText(30), style: choice('primary', 'danger') },
);

export const dispatchConfig: Rule = shape(
  {},
  { trigger_actions_on: list(choice('on_enter_pressed', 'on_character_entered'), 2) },
);

export const conversationFilter: Rule = shape(
  {},
  {
    include: list(choice('im', 'mpim', 'private', 'public'), 4),
    exclude_external_shared_channels: flag,
    exclude_bot_users: flag,
  },
);

/** Sources disagree on 75 or 150 for an option's value; the stricter one is kept. */
const optionParts = { text: plainText(75), value: text(75) };

export const plainOption: Rule = shape(optionParts, { description: plainText(75) });
export const markedOption: Rule = shape({ text: anyText(75), value: text(75) }, { description: anyText(75) });
export const overflowOption: Rule = shape(optionParts, { description: plainText(75), url });

const optionGroup: Rule = shape({ label: plainText(75), options: list(plainOption, 100) });

/** What a static select offers, and what an app answers to `block_suggestion`. */
export const selectOptions = {
  options: list(plainOption, 100),
  option_groups: list(optionGroup, 100),
};

/** Exactly one of two properties. */
export function oneOf(first: string, second: string): Rule {
  return (value, at, scope) => {
    if (!isObject(value)) return;
    const given = [first, second].filter((name) => value[name] !== undefined);
    if (given.length !== 1) report(scope, `must define either \`${first}\` or \`${second}\``, at);
  };
}

/** The image comes from a URL or from a file already in Slack, never both. */
export const imageSource = {
  image_url: url,
  slack_file: shape({}, { id: text(255), url }, oneOf('id', 'url')),
};
export const oneImageSource: Rule = oneOf('image_url', 'slack_file');

/** What starts selected must be one of the options, exactly. */
export const initialAmongOptions: Rule = (value, at, scope) => {
  if (!isObject(value)) return;
  const groups = Array.isArray(value['option_groups']) ? value['option_groups'] : [];
  const offered: unknown[] = [
    value['options'],
    ...groups.map((group: unknown) => isObject(group) && group['options']),
  ]
    .filter(Array.isArray)
    .flat();
  const initial =
    value['initial_options'] ?? (value['initial_option'] === undefined ? [] : [value['initial_option']]);
  if (!Array.isArray(initial)) return;
  for (const one of initial) {
    if (!offered.some((option) => isDeepStrictEqual(option, one))) {
      report(scope, 'initial option must match exactly one of the options', at);
    }
  }
};
