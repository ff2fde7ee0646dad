import { z } from 'zod';
import type { PreviewField } from '../action.ts';
import { refuseArguments, requireOneLine } from '../arguments.ts';
import { showChange, showListChange } from '../fields.ts';
import { listAssignees, listLabels, type IssueAnswer } from './issue.ts';

const textChange = z.strictObject({ from: z.string(), to: z.string() });
const listChange = z.strictObject({ from: z.array(z.string()), to: z.array(z.string()) });

/** Only what changes, each with what it replaces. */
export const issueChangesArgs = z.strictObject({
  title: textChange.optional(),
  body: textChange.optional(),
  state: z.strictObject({ from: z.string(), to: z.enum(['open', 'closed']) }).optional(),
  labels: listChange.optional(),
  assignees: listChange.optional(),
});

export type IssueChanges = z.infer<typeof issueChangesArgs>;

/** What the model may ask to change; lists are the whole new lists. */
export interface IssueWishes {
  readonly title?: string | undefined;
  readonly body?: string | undefined;
  readonly state?: 'open' | 'closed' | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly assignees?: readonly string[] | undefined;
}

/**
 * Compares what is wished with what is.
 * @throws DeskError `arguments_invalid` when nothing would change
 */
export function resolveIssueChanges(action: string, wishes: IssueWishes, issue: IssueAnswer): IssueChanges {
  const { title, body, state, labels, assignees } = wishes;
  const newTitle = title === undefined ? undefined : requireOneLine(action, 'title', title);
  const newLabels = labels?.map((label) => requireOneLine(action, 'labels', label));
  const changes: IssueChanges = {
    title: compare(issue.title, newTitle),
    body: compare(issue.body ?? '', body),
    state: state === undefined || state === issue.state ? undefined : { from: issue.state, to: state },
    labels: compareLists(listLabels(issue), newLabels),
    assignees: compareLists(listAssignees(issue), assignees),
  };
  if (Object.values(changes).every((change) => change === undefined)) {
    throw refuseArguments(action, 'the issue is already like that, nothing would change');
  }
  return changes;
}

function compare(from: string, to: string | undefined) {
  return to === undefined || to === from ? undefined : { from, to };
}

function compareLists(from: string[], to: readonly string[] | undefined) {
  return to === undefined || isSameSet(from, to) ? undefined : { from, to: [...to] };
}

/** GitHub compares labels and logins without case. */
function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  const normal = (list: readonly string[]) =>
    JSON.stringify([...new Set(list.map((item) => item.toLowerCase()))].sort());
  return normal(one) === normal(other);
}

/** GitHub's body for the change. */
export function toIssuePatch(changes: IssueChanges) {
  return {
    ...(changes.title && { title: changes.title.to }),
    ...(changes.body && { body: changes.body.to }),
    ...(changes.state && { state: changes.state.to }),
    ...(changes.labels && { labels: changes.labels.to }),
    ...(changes.assignees && { assignees: changes.assignees.to }),
  };
}

/** Whether the issue is now as the changes wanted it. GitHub keeps texts with its own line ends. */
export function isIssueApplied(changes: IssueChanges, issue: IssueAnswer): boolean {
  const body = (issue.body ?? '').replace(/\r\n?/g, '\n');
  return (
    (changes.title === undefined || changes.title.to === issue.title) &&
    (changes.body === undefined || changes.body.to === body) &&
    (changes.state === undefined || changes.state.to === issue.state) &&
    (changes.labels === undefined || isSameSet(changes.labels.to, listLabels(issue))) &&
    (changes.assignees === undefined || isSameSet(changes.assignees.to, listAssignees(issue)))
  );
}

export function showIssueChanges(changes: IssueChanges): PreviewField[] {
  return [
    ...showChange('/changes/title', 'Title', changes.title),
    ...showChange('/changes/state', 'State', changes.state),
    ...showListChange('/changes/labels', 'Labels', changes.labels),
    ...showListChange('/changes/assignees', 'Assignees', changes.assignees),
    ...showChange('/changes/body', 'Text', changes.body),
  ];
}
