import { invalidArguments } from './refusal.ts';
import type { Store } from './store.ts';
import type { Session } from './world.ts';

const STATUSES = ['processing', 'active', 'suspended', 'closed'] as const;

function isStatus(status: string): status is Session['status'] {
  return (STATUSES as readonly string[]).includes(status);
}

/**
 * Sets the status of the agent session of a thread, which begins with it (docs.slack.dev/ai/agent-sessions).
 * @param title only used when the session begins
 */
export function setSession(
  store: Store,
  channel: string,
  threadTs: string,
  status: string,
  title?: string,
): Session {
  if (!isStatus(status)) {
    throw invalidArguments(`[ERROR] must be one of ${STATUSES.join(', ')} [json-pointer:/status]`);
  }
  const list = store.data.sessions[channel] ?? [];
  const before = list.find((one) => one.thread_ts === threadTs);
  const session: Session = { thread_ts: threadTs, status, title: before?.title ?? title ?? null };
  store.data.sessions[channel] = [...list.filter((one) => one.thread_ts !== threadTs), session];
  store.touch();
  return session;
}

/** Gives a session its title; begins one for a thread that has none. */
export function renameSession(store: Store, channel: string, threadTs: string, title: string): void {
  const list = store.data.sessions[channel] ?? [];
  const before = list.find((one) => one.thread_ts === threadTs);
  const session: Session = { thread_ts: threadTs, status: before?.status ?? 'active', title };
  store.data.sessions[channel] = [...list.filter((one) => one.thread_ts !== threadTs), session];
  store.touch();
}
