import { randomBytes } from 'node:crypto';
import { completeBlocks } from './blocks/complete.ts';
import { checkView } from './blocks/check.ts';
import { formValues, type Values } from './form-state.ts';
import { invalidArguments, Refusal } from './refusal.ts';
import { APP, TEAM } from './seed.ts';
import type { Json } from './world.ts';

/** Largest view (views.publish method page). */
const LARGEST_VIEW_BYTES = 250_000;

/** @throws Refusal `view_too_large` or `invalid_arguments` naming each place that is wrong */
export function validateView(view: Json | undefined, surface: 'modal' | 'home'): Json {
  if (view === undefined) throw invalidArguments('[ERROR] missing required field: view');
  if (Buffer.byteLength(JSON.stringify(view)) > LARGEST_VIEW_BYTES) throw new Refusal('view_too_large');
  const problems = checkView(view, surface);
  if (problems.length > 0) throw invalidArguments(...problems);
  return view;
}

/** A new hash for a view, as Slack forms them: seconds, a dot, eight characters. */
function newHash(now: Date): string {
  return `${Math.floor(now.getTime() / 1000)}.${randomBytes(6).toString('base64url')}`;
}

/**
 * Slack's view object from what an app sent.
 * @param previous the view it replaces: id, place in the stack and entered values are kept
 */
export function buildView(view: Json, now: Date, previous: Json | null, place: Json = {}): Json {
  const blocks = completeBlocks(Array.isArray(view['blocks']) ? (view['blocks'] as unknown[]) : []);
  const id = previous?.['id'] ?? `V${randomBytes(5).toString('hex').toUpperCase()}`;
  const modal = view['type'] === 'modal';
  return {
    id,
    team_id: TEAM.id,
    type: view['type'],
    blocks,
    private_metadata: view['private_metadata'] ?? '',
    callback_id: view['callback_id'] ?? '',
    state: { values: formValues(blocks, valuesOf(previous)) },
    hash: newHash(now),
    title: view['title'] ?? { type: 'plain_text', text: 'View Title', emoji: true },
    clear_on_close: view['clear_on_close'] ?? false,
    notify_on_close: view['notify_on_close'] ?? false,
    close: view['close'] ?? null,
    submit: view['submit'] ?? null,
    previous_view_id: previous?.['previous_view_id'] ?? null,
    root_view_id: previous?.['root_view_id'] ?? id,
    app_id: APP.id,
    external_id: view['external_id'] ?? '',
    app_installed_team_id: TEAM.id,
    bot_id: APP.botId,
    ...(modal ? { submit_disabled: view['submit_disabled'] ?? false } : {}),
    ...place,
  };
}

/** The values a view holds; an empty form for no view. */
export function valuesOf(view: Json | null): Values {
  const state = view?.['state'] as { values?: Values } | undefined;
  return state?.values ?? {};
}

/** The same view holding other values. */
export function withValues(view: Json, values: Values): Json {
  return { ...view, state: { values } };
}
