import { AIMessage } from '../../src/agent/langchain.ts';
import type { ToolModel } from '../../src/agent/model.ts';
import type { Approval } from '../../src/approvals/deps.ts';
import { findById } from '../../src/approvals/query.ts';
import type { Message } from '../../src/sandbox/slack/world.ts';
import { toolCalls } from '../support/desk.ts';
import { findButton, textOf } from './look.ts';
import { TEAM, type WholeDesk } from './whole-desk.ts';

export const MAIL = { to: ['priya@acme.test'], subject: 'Plan', text: 'The plan.' };

/** A model that proposes what stands in `next` for each message of a person, and ends after the results. */
export function createProposer(): ToolModel & { next: AIMessage[] } {
  const model = {
    label: 'a test',
    next: [] as AIMessage[],
    invoke: () => Promise.resolve(model.next.shift() ?? new AIMessage('That is all.')),
  };
  return model;
}

export function mail(change: Record<string, unknown> = {}): AIMessage {
  return call('gmail_messages_send', { ...MAIL, ...change });
}

export function call(name: string, args: Record<string, unknown>): AIMessage {
  return toolCalls({ name, args, id: `call_${crypto.randomUUID()}` });
}

/** Waits until something holds; `what` names it when it never does. */
export async function eventually<Found>(
  what: string,
  read: () => Found | undefined | null | false | Promise<Found | undefined | null | false>,
): Promise<Found> {
  for (let look = 0; look < 600; look += 1) {
    const found = await read();
    if (found !== undefined && found !== null && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`it did not come to pass: ${what}`);
}

export const imOf = (memberId: string): string => `D${memberId.slice(1)}`;

/** What a member sees in the direct message with the bot. */
export function seenBy(desk: WholeDesk, memberId = 'U0BEN'): Message[] {
  return desk.world.messages(imOf(memberId), memberId);
}

export function botMessages(desk: WholeDesk, memberId = 'U0BEN'): Message[] {
  return seenBy(desk, memberId).filter(
    (message) => message.bot_id !== undefined && message.ephemeralFor === undefined,
  );
}

/** Sentences only that member sees, in any channel of theirs. */
export function whispersTo(desk: WholeDesk, memberId = 'U0BEN'): string[] {
  return [imOf(memberId), 'C0GENERAL']
    .flatMap((channel) => desk.world.messages(channel, memberId))
    .filter((message) => message.ephemeralFor === memberId)
    .map(textOf);
}

export interface Asked {
  readonly card: Message;
  readonly approval: Approval;
}

/** Has the desk ask for one approval, and waits for the card that `shows` it. */
export async function ask(
  desk: WholeDesk,
  model: ReturnType<typeof createProposer>,
  proposed: AIMessage,
  memberId = 'U0BEN',
): Promise<Asked> {
  const before = new Set(botMessages(desk, memberId).map(({ ts }) => ts));
  model.next = [proposed];
  desk.world.say(memberId, imOf(memberId), 'mail priya@acme.test the plan');
  const card = await eventually('a card with buttons', () =>
    botMessages(desk, memberId).find(
      (message) => !before.has(message.ts) && findButton(message, 'deny') !== null,
    ),
  );
  await eventually('the turn waits', async () => {
    const [row] = await desk.database.owner`
      select 1 from agentdesk.turns where member_id = ${memberId} and status in ('running', 'queued')`;
    return row === undefined;
  });
  return { card, approval: await approvalOn(desk, card) };
}

/** The approval a card's buttons name. */
export async function approvalOn(desk: WholeDesk, card: Message): Promise<Approval> {
  const id =
    /"action_id":"(?:deny|show_everything)","value":"([0-9a-f-]{36})"|"value":"([0-9a-f-]{36})"/.exec(
      JSON.stringify(card.blocks),
    );
  const found = await findById(desk.deps.calls.database, TEAM, id?.[1] ?? id?.[2] ?? '');
  if (found === null) throw new Error('the card names no approval');
  return found;
}

export async function statusOf(desk: WholeDesk, { approval }: Pick<Asked, 'approval'>): Promise<string> {
  const [row] = await desk.database.owner<{ status: string }[]>`
    select status from agentdesk.approvals where id = ${approval.id}`;
  return row?.status ?? 'gone';
}

/** Presses a button as a member. `desk.gateway` may change what arrives. */
export async function press(
  desk: WholeDesk,
  card: Message,
  actionId: string,
  memberId = 'U0BEN',
): Promise<void> {
  const button = findButton(card, actionId);
  if (button === null) throw new Error(`no button ${actionId}`);
  await desk.world.click(memberId, { channel: imOf(memberId), ts: card.ts }, button);
}

/** The card as it is now. */
export function cardNow(desk: WholeDesk, card: Message, memberId = 'U0BEN'): Message {
  const now = seenBy(desk, memberId).find(({ ts }) => ts === card.ts);
  if (now === undefined) throw new Error('the card is gone');
  return now;
}

export interface AuditLine {
  readonly id: string;
  readonly type: string;
  readonly outcome: string;
  readonly actor: string;
  readonly target: string | null;
}

export function auditAfter(desk: WholeDesk, id: string): Promise<AuditLine[]> {
  return desk.database.owner<AuditLine[]>`
    select id::text, type, outcome, actor, target from agentdesk.audit_events
    where id > ${id}::bigint order by agentdesk.audit_events.id`;
}

export async function lastAudit(desk: WholeDesk): Promise<string> {
  const [row] = await desk.database.owner<{ id: string }[]>`
    select coalesce(max(id), 0)::text as id from agentdesk.audit_events`;
  return row?.id ?? '0';
}

/** Mails that left. */
export function mailsSent(desk: WholeDesk): number {
  return desk.google.effects().filter(({ kind }) => kind === 'mail.sent').length;
}

/**
 * What an attempt that must come to nothing came to: every audit event it left, every sentence said to `whom`, and
 * the mails that left meanwhile.
 * @param whispered false when the sentence is said somewhere else than beside a message
 */
export async function attempt(
  desk: WholeDesk,
  run: () => Promise<unknown>,
  whom = 'U0BEN',
  whispered = true,
): Promise<{ audit: string[]; whispers: string[]; mails: number }> {
  const [from, said, sent] = [await lastAudit(desk), whispersTo(desk, whom).length, mailsSent(desk)];
  await run();
  await eventually('an answer', async () => {
    const events = await auditAfter(desk, from);
    return events.length > 0 && (!whispered || whispersTo(desk, whom).length > said);
  });
  // What would come twice has come by now: both are written by the same handler, one after the other.
  await new Promise((resolve) => setTimeout(resolve, 150));
  return {
    audit: (await auditAfter(desk, from)).map(({ actor, type, outcome }) => `${actor} ${type} ${outcome}`),
    whispers: whispersTo(desk, whom).slice(said),
    mails: mailsSent(desk) - sent,
  };
}
