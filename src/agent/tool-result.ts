import type { ActionResult } from '../actions/action.ts';
import type { Call } from '../calls/deps.ts';
import type { DeskError } from '../errors.ts';
import { userMessage } from '../errors.ts';

const MAX_CHARACTERS = 24_000;

/**
 * What the model reads of a settled call: the ledger's word, as JSON.
 * @param edited what the person changed before approving, or null
 */
export function describeCall(call: Call, edited: string | null): { content: string; ok: boolean } {
  const note = edited === null ? {} : { edited_by_person: edited };
  if (call.status === 'done') {
    const { summary, data } = call.result as ActionResult;
    const full = JSON.stringify({ ok: true, summary, data, ...note });
    // Bounded by each action already; this is for the case that one is not.
    return {
      ok: true,
      content:
        full.length <= MAX_CHARACTERS ? full : JSON.stringify({ ok: true, summary, data: null, ...note }),
    };
  }
  return {
    ok: false,
    content: JSON.stringify({
      ok: false,
      code: call.errorCode ?? call.status,
      message: call.errorMessage ?? '',
    }),
  };
}

export function describeRefusal(error: DeskError): string {
  return JSON.stringify({ ok: false, code: error.code, message: userMessage(error) });
}
