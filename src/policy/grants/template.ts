import { toCanonicalBytes } from '../../db/canonical.ts';

/** What one argument may be. */
export type Slot =
  | { readonly kind: 'fixed'; readonly value: unknown }
  | { readonly kind: 'one_of'; readonly values: readonly string[] }
  | { readonly kind: 'free' };

/** What every argument of a call may be, by name. It is closed: an argument it does not name may not be there. */
export type Template = Readonly<Record<string, Slot>>;

/** Whether resolved arguments are of the shape; what is fixed or enumerated has to be there. */
export function fitsTemplate(template: Template, args: Readonly<Record<string, unknown>>): boolean {
  const isClosed = Object.keys(args).every((name) => Object.hasOwn(template, name));
  return (
    isClosed &&
    Object.entries(template).every(
      ([name, slot]) => slot.kind === 'free' || (Object.hasOwn(args, name) && fitsSlot(slot, args[name])),
    )
  );
}

/** Names of the arguments that may be anything. */
export function listFree(template: Template): string[] {
  return Object.entries(template).flatMap(([name, { kind }]) => (kind === 'free' ? [name] : []));
}

/** Names of the arguments that need not be what they were. */
export function listOpen(template: Template): string[] {
  return Object.entries(template).flatMap(([name, { kind }]) => (kind === 'fixed' ? [] : [name]));
}

function fitsSlot(slot: Exclude<Slot, { kind: 'free' }>, value: unknown): boolean {
  if (slot.kind === 'one_of') return slot.values.some((one) => one === value);
  return toCanonicalBytes(slot.value).equals(toCanonicalBytes(value));
}
