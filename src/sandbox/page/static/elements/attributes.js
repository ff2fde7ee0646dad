import { plainText } from '../text/text-object.js';

/** What every control carries: a name for people who do not see it, and one to find it by after a redraw. */
export function commonAttributes(element, { blockId, labelledBy, describedBy }) {
  return {
    'data-focus': `${blockId}/${element.action_id}`,
    'data-action': element.action_id,
    'aria-labelledby': labelledBy,
    'aria-describedby': describedBy,
    'aria-label': labelledBy === undefined ? nameOf(element) : undefined,
  };
}

function nameOf(element) {
  const words = element.accessibility_label ?? (element.placeholder && plainText(element.placeholder));
  return words ?? element.action_id.replaceAll(/[_:.-]+/g, ' ');
}

/** An option as Slack sends it back: without its description. */
export function optionState({ text, value }) {
  return { text, value };
}
