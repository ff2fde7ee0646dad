import type { types } from '@slack/bolt';
import type { Story } from '../../audit/read/story.ts';
import type { AuditRow } from '../../audit/query.ts';
import type { Reader } from '../home/read-audit.ts';
import { readDetail, shortDigest } from './audit-detail.ts';
import type { Step } from './audit-step.ts';
import { describeStep } from './audit-steps.ts';
import { writeDay, writeSeconds } from './audit-when.ts';
import { describeVerdict, describeWhat, namePerson } from './audit-words.ts';
import * as rich from './rich.ts';
import { button, note, oneLine, plain, plainSection } from './text.ts';

const MOST_STEPS = 70;
const LINE = 400;

/** @param state what the view keeps for itself: where it is and what beside it is looked through */
export function buildStory(
  { story, reader }: { readonly story: Story; readonly reader: Reader },
  state: string,
): types.ModalView {
  const { code } = story.head;
  return {
    type: 'modal',
    callback_id: 'audit_story',
    title: plain(code === null ? 'Story' : `Story of ${code}`, 24),
    close: plain('Close', 24),
    private_metadata: state,
    blocks: [
      ...buildStoryBlocks(story, reader),
      {
        type: 'actions',
        elements: [button('Newer', 'story_newer', 'newer'), button('Older', 'story_older', 'older')],
      },
    ],
  };
}

/** Says that there is nothing to see. */
export function buildNoStory(): types.ModalView {
  return {
    type: 'modal',
    callback_id: 'audit_story',
    title: plain('Story', 24),
    close: plain('Close', 24),
    blocks: [plainSection('There is nothing about it that you may see.')],
  };
}

/** First what a reviewer asks: what, for whom, who approved it, under which rule, what left. Then step by step. */
export function buildStoryBlocks({ head, events }: Story, reader: Reader): types.KnownBlock[] {
  const line = { head, steps: events };
  const shown = events.filter((row) => !isTold(row, events)).slice(0, MOST_STEPS);
  const hidden = events.filter((row) => !isTold(row, events)).length - shown.length;
  return [
    { type: 'header', text: plain(oneLine(describeWhat(line, reader), 150), 150) },
    ...summarize(line, reader),
    ...buildContent(events),
    rich.richText(rich.section(...rich.words(writeDay(head.at, reader.zone), { bold: true }))),
    ...shown.map((row) => drawStep(row, describeStep(row, reader), reader.zone)),
    ...(hidden > 0 ? [note(`and ${hidden} more entries, in the file`)] : []),
    note('Digests are shortened here; a saved file has them whole.'),
  ];
}

/** A person's answer is told by the approval; that the call moved with it says nothing more. */
function isTold(row: AuditRow, events: readonly AuditRow[]): boolean {
  return (
    row.type === 'call.decided' &&
    row.actor.startsWith('member:') &&
    events.some(({ type }) => type === 'approval.decided')
  );
}

function summarize(line: { head: AuditRow; steps: readonly AuditRow[] }, reader: Reader): types.KnownBlock[] {
  const policy = line.steps.find(({ type }) => type === 'call.decided');
  const { rules = [], policy_version: version = '' } = policy === undefined ? {} : readDetail(policy);
  const sent = line.steps.filter(({ type }) => type === 'provider.requested');
  const rows: [string, string][] = [
    ['For', namePerson(line.head.memberId, reader)],
    ['Decision', describeVerdict(line, reader)],
    [
      'Rule',
      rules.length === 0
        ? ''
        : `${rules.map(({ id, reason }) => `${id}: ${reason}`).join(' ')} (policy version ${version})`,
    ],
    ['Left the building', policy === undefined ? '' : describeSent(sent)],
  ];
  const parts = rows
    .filter(([, text]) => text !== '')
    .flatMap(([name, text], index) => [
      ...rich.words(`${index === 0 ? '' : '\n'}${name}: `, { bold: true }),
      ...rich.words(oneLine(text, 600)),
    ]);
  return [rich.richText(rich.section(...parts))];
}

function describeSent(requests: readonly AuditRow[]): string {
  if (requests.length === 0) return 'nothing';
  const bytes = requests.reduce((sum, row) => sum + (readDetail(row).sent_bytes ?? 0), 0);
  const hosts = [...new Set(requests.map((row) => readDetail(row).host ?? '?'))].join(', ');
  return `${requests.length} ${requests.length === 1 ? 'request' : 'requests'} to ${hosts}, ${bytes} bytes in their bodies`;
}

/** Each argument: its digest, its length, and a short beginning. */
function buildContent(events: readonly AuditRow[]): types.KnownBlock[] {
  const proposal = events.find(({ type }) => type === 'call.proposed');
  const content = proposal === undefined ? [] : (readDetail(proposal).content ?? []);
  if (content.length === 0) return [];
  return [
    rich.richText(
      rich.section(...rich.words('What it carried', { bold: true })),
      ...rich.bullets(
        content
          .slice(0, 20)
          .map(({ label, preview, length, sha256 }) =>
            rich.section(
              ...rich.words(`${oneLine(label, 60)}: `, { bold: true }),
              ...rich.words(`“${oneLine(preview, 100)}${length > 80 ? '…' : ''}” `),
              ...rich.words(`${length} characters, sha256 ${shortDigest(sha256)}`, { italic: true }),
            ),
          ),
      ),
    ),
  ];
}

function drawStep(row: AuditRow, { title, lines }: Step, zone: string): types.RichTextBlock {
  const heading = rich.section(
    ...rich.words(`${writeSeconds(row.at, zone)}  `),
    ...rich.words(oneLine(title, 250), { bold: true }),
  );
  const text = lines
    .slice(0, 12)
    .map((line) => oneLine(line, LINE))
    .join('\n');
  return text === '' ? rich.richText(heading) : rich.richText(heading, rich.quote(...rich.words(text)));
}
