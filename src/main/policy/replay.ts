import { createPolicyStore } from '../../policy/head.ts';
import type { DecisionRange, StoredDecision } from '../../policy/replay/decisions.ts';
import { describeReplay, replayCandidate } from '../../policy/replay/replay-candidate.ts';
import { replayStored } from '../../policy/replay/replay-stored.ts';
import type { Outcome } from '../../policy/types.ts';
import type { PolicyArguments } from './arguments.ts';
import { readDocument } from './files.ts';
import type { PolicyTools } from './tools.ts';

const DAY_MS = 86_400_000;

/** Every stored decision again, under its own version. @returns 1 when any comes out otherwise */
export async function replayPast(
  { database, catalog, keyring, write }: PolicyTools,
  { workspace, limit, json }: PolicyArguments,
): Promise<number> {
  const archive = createPolicyStore(database, catalog, keyring);
  const range: DecisionRange = {
    ...(workspace === null ? {} : { workspaceId: workspace }),
    ...(limit === null ? {} : { limit }),
  };
  const { total, different, list, unknown } = await replayStored({ database, archive }, range);
  const lines = list.map(({ decision, again, problem }) => ({
    ...describe(decision, decision.outcome, again),
    version: decision.policyVersion,
    problem,
  }));
  if (json) {
    write(JSON.stringify({ total, different, list: lines, unknown: Object.fromEntries(unknown) }, null, 2));
  } else {
    const skipped = [...unknown].map(
      ([version, count]) =>
        `${count} decisions under ${version} were left out: that version is not stored here.`,
    );
    write(
      [
        ...lines.map((line) => `${writeLine(line)} under ${line.version}`),
        ...skipped,
        `${total} decisions made again, ${different} differences.`,
      ].join('\n'),
    );
  }
  return different === 0 ? 0 : 1;
}

/** What a file would change of the past, were it the organisation's layer. */
export async function replayFile(
  { database, catalog, write }: PolicyTools,
  { workspace, days, limit, json }: PolicyArguments,
  file: string,
): Promise<number> {
  const report = await replayCandidate(
    { database, catalog },
    { workspaceId: workspace ?? '', owner: '', document: readDocument(file) },
    { since: new Date(Date.now() - days * DAY_MS), ...(limit === null ? {} : { limit }) },
  );
  const lines = report.list.map(({ decision, from, to, reason }) => ({
    ...describe(decision, from, to),
    reason,
  }));
  if (json) write(JSON.stringify({ ...report, list: lines }, null, 2));
  else
    write([...lines.map((line) => `${writeLine(line)}. ${line.reason}`), describeReplay(report)].join('\n'));
  return 0;
}

interface Line {
  readonly at: string;
  readonly code: string;
  readonly member: string;
  readonly action: string;
  readonly from: Outcome;
  readonly to: Outcome;
}

function describe({ at, code, memberId, call }: StoredDecision, from: Outcome, to: Outcome): Line {
  return { at: at.toISOString(), code, member: memberId, action: call.action, from, to };
}

function writeLine({ at, code, member, action, from, to }: Line): string {
  return `${at} ${code} ${action} of ${member}: ${from} → ${to}`;
}
