import { h } from '../dom.js';
import { fromLocalField, toLocalField } from '../text/time.js';
import { commonAttributes } from './attributes.js';

export function buildDate(element, surface, place) {
  return buildPicker(element, surface, place, {
    type: 'date',
    name: 'selected_date',
    initial: element.initial_date,
  });
}

export function buildTime(element, surface, place) {
  return buildPicker(element, surface, place, {
    type: 'time',
    name: 'selected_time',
    initial: element.initial_time,
  });
}

/** Date and time together, on the member's own clock; Slack counts it in seconds since 1970. */
export function buildDateTime(element, surface, place) {
  const { tz } = surface.me;
  return buildPicker(element, surface, place, {
    type: 'datetime-local',
    name: 'selected_date_time',
    initial: element.initial_date_time,
    toField: (seconds) => toLocalField(seconds, tz),
    ofField: (text) => fromLocalField(text, tz),
  });
}

function buildPicker(element, surface, place, { type, name, initial, toField = String, ofField = String }) {
  const input = h('input', { ...commonAttributes(element, place), class: 'field', type });
  const read = () => ({ type: element.type, [name]: input.value === '' ? null : ofField(input.value) });
  const write = (state) => (input.value = state[name] == null ? '' : toField(state[name]));
  input.addEventListener('change', (event) => {
    if (place.isLive) void surface.act(place.blockId, element, read(), event.currentTarget);
  });
  write({ [name]: initial });
  surface.addInput(place.blockId, element, { read, write });
  return input;
}
