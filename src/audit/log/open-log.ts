import type { Edge } from './merkle.ts';

/** A log as it stands while it is sealed. */
export interface Log {
  readonly workspaceId: string;
  readonly logId: string;
  readonly edge: Edge;
}
