import { listVersions, readHead } from '../../policy/versions/read.ts';
import type { types } from '@slack/bolt';
import { buildNotice } from '../blocks/modals.ts';
import { buildHistory } from '../blocks/policy-history.ts';
import type { ActionArgs, SlackDeps } from '../deps.ts';
import type { Actor } from '../directory/directory.ts';
import { readActor } from '../identity.ts';
import { placeOf, type Scope } from '../policy/change.ts';
import { showPreview } from '../policy/show-preview.ts';
import { openView, type OpenView } from './open-view.ts';
import { preview, readScope } from './policy.ts';
import { valueOf } from './value.ts';

const SHOWN = 10;

/** Opens the versions of a layer: a member's own, or the organisation's, which everyone but guests may read. */
export async function handlePolicyHistory(deps: SlackDeps, args: ActionArgs): Promise<void> {
  await args.ack();
  const actor = readActor(args.context, args.body.user);
  await openView(deps, args, actor, await load(deps, actor, readScope(valueOf(args)), null));
}

export async function handlePolicyOlder(deps: SlackDeps, args: ActionArgs): Promise<void> {
  await args.ack();
  const actor = readActor(args.context, args.body.user);
  const { scope, number } = readPlace(args);
  await replace(args, await load(deps, actor, scope, number));
}

/** Asks whether going back to a version is meant; nothing is changed here. */
export async function handlePolicyRollback(deps: SlackDeps, args: ActionArgs): Promise<void> {
  await args.ack();
  const actor = readActor(args.context, args.body.user);
  const { scope, number } = readPlace(args);
  const found = await preview(deps, actor, scope, { kind: 'rollback', number });
  if (typeof found === 'string') return void (await replace(args, buildNotice('Change the policy', found)));
  await showPreview(deps, args.client, actor, found, (view) => replace(args, view));
}

async function load(
  deps: SlackDeps,
  actor: Actor,
  wanted: Scope,
  before: number | null,
): Promise<types.ModalView> {
  const isAdmin = await deps.directory.isAdmin(actor);
  const isGuest = (await deps.directory.checkClicker(actor)) !== null;
  const scope = isGuest ? 'mine' : wanted;
  const { db } = deps.policy.database;
  const place = placeOf(actor, scope);
  const found = await listVersions(db, place, {
    limit: SHOWN + 1,
    ...(before === null ? {} : { before }),
  });
  const versions = found.slice(0, SHOWN);
  return buildHistory({
    scope,
    head: (await readHead(db, place)).number,
    versions,
    older: found.length > SHOWN ? (versions.at(-1)?.number ?? null) : null,
    mayEdit: scope === 'organisation' ? isAdmin : !isGuest,
  });
}

async function replace({ body, client }: ActionArgs, view: types.ModalView): Promise<OpenView | null> {
  if (body.view === undefined) return null;
  const { id, hash } = body.view;
  return { id, hash: (await client.views.update({ view_id: id, hash, view })).view?.hash };
}

/** `<scope> <number>`, as a button of the history carries it. */
function readPlace(args: ActionArgs): { scope: Scope; number: number } {
  const [scope = '', number = ''] = valueOf(args).split(' ');
  return { scope: readScope(scope), number: /^\d{1,6}$/.test(number) ? Number(number) : 0 };
}
