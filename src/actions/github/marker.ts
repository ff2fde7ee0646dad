import type { Handle, HandleSeed } from '../action.ts';

/** A handle that finds a text again by a comment GitHub does not show. */
export function createMarkerHandle(_args: unknown, seed: HandleSeed): Handle {
  return { marker: `<!-- agentdesk:${seed.code} -->` };
}

export function addMarker(body: string, handle: Handle): string {
  const marker = String(handle['marker']);
  return body === '' ? marker : `${body}\n\n${marker}`;
}

export function hasMarker(body: string | null | undefined, handle: Handle): boolean {
  return body?.includes(String(handle['marker'])) === true;
}

export const MARKER_NOTE =
  'A hidden comment with the code of this call is added to the end of the text, so that it can be found again.';
