import * as parts from './composition.ts';
import * as kit from './element-parts.ts';
import { flag, list, text, whole, type Rule } from './rules.ts';

const common = { ...kit.confirmable, ...kit.focusable, ...kit.placeholdable };
const multi = { ...common, ...kit.limitable };
const conversationExtras = { default_to_current_conversation: flag, filter: parts.conversationFilter };
const query = { min_query_length: whole(0, 100) };
const offered = [parts.oneOf('options', 'option_groups'), parts.initialAmongOptions];

const RULES: Readonly<Record<string, Rule>> = {
  static_select: kit.element(
    {},
    { ...parts.selectOptions, initial_option: parts.plainOption, ...common },
    ...offered,
  ),
  multi_static_select: kit.element(
    {},
    { ...parts.selectOptions, initial_options: list(parts.plainOption, 100), ...multi },
    ...offered,
  ),
  external_select: kit.element({}, { initial_option: parts.plainOption, ...query, ...common }),
  multi_external_select: kit.element(
    {},
    { initial_options: list(parts.plainOption, 100), ...query, ...multi },
  ),
  users_select: kit.element({}, { initial_user: parts.userId, ...common }),
  multi_users_select: kit.element({}, { initial_users: kit.initialIds(parts.userId), ...multi }),
  conversations_select: kit.element(
    {},
    { initial_conversation: text(255), response_url_enabled: flag, ...conversationExtras, ...common },
  ),
  multi_conversations_select: kit.element(
    {},
    { initial_conversations: kit.initialIds(text(255)), ...conversationExtras, ...multi },
  ),
  channels_select: kit.element(
    {},
    { initial_channel: parts.channelId, response_url_enabled: flag, ...common },
  ),
  multi_channels_select: kit.element({}, { initial_channels: kit.initialIds(parts.channelId), ...multi }),
};

/** Select menus sit anywhere an element may. */
export const selectKinds: Readonly<Record<string, kit.ElementKind>> = Object.fromEntries(
  Object.entries(RULES).map(([type, rule]) => [
    type,
    { places: ['actions', 'accessory', 'input'] as const, surfaces: kit.EVERYWHERE, rule },
  ]),
);
