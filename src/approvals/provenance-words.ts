import type { PresentedTarget } from './presentation.ts';
import { reveal } from './presentation-size.ts';

/** Where a target came from, in words. */
export function describeProvenance(target: PresentedTarget): string {
  if (target.provenance === 'you') return 'you wrote this';
  if (target.provenance === 'agent') return 'written by the agent';
  return target.source === '' ? 'from something that was read' : `from ${reveal(target.source)}`;
}
