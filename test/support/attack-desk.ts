import { AIMessage } from '../../src/agent/langchain.ts';
import type { ToolModel } from '../../src/agent/model.ts';
import type { CallApproval } from '../../src/approvals/deps.ts';
import { DeskError } from '../../src/errors.ts';
import { lastPending } from './attack.ts';
import { toolCalls, type TestDesk } from './desk.ts';

/** A model that asks for one mail with a subject of its own, and ends with the answer. */
export function createMailModel(): ToolModel {
  return {
    label: 'one mail, then the end',
    invoke: (messages) =>
      Promise.resolve(
        messages.at(-1)?.getType() === 'tool'
          ? new AIMessage('done')
          : toolCalls({
              name: 'gmail_messages_send',
              args: { to: ['priya@acme.test'], subject: `S ${crypto.randomUUID()}`, text: 'x' },
              id: freshId(),
            }),
      ),
  };
}

/** A model that says what the test puts into `script`, then ends. */
export function createHostileModel(): ToolModel & { script: AIMessage[] } {
  const model = {
    label: 'hostile',
    script: [] as AIMessage[],
    invoke: () => Promise.resolve(model.script.shift() ?? new AIMessage('done')),
  };
  return model;
}

export function freshId(): string {
  return `call_${crypto.randomUUID()}`;
}

export interface Asked {
  readonly turn: string;
  readonly approval: CallApproval;
}

/** Says something and waits until its approval is open. */
export async function ask(test: TestDesk, memberId = 'U0BEN', text = 'mail it'): Promise<Asked> {
  const turn = await test.say(memberId, text);
  await test.desk.agent.run(turn);
  return { turn, approval: await lastPending(test, memberId) };
}

/** The stable code of a refusal, or `done`; anything that is not a refusal of ours is a defect and thrown. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'done';
  } catch (error) {
    if (error instanceof DeskError) return error.code;
    throw error;
  }
}

/** Ends what is open, so that it does not count for the next attack. */
export async function clearOpen(test: TestDesk): Promise<void> {
  await test.database
    .owner`update agentdesk.approvals set status = 'cancelled' where status in ('pending', 'approved') and consumed_at is null`;
  await test.database
    .owner`update agentdesk.calls set status = 'cancelled' where status in ('pending', 'approved', 'allowed')`;
}

/** How many refusals the audit calls an attack. */
export async function countAttacks(test: TestDesk): Promise<number> {
  const [row] = await test.database.owner<
    { n: string }[]
  >`select count(*) as n from agentdesk.audit_events where detail->>'attack' = 'true'`;
  return Number(row?.n ?? 0);
}
