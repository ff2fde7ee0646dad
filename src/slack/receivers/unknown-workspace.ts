import { DeskError } from '../../errors.ts';

/**
 * Whether an error says that the sender is no workspace of ours, for good: then Slack need not send it again. When
 * we only could not ask, it should.
 */
export function isUnknownWorkspace(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = readInner(at)) {
    if (at instanceof DeskError) return at.code === 'not_allowed';
  }
  return false;
}

function readInner(error: Error): unknown {
  return (error as { original?: unknown }).original ?? error.cause;
}
