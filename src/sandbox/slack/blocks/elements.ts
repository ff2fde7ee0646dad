import { buttonKinds } from './buttons.ts';
import { oneImageSource, imageSource } from './composition.ts';
import { EVERYWHERE, type ElementKind, type Place } from './element-parts.ts';
import { inputKinds } from './inputs.ts';
import { pickerKinds } from './pickers.ts';
import { byType, choice, shape, text, type Rule } from './rules.ts';
import { selectKinds } from './selects.ts';

/** An image inside another block; without alt_text Slack refuses it. */
export const imageElement: Rule = shape(
  { type: choice('image'), alt_text: text(2000) },
  imageSource,
  oneImageSource,
);

const KINDS: Readonly<Record<string, ElementKind>> = {
  ...buttonKinds,
  ...selectKinds,
  ...pickerKinds,
  ...inputKinds,
  image: { places: ['accessory'], surfaces: EVERYWHERE, rule: imageElement },
};

/** Whether a type is an element a person can act on. */
export function isInteractive(type: string): boolean {
  return (
    type === 'feedback_buttons' || type === 'icon_button' || (type !== 'image' && Object.hasOwn(KINDS, type))
  );
}

/** The elements allowed at a place, on the surface under check. */
export function elementAt(place: Place): Rule {
  return byType((type, scope) => {
    const kind = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
    if (kind === undefined || !kind.places.includes(place)) return undefined;
    return kind.surfaces.includes(scope.surface) ? kind.rule : undefined;
  });
}
