import { eq } from '../db/drizzle.ts';
import { conversations } from '../db/schema/conversations.ts';
import type { CallDeps, Turn } from './deps.ts';

export interface HistoryMessage {
  readonly turnId: string;
  readonly role: 'person' | 'desk';
  readonly text: string;
}

export interface History {
  readonly messages: readonly HistoryMessage[];
  /** What was said before the kept messages, shortened. */
  readonly summary: string;
}

const KEPT_MESSAGES = 12;
const KEPT_CHARACTERS = 2_000;
const SUMMARY_CHARACTERS = 1_500;

export async function loadHistory(
  deps: Pick<CallDeps, 'database'>,
  conversationId: string,
): Promise<History> {
  const [row] = await deps.database.db
    .select()
    .from(conversations)
    .where(eq(conversations.id, conversationId));
  return { messages: (row?.history as HistoryMessage[] | undefined) ?? [], summary: row?.summary ?? '' };
}

/**
 * Adds a turn's exchange at its end; added once, however often it is called. The history stays bounded, so that turn
 * 500 of a thread costs what turn 10 did.
 */
export async function appendHistory(
  deps: Pick<CallDeps, 'database'>,
  turn: Turn,
  reply: string,
): Promise<void> {
  const history = await loadHistory(deps, turn.conversationId);
  if (history.messages.some((message) => message.turnId === turn.id)) return;
  const all: HistoryMessage[] = [
    ...history.messages,
    { turnId: turn.id, role: 'person', text: cut(turn.text, KEPT_CHARACTERS) },
    { turnId: turn.id, role: 'desk', text: cut(reply, KEPT_CHARACTERS) },
  ];
  const dropped = all.slice(0, Math.max(0, all.length - KEPT_MESSAGES));
  const summary = [history.summary, ...dropped.map((message) => `${message.role}: ${cut(message.text, 160)}`)]
    .filter((line) => line !== '')
    .join('\n')
    .slice(-SUMMARY_CHARACTERS);
  await deps.database.db
    .update(conversations)
    .set({ history: all.slice(-KEPT_MESSAGES), summary, updatedAt: new Date() })
    .where(eq(conversations.id, turn.conversationId));
}

function cut(text: string, max: number): string {
  return text.length > max ? `${text.slice(0, max - 1)}…` : text;
}
