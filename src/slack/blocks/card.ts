import type { types } from '@slack/bolt';
import type { Presentation } from '../../approvals/presentation.ts';
import { measureSize } from '../../approvals/presentation-size.ts';
import { describeFields, describeNotes, describeTargets, describeWhy } from './card-body.ts';
import { buildConfirm, type CardDevice } from './card-device.ts';
import { cardStateOf, type CardApproval, type CardCall, type CardState } from './card-state.ts';
import { describeState, mayAskAgain, TITLES } from './card-verdict.ts';
import { button, cut, escapeMrkdwn, note, oneLine, plain } from './text.ts';
import { writeTime } from './when.ts';

export interface Card {
  /** Escaped; for notifications and clients without blocks. */
  readonly text: string;
  readonly blocks: types.KnownBlock[];
}

const TIERS: Readonly<Record<Presentation['tier'], string>> = {
  approve: 'one click',
  approve_strong: 'a click, then your second device',
};

/**
 * The card of an approval, whatever state it is in. Foreign text stands only in plain text and rich text; the one
 * mrkdwn line is made of our own numbers and the code. It stays within Slack's limits for any presentation.
 * @param confirmLink where a passkey confirms it; drawn when the card is, never kept
 * @param offersGrant whether what was done can be allowed again in advance
 * @param device the member's own device, when the tenant asks that
 */
export function buildCard(
  approval: CardApproval,
  call: CardCall | null,
  confirmLink: string | null = null,
  offersGrant = false,
  device: CardDevice | null = null,
): Card {
  const shown = approval.presentation as Presentation;
  const state = cardStateOf(approval, call);
  // Never trust the size alone: what would not fit is not offered for approval.
  const fits = shown.size === 'card' && measureSize(shown) === 'card';
  const blocks: types.KnownBlock[] = [
    { type: 'header', text: plain(`${TITLES[state]}${oneLine(shown.title, 100)}`, 150) },
    ...(state === 'pending' ? [] : [describeState(state, approval, call)]),
    describeTargets(shown, fits),
    {
      type: 'context',
      elements: [{ type: 'mrkdwn', text: describeTerms(approval, shown, state, device), verbatim: true }],
    },
    ...describeWhy(shown.why),
    ...(fits
      ? [...describeFields(shown), ...describeNotes(shown)]
      : [note(describeRest(shown, approval, state))]),
    ...(shown.rules.length === 0
      ? []
      : [
          note(
            `${isOpen(state) ? 'Why you are asked' : 'Why you were asked'}: ${cut(shown.rules.map((rule) => oneLine(rule, 300)).join(' '), 900)}`,
          ),
        ]),
    ...(state === 'confirming' ? buildConfirm(approval.code, device, confirmLink) : []),
    ...buildActions(approval, shown, fits, state, offersGrant),
  ];
  return { text: fallback(shown, approval.code, state), blocks };
}

function describeTerms(
  approval: CardApproval,
  shown: Presentation,
  state: CardState,
  device: CardDevice | null,
): string {
  const code = /^[0-9A-Z]{1,16}$/.test(approval.code) ? approval.code : '–';
  const revision = shown.revision > 1 ? ` · version ${Math.trunc(shown.revision)}` : '';
  const confirming = device?.deadlineAt ?? approval.executeBy;
  const end = state === 'confirming' ? confirming : state === 'pending' ? approval.expiresAt : null;
  const until = end === null ? '' : ` · open until ${writeTime(end)}`;
  const needs = isOpen(state) ? 'needs' : 'asked for';
  return `Code \`${code}\`${revision} · ${needs} ${TIERS[approval.tier]}${until}`;
}

/** Whether a person still has something to do. */
function isOpen(state: CardState): boolean {
  return state === 'pending' || state === 'confirming';
}

function describeRest(shown: Presentation, approval: CardApproval, state: CardState): string {
  if (state !== 'pending') return 'The rest of it did not fit this card; “Show everything” has it.';
  if (shown.size === 'too_large')
    return 'This is too large to be shown in Slack in full, so it cannot be approved here. Deny it and ask for less.';
  if (approval.seenAt !== null) return 'You opened all of it. “Show everything” has it again.';
  return 'There is more than fits this card. Open “Show everything” to its last page, then you can approve.';
}

function buildActions(
  approval: CardApproval,
  shown: Presentation,
  fits: boolean,
  state: CardState,
  offersGrant: boolean,
): types.KnownBlock[] {
  const all = button('Show everything', 'show_everything', approval.id);
  const history = button('History', 'audit_history', approval.id);
  if (state === 'unknown') {
    const said = [
      button('It happened', 'it_happened', approval.id),
      button('It did not', 'it_did_not', approval.id),
    ];
    return [{ type: 'actions', elements: fits ? [...said, history] : [...said, all, history] }];
  }
  if (state !== 'pending') {
    const again = mayAskAgain(approval.kind, state) ? [button('Ask again', 'ask_again', approval.id)] : [];
    const allow = offersGrant && state === 'done' ? [button('Allow this again…', 'grant', approval.id)] : [];
    return [{ type: 'actions', elements: [...again, ...allow, ...(fits ? [] : [all]), history] }];
  }
  const approvable = fits || (shown.size === 'paged' && approval.seenAt !== null);
  return [
    {
      type: 'actions',
      elements: [
        ...(approvable ? [button('Approve', 'approve', approval.id, 'primary')] : []),
        ...(fits ? [] : [approvable ? all : { ...all, style: 'primary' as const }]),
        // What is approved of a policy is a version; another wish is another version.
        ...(approval.kind === 'call' ? [button('Edit', 'edit', approval.id)] : []),
        button('Deny', 'deny', approval.id),
        button('Deny with reason', 'deny_with_reason', approval.id),
        history,
      ],
    },
  ];
}

function fallback(shown: Presentation, code: string, state: CardState): string {
  const lead = state === 'pending' ? 'Approval needed: ' : TITLES[state];
  const line = `${lead}${oneLine(shown.title, 100)} – ${oneLine(shown.line, 200)} (${cut(code, 16)})`;
  return escapeMrkdwn(line);
}
