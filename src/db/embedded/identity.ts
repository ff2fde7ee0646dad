import { inspectProcess } from './processes.ts';

/** One process, told apart from a later one with the same id. */
export interface Identity {
  readonly pid: number;
  readonly born: string | null;
}

export async function identifySelf(): Promise<Identity> {
  const { born } = await inspectProcess(process.pid);
  return { pid: process.pid, born };
}

export async function isStillRunning(identity: Identity): Promise<boolean> {
  const facts = await inspectProcess(identity.pid);
  if (facts.state !== 'alive') return false;
  return identity.born === null || facts.born === null || identity.born === facts.born;
}
