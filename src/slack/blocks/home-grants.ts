import type { types } from '@slack/bolt';
import type { GrantsView } from '../home/grants.ts';
import { button, header, oneLine, plain, plainSection } from './text.ts';
import { writeUtc } from './when.ts';

/** What is done without asking for now, and what could be; nothing when there is neither. */
export function buildGrants({ grants, suggestions }: GrantsView): types.KnownBlock[] {
  if (grants.length + suggestions.length === 0) return [];
  return [
    header('Allowed for now'),
    ...grants.map((grant) =>
      plainSection(
        `${oneLine(grant.sentence, 300)}\n${grant.code} · used ${grant.uses} of ${grant.maxUses} · until ${writeUtc(grant.expiresAt)}`,
        {
          ...button('Revoke', 'grant_revoke', grant.id, 'danger'),
          confirm: {
            title: plain('Revoke this?', 100),
            text: plain('I ask you again from then on. What was done stays done.', 300),
            confirm: plain('Revoke', 30),
            deny: plain('Keep', 30),
            style: 'danger',
          },
        },
      ),
    ),
    ...suggestions.map(({ approvalId, times, title, hint }) =>
      plainSection(
        `You approved “${oneLine(hint === '' ? title : `${title}, ${hint}`, 250)}” ${times} times this week and never denied it.`,
        button('Allow this again…', 'grant', approvalId),
      ),
    ),
  ];
}
