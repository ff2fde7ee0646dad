import { randomUUID } from 'node:crypto';
import type { Approval } from '../../approvals/deps.ts';
import { ensureBackchannelRequest } from '../../approvals/request.ts';
import { DeskError } from '../../errors.ts';
import { strictest } from '../../policy/compare.ts';
import { evaluate } from '../../policy/evaluate.ts';
import { countOpen } from '../../policy/grants/query.ts';
import { requestGrant, type GrantRequestDeps } from '../../policy/grants/request.ts';
import type { Slot, Template } from '../../policy/grants/template.ts';
import type { PolicyCall } from '../../policy/types.ts';
import type { CallDeps } from '../deps.ts';
import type { GrantDraft } from './draft.ts';
import { describeGrant, presentGrant } from './present-grant.ts';

/** What a person wants a grant to be. */
export interface GrantWish {
  /** By argument: left open, or one of these texts. What is not named stays as it was. */
  readonly open: Readonly<Record<string, 'free' | readonly string[]>>;
  readonly uses: number;
  /** Hours from now on. */
  readonly hours: number;
}

const MOST_USES = 50;
const MOST_HOURS = 24;
const MOST_GRANTS = 20;
const MOST_VALUES = 20;
const MOST_CHARACTERS = 500;

/**
 * Asks a member to approve a grant made of a call of theirs, at no lower tier than the call was approved at, and at none
 * lower than the policy asks for now.
 * @throws DeskError `grant_refused`, saying why
 */
export async function proposeGrant(
  deps: CallDeps,
  { call, action, approval, args }: GrantDraft,
  wish: GrantWish,
  postCard: GrantRequestDeps['postCard'],
): Promise<Approval> {
  const { workspaceId, memberId } = call;
  const template = writeTemplate(args, wish, action.mayVary ?? []);
  const policy = await deps.policies.load(workspaceId, memberId);
  const question = call.policyCall as PolicyCall;
  const now = evaluate(policy, question).outcome;
  if (now === 'allow') throw refuse('it is done at once already');
  const tier = strictest(now, approval.tier);
  if (tier === 'deny' || tier === 'allow') throw refuse('the policy never allows it now');
  const expiresAt = new Date(deps.now().getTime() + wish.hours * 3_600_000);
  const terms = {
    id: randomUUID(),
    workspaceId,
    memberId,
    agent: call.agent,
    action: call.action,
    declarationHash: call.declarationHash,
    issuer: call.issuer,
    subject: call.subject,
    accountId: call.accountId,
    template,
    sentence: describeGrant(approval, wish.uses, expiresAt),
    question,
    tier,
    policyVersion: policy.version,
    callId: call.id,
    maxUses: wish.uses,
    expiresAt,
  };
  const asked = await deps.database.transaction(async (tx) => {
    if ((await countOpen(tx, call)) >= MOST_GRANTS)
      throw refuse(`you have ${MOST_GRANTS} grants already; revoke one first`);
    return requestGrant(tx, { ...deps, postCard }, terms, (code) =>
      presentGrant({ approval, action, args, terms, code }),
    );
  });
  return ensureBackchannelRequest(deps.approvals, asked);
}

/** @throws DeskError `grant_refused` for what may not be left open, or is no use */
function writeTemplate(
  args: Readonly<Record<string, unknown>>,
  { open, uses, hours }: GrantWish,
  mayVary: readonly string[],
): Template {
  const isWhole = (value: number, most: number): boolean =>
    Number.isInteger(value) && value >= 1 && value <= most;
  if (!isWhole(uses, MOST_USES)) throw refuse(`say how often, 1 to ${MOST_USES} times`);
  if (!isWhole(hours, MOST_HOURS)) throw refuse(`say how long, 1 to ${MOST_HOURS} hours`);
  const other = Object.keys(open).find((name) => !mayVary.includes(name));
  if (other !== undefined) throw refuse(`${other} always has to be what it was`);
  const fixed = Object.entries(args).map(([name, value]): [string, Slot] => [name, { kind: 'fixed', value }]);
  const opened = Object.entries(open).map(([name, values]): [string, Slot] => [
    name,
    values === 'free' ? { kind: 'free' } : { kind: 'one_of', values: readValues(args[name], values) },
  ]);
  return Object.fromEntries([...fixed, ...opened]);
}

function readValues(was: unknown, typed: readonly string[]): string[] {
  if (was !== undefined && typeof was !== 'string') throw refuse('only texts can be listed');
  const values = [...new Set(typed.map((text) => text.trim()).filter((text) => text !== ''))];
  if (
    values.length === 0 ||
    values.length > MOST_VALUES ||
    values.some((text) => text.length > MOST_CHARACTERS)
  )
    throw refuse(`list 1 to ${MOST_VALUES} texts of at most ${MOST_CHARACTERS} characters, one a line`);
  return values;
}

function refuse(reason: string): DeskError {
  return new DeskError('grant_refused', { reason });
}
