import type { types } from '@slack/bolt';
import { z } from 'zod';
import { reveal } from '../../approvals/presentation-size.ts';
import type { CardApproval, CardCall, CardState } from './card-state.ts';
import * as rich from './rich.ts';
import { cut } from './text.ts';
import { writeUtc } from './when.ts';

/** What the title of a card begins with. */
export const TITLES: Readonly<Record<CardState, string>> = {
  pending: '',
  confirming: 'Second device: ',
  running: 'Approved: ',
  done: 'Done: ',
  failed: 'Not done: ',
  unknown: 'Not known: ',
  late: 'Too late: ',
  stopped: 'Not done: ',
  denied: 'Denied: ',
  expired: 'Expired: ',
  cancelled: 'Cancelled: ',
  superseded: 'Replaced: ',
};

/** Whether a card ended because time ran out, so that what was asked can simply be asked again. */
export function mayAskAgain(kind: CardApproval['kind'], state: CardState): boolean {
  return kind === 'call' && (state === 'late' || state === 'expired');
}

const result = z.object({ summary: z.string().catch(''), link: z.string().optional().catch(undefined) });

/** Who decided and when, and what came of it. */
export function describeState(
  state: Exclude<CardState, 'pending'>,
  approval: CardApproval,
  call: CardCall | null,
): types.RichTextBlock {
  const by = approval.decidedBy === null ? [] : [...rich.words(' by '), ...rich.person(approval.decidedBy)];
  const at = approval.decidedAt === null ? [] : dateOf(approval.decidedAt);
  const problem = cut(reveal(call?.errorMessage ?? ''), 900);
  switch (state) {
    case 'confirming':
      return line('Approved', by, at, '. Now your second device has to confirm it; nothing is done before.');
    case 'running':
      return line('Approved', by, at, describeRunning(problem));
    case 'done': {
      const { summary, link } = result.catch({ summary: '' }).parse(call?.result);
      const told = summary === '' ? '.' : `. ${cut(reveal(summary), 900)}`;
      return line('Approved', by, at, told, ...(link === undefined ? [] : rich.link(link)));
    }
    case 'failed':
    case 'stopped':
      return line('Approved', by, at, `, but it was not done. ${problem}`);
    case 'unknown':
      return line('Approved', by, at, `. It cannot be told whether it happened. ${problem}`);
    case 'late':
      return line(
        'Approved',
        by,
        at,
        ', but too long ago to run safely. Nothing was done. Ask again if you still want it.',
      );
    case 'denied':
      return describeDenied(approval.reason ?? '', by, at);
    case 'expired':
      return describeExpired(approval, by, at);
    case 'cancelled':
      return describeCancelled(approval, by, at);
    case 'superseded':
      return line('Replaced', by, at, '. Decide on the newer card.');
  }
}

function describeDenied(reason: string, by: Inlines, at: Inlines): types.RichTextBlock {
  return line('Denied', by, at, reason === '' ? '.' : `: ${cut(reveal(reason), 900)}`);
}

/** Nobody clicked in time; or somebody did, and the second device did not follow. */
function describeExpired(approval: CardApproval, by: Inlines, at: Inlines): types.RichTextBlock {
  return approval.decidedBy === null
    ? line('Nobody decided in time', [], at, '. Nothing was done. Ask again if you still want it.')
    : line('Approved', by, at, ', but your second device did not confirm it in time. Nothing was done.');
}

/** Stopped; or clicked, and the second device could not follow. */
function describeCancelled(
  { decidedFrom, reason }: CardApproval,
  by: Inlines,
  at: Inlines,
): types.RichTextBlock {
  return decidedFrom === 'device' && reason !== null
    ? line('Approved', by, at, `, but your second device could not confirm it. ${cut(reveal(reason), 900)}`)
    : line('Cancelled', by, at, '. Nothing was done.');
}

/** Under way, or put off by the provider. */
function describeRunning(wait: string): string {
  return wait === '' ? '. Doing it now.' : `. ${wait}`;
}

type Inlines = types.RichTextElement[];

function line(what: string, by: Inlines, at: Inlines, rest: string, ...more: Inlines): types.RichTextBlock {
  const space = more.length === 0 ? [] : rich.words(' ');
  return rich.richText(
    rich.section(...rich.words(what, { bold: true }), ...by, ...at, ...rich.words(rest), ...space, ...more),
  );
}

function dateOf(at: Date): Inlines {
  return [
    ...rich.words(' at '),
    { type: 'date', timestamp: Math.floor(at.getTime() / 1000), format: '{time}', fallback: writeUtc(at) },
  ];
}
