import type { Args } from '../args.ts';
import { findUser } from '../conversations.ts';
import { ownerOfHome, publishHome } from '../homes.ts';
import { invalidArguments, Refusal } from '../refusal.ts';
import { validateView } from '../view-object.ts';
import type { Workspace } from '../workspace.ts';
import type { Methods } from './method.ts';

function exchange(args: Args, workspace: Workspace): { userId: string; viewId: string | null } {
  return workspace.triggers.exchange(args.need('trigger_id'));
}

/** Modals and Home views; none of these needs a scope. */
export const viewMethods: Methods = {
  'views.open': {
    token: 'bot',
    run: (args, workspace) => {
      const view = validateView(args.object('view'), 'modal');
      return { view: workspace.modals.open(exchange(args, workspace).userId, view) };
    },
  },
  'views.push': {
    token: 'bot',
    run: (args, workspace) => {
      const view = validateView(args.object('view'), 'modal');
      const { userId, viewId } = exchange(args, workspace);
      if (viewId === null) throw new Refusal('not_found');
      return { view: workspace.modals.push(userId, view) };
    },
  },
  'views.update': {
    token: 'bot',
    run: (args, workspace) => {
      const view = args.object('view');
      const external = args.text('external_id');
      const id =
        args.text('view_id') ?? (external === undefined ? null : workspace.modals.findExternal(external));
      if (id === null && external === undefined) {
        throw invalidArguments('[ERROR] either view_id or external_id is required');
      }
      if (id === null) throw new Refusal('not_found');
      const hash = args.text('hash');
      const owner = ownerOfHome(workspace.store, id);
      if (owner !== null) return { view: publishHome(workspace.store, workspace.now(), owner, view, hash) };
      return { view: workspace.modals.update(id, view, hash) };
    },
  },
  'views.publish': {
    token: 'bot',
    run: (args, { store, now }) => {
      const user = findUser(store.data, args.need('user_id'));
      const view = args.object('view');
      return { view: publishHome(store, now(), user.id, view, args.text('hash')) };
    },
  },
};
