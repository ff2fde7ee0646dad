import { Refusal } from './refusal.ts';
import type { Store } from './store.ts';
import { buildView, validateView } from './view-object.ts';
import type { Json, OpenView } from './world.ts';

export interface Modals {
  top(userId: string): OpenView | null;
  find(viewId: string): { readonly userId: string; readonly open: OpenView } | null;
  findExternal(externalId: string): string | null;
  /** Shows a first modal; one that is already open is replaced. */
  open(userId: string, view: Json | undefined): Json;
  /** Puts a modal on top of the one on top. @throws Refusal `push_limit_reached`, `not_found` */
  push(userId: string, view: Json | undefined): Json;
  /** @throws Refusal `not_found`, `hash_conflict` */
  update(viewId: string, view: Json | undefined, hash?: string): Json;
  /** Changes what a person sees in an open modal: values or errors. */
  patch(viewId: string, change: (open: OpenView) => OpenView): void;
  /** Takes one modal off the stack, or all. */
  close(userId: string, viewId: string, all: boolean): void;
}

/** One root and two pushes (docs.slack.dev/surfaces/modals). */
const DEEPEST = 3;

/** The modals on people's screens; they do not outlive a restart. */
export function createModals(store: Store, now: () => Date): Modals {
  const stacks = new Map<string, OpenView[]>();
  const stackOf = (userId: string): readonly OpenView[] => stacks.get(userId) ?? [];
  const set = (userId: string, stack: OpenView[]): void => {
    stacks.set(userId, stack);
    store.touch();
  };
  const everything = (): { userId: string; open: OpenView }[] =>
    [...stacks].flatMap(([userId, stack]) => stack.map((open) => ({ userId, open })));

  function requireUnique(view: Json, exceptId: unknown): void {
    const id = view['external_id'];
    if (id === undefined || id === '') return;
    const views = [...everything().map((entry) => entry.open.view), ...Object.values(store.data.homes)];
    if (views.some((other) => other['external_id'] === id && other['id'] !== exceptId)) {
      throw new Refusal('duplicate_external_id');
    }
  }
  const modals: Modals = {
    top: (userId) => stackOf(userId).at(-1) ?? null,
    find: (viewId) => everything().find((entry) => entry.open.id === viewId) ?? null,
    findExternal: (externalId) =>
      everything().find((entry) => entry.open.view['external_id'] === externalId)?.open.id ?? null,
    open: (userId, given) => {
      const valid = validateView(given, 'modal');
      requireUnique(valid, null);
      const view = buildView(valid, now(), null);
      set(userId, [{ id: String(view['id']), view }]);
      return view;
    },
    push: (userId, given) => {
      const valid = validateView(given, 'modal');
      const stack = stackOf(userId);
      const below = stack.at(-1);
      if (below === undefined) throw new Refusal('not_found');
      if (stack.length >= DEEPEST) throw new Refusal('push_limit_reached');
      requireUnique(valid, null);
      const place = { previous_view_id: below.id, root_view_id: stack[0]?.id };
      const view = buildView(valid, now(), null, place);
      set(userId, [...stack, { id: String(view['id']), view }]);
      return view;
    },
    update: (viewId, given, hash) => {
      const found = modals.find(viewId);
      if (found === null) throw new Refusal('not_found');
      const valid = validateView(given, 'modal');
      if (hash !== undefined && hash !== found.open.view['hash']) throw new Refusal('hash_conflict');
      requireUnique(valid, viewId);
      const view = buildView(valid, now(), found.open.view);
      modals.patch(viewId, () => ({ id: viewId, view }));
      return view;
    },
    patch: (viewId, change) => {
      const found = modals.find(viewId);
      if (found === null) return;
      set(
        found.userId,
        stackOf(found.userId).map((open) => (open.id === viewId ? change(open) : open)),
      );
    },
    close: (userId, viewId, all) => {
      const stack = stackOf(userId);
      const index = stack.findIndex((open) => open.id === viewId);
      if (index >= 0) set(userId, all ? [] : stack.slice(0, index));
    },
  };
  return modals;
}
