import type { Presentation } from './presentation.ts';

/** A line of the card where the strong tier fell back to a click; none where it did not. */
export function explainTier(tier: Presentation['tier']): string[] {
  return tier === 'approve_strong'
    ? []
    : [
        'Passkeys cannot be used at this address, so one click is enough. Set an https PUBLIC_URL to change that.',
      ];
}
