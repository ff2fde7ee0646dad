import { Refusal } from './refusal.ts';
import type { Store } from './store.ts';
import { buildView, validateView } from './view-object.ts';
import type { Json } from './world.ts';

/**
 * Publishes a Home view for a user (views.publish, and views.update on a Home view's id).
 * @param hash the hash the app last saw; refused with `hash_conflict` when the view has moved on
 */
export function publishHome(
  store: Store,
  now: Date,
  userId: string,
  given: Json | undefined,
  hash: string | undefined,
): Json {
  const valid = validateView(given, 'home');
  const previous = store.data.homes[userId] ?? null;
  if (hash !== undefined && hash !== previous?.['hash']) throw new Refusal('hash_conflict');
  const view = buildView(valid, now, previous);
  store.data.homes[userId] = view;
  store.touch();
  return view;
}

/** @returns whose Home view has that id; null when nobody's */
export function ownerOfHome(store: Store, viewId: string): string | null {
  return Object.entries(store.data.homes).find(([, view]) => view['id'] === viewId)?.[0] ?? null;
}
