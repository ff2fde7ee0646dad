import { z } from 'zod';
import type { AuditFilter } from '../../audit/read/filter.ts';
import { auditFilter } from './audit-filter.ts';

const state = z.object({ head: z.int().positive(), filter: auditFilter.catch({}) });

/** Where a story stands in the timeline it was opened from; a hint, never a right. */
export interface StoryState {
  readonly head: number;
  readonly filter: AuditFilter;
}

export function writeStoryState(value: StoryState): string {
  return JSON.stringify(value);
}

/** @returns null for what is none of ours */
export function readStoryState(metadata: string | undefined): StoryState | null {
  try {
    const read = state.safeParse(JSON.parse(metadata ?? ''));
    return read.success ? read.data : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
