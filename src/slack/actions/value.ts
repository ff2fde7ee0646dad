import type { ActionArgs } from '../deps.ts';

/** The value of the button that was pressed; empty for anything else. */
export function valueOf({ action }: Pick<ActionArgs, 'action'>): string {
  return 'value' in action && typeof action.value === 'string' ? action.value : '';
}
