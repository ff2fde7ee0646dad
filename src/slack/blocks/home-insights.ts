import type { types } from '@slack/bolt';
import type { Answering, Counted } from '../../audit/read/insights.ts';
import type { InsightsPage } from '../home/read-insights.ts';
import { nameService } from '../services.ts';
import { capital, namePerson } from './audit-words.ts';
import { writeDuration } from './audit-when.ts';
import { addUp, writeBars } from './bars.ts';
import { buildChart } from './chart.ts';
import { nameProvider } from './policy-words.ts';
import * as rich from './rich.ts';
import { cut, header, note, oneLine } from './text.ts';
import { writeUtc } from './when.ts';

const POLICY: ReadonlyMap<string, string> = new Map(
  Object.entries({
    allow: 'allowed at once',
    approve: 'asked, one click',
    approve_strong: 'asked, a second device too',
    deny: 'refused by the policy',
  }),
);

/** From so many answers on without a single no, saying yes may have become a habit. */
const HABIT = 5;

/** Use and approvals at a glance. Each chart's numbers stand in the text under it too. */
export function buildInsightsTab({ insights, reader, chartDays, finding }: InsightsPage): types.KnownBlock[] {
  const { actions, exchanges, policy, answers, decision, denials, targets, answering, days } = insights;
  const charts = [
    buildChart('Actions done, by service', actions, chartDays, nameProvider),
    buildChart('Token exchanges, by service', exchanges, chartDays, nameService),
  ];
  const exchanged = addUp(exchanges);
  const speed =
    decision === null
      ? 'Nobody answered yet.'
      : `Half were answered within ${writeDuration(decision.median)}, 95 % within ${writeDuration(decision.p95)}.`;
  const [first, second] = charts.map((chart) => (chart === null ? [] : [chart]));
  return [
    header(`${reader.isAdmin ? 'This workspace' : 'You'}, the last ${days} days`),
    ...(first ?? []),
    part('Actions done', bars(addUp(actions), nameProvider)),
    ...(second ?? []),
    part('Token exchanges', bars(exchanged, nameService)),
    part(
      'What the policy said',
      bars(policy, (name) => POLICY.get(name) ?? name),
    ),
    part(
      'What was answered',
      bars(answers, (name) => name),
    ),
    part('Time to decide', speed),
    part(
      'Why it was denied',
      bars(denials, (name) => name),
    ),
    part(
      'Where it went most',
      bars(targets, (name) => name),
    ),
    part('How people answer', answering.length === 0 ? NONE : describeAnswering(answering, reader)),
    ...(finding === 'hidden'
      ? []
      : [
          part(
            'Last finding of a check of the log',
            finding === null ? 'None.' : `${writeUtc(finding.at)}: ${oneLine(finding.text, 600)}`,
          ),
        ]),
    note(`Charts show the last ${chartDays.length} days, numbers all ${days}. Days are of ${reader.zone}.`),
  ];
}

const NONE = 'None.';

function bars(counts: readonly Counted[], nameOf: (name: string) => string): string {
  return counts.length === 0 ? NONE : writeBars(counts.slice(0, 8), nameOf);
}

function part(title: string, text: string): types.RichTextBlock {
  return rich.richText(
    rich.section(...rich.words(title, { bold: true }), ...rich.words(`\n${cut(text, 2_000)}`)),
  );
}

/** The signs of a yes without a look, for each who answered. */
function describeAnswering(list: readonly Answering[], reader: InsightsPage['reader']): string {
  return list
    .map(({ memberId, answers, denied, quick, unread }) => {
      const signs = [
        quick > 0 ? `⚠ ${quick} in less than 2 s` : '',
        unread > 0 ? `⚠ ${unread} sooner than the card can be read` : '',
        denied === 0 && answers >= HABIT ? '⚠ never said no' : `${denied} denied`,
      ].filter((sign) => sign !== '');
      return `${capital(namePerson(memberId, reader))}: ${answers} answered, ${signs.join(', ')}`;
    })
    .join('\n');
}
