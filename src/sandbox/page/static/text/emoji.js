/** The few emoji names that messages of this program use; others stay as written. */
const EMOJI = {
  white_check_mark: '✅',
  heavy_check_mark: '✔',
  x: '✕',
  no_entry: '⛔',
  no_entry_sign: '🚫',
  warning: '⚠',
  hourglass: '⌛',
  hourglass_flowing_sand: '⏳',
  lock: '🔒',
  unlock: '🔓',
  key: '🔑',
  email: '✉',
  calendar: '📅',
  memo: '📝',
  mag: '🔍',
  bell: '🔔',
  wave: '👋',
  robot_face: '🤖',
  gear: '⚙',
  link: '🔗',
  information_source: 'ℹ',
  eyes: '👀',
  tada: '🎉',
  thumbsup: '👍',
  '+1': '👍',
  thumbsdown: '👎',
  '-1': '👎',
  point_right: '👉',
};

export function emojiOf(name) {
  return Object.hasOwn(EMOJI, name) ? EMOJI[name] : `:${name}:`;
}
