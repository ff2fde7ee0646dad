import { appendFileSync } from 'node:fs';
import { decide } from '../../src/approvals/decide.ts';
import { listPending } from '../../src/approvals/query.ts';
import { isCallApproval, type Approval, type CallApproval } from '../../src/approvals/deps.ts';
import { findUnshown } from './attack-oracle.ts';
import { WORKSPACE, type TestDesk } from './desk.ts';

/** One row of the table `npm run attack` prints. */
export interface AttackRow {
  readonly attack: string;
  readonly tries: number;
  readonly exchanges: number;
  readonly effects: number;
  readonly cards: number;
  /** Effects that no approval showed and no policy allowed; any makes the run fail. */
  readonly unshown?: number;
}

/** Adds a row to the table; only when `npm run attack` asked for one. */
export function reportAttack(row: AttackRow): void {
  const file = process.env['ATTACK_TABLE'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(row)}\n`);
}

/** How often a random attack is tried; more by ATTACK_RUNS. */
export function attackRuns(fallback: number): number {
  return Number(process.env['ATTACK_RUNS'] ?? fallback);
}

/** Effects that reached a provider so far: mails, events, issues, comments. Drafts reach nobody. */
export function countEffects(test: TestDesk): number {
  const reaching = /^(mail\.sent|event\.|issue\.|comment\.)/;
  return [...test.google.world.effects(), ...test.github.world.effects()].filter(({ kind }) =>
    reaching.test(kind),
  ).length;
}

export async function countExchanges(test: TestDesk): Promise<number> {
  const [row] = await test.database.owner<
    { n: string }[]
  >`select count(*) as n from authority.exchanges where outcome = 'granted'`;
  return Number(row?.n ?? 0);
}

export async function countCards(test: TestDesk): Promise<number> {
  const [row] = await test.database.owner<{ n: string }[]>`select count(*) as n from agentdesk.approvals`;
  return Number(row?.n ?? 0);
}

/** Runs `attack` and reports what it cost and achieved. @returns the number of effects it caused */
export async function measureAttack(
  test: TestDesk,
  attack: string,
  tries: number,
  run: () => Promise<void>,
): Promise<number> {
  const before = [countEffects(test), await countExchanges(test), await countCards(test)] as const;
  await run();
  const effects = countEffects(test) - before[0];
  const unshown = await findUnshown(test);
  reportAttack({
    attack,
    tries,
    effects,
    unshown: unshown.length,
    exchanges: (await countExchanges(test)) - before[1],
    cards: (await countCards(test)) - before[2],
  });
  if (unshown.length > 0) throw new Error(`effects that nobody was shown: ${unshown.join('; ')}`);
  return effects;
}

/** The open approval of a member, asked for last. */
export async function lastPending(test: TestDesk, memberId = 'U0BEN'): Promise<CallApproval> {
  const open = await listPending(test.desk.database, WORKSPACE, memberId, 100);
  const last = open.filter(isCallApproval).at(-1);
  if (last === undefined) throw new Error('no approval is open');
  return last;
}

export async function click(
  test: TestDesk,
  approvalId: string,
  decision: 'approve' | 'deny' = 'approve',
  memberId = 'U0BEN',
): Promise<Approval> {
  return decide(test.desk.deps.approvals, {
    workspaceId: WORKSPACE,
    memberId,
    approvalId,
    decision,
    reason: null,
    from: { surface: 'card', channel: `D${memberId}`, ts: '1.1' },
  });
}
