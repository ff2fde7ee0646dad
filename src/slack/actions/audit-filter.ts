import { buildFilterForm } from '../blocks/audit-filter-form.ts';
import type { ActionArgs, SlackDeps } from '../deps.ts';
import { readAuditFilter } from '../home/audit-filter.ts';
import { findScope } from '../home/read-audit.ts';
import { narrow, readHomeState } from '../home/state.ts';
import { readActor } from '../identity.ts';
import { show } from './home.ts';
import { openView } from './open-view.ts';

/** A day was chosen above the timeline, or taken away. */
export function handleAuditDay(deps: SlackDeps, args: ActionArgs): Promise<void> {
  const { action } = args;
  const day = action.type === 'datepicker' ? (action.selected_date ?? undefined) : undefined;
  return show(deps, args, ({ filter }) => narrow(readAuditFilter({ ...filter, from: day, to: day })));
}

/** A member was chosen. Whether their entries may be seen is asked where they are read. */
export function handleAuditMember(deps: SlackDeps, args: ActionArgs): Promise<void> {
  const { action } = args;
  const member = action.type === 'users_select' ? action.selected_user : undefined;
  return show(deps, args, ({ filter }) => narrow(readAuditFilter({ ...filter, member })));
}

export function handleAuditClear(deps: SlackDeps, args: ActionArgs): Promise<void> {
  return show(deps, args, () => narrow({}));
}

/** Opens the form with every filter. */
export async function handleAuditFilter(deps: SlackDeps, args: ActionArgs): Promise<void> {
  await args.ack();
  const actor = readActor(args.context, args.body.user);
  const { filter } = readHomeState(args.body.view?.private_metadata);
  const { memberId } = await findScope(deps, actor);
  await openView(deps, args, actor, buildFilterForm(filter, deps.catalog, memberId === null));
}
