/**
 * What became different between two looks at the outside world, in words.
 * @returns {{ids: string[], text: string}[]} ids are those of the elements which show it
 */
export function findChanges(before, after) {
  const mail = (folder, describe) =>
    compare(before.mail?.[folder], after.mail?.[folder], mailId, describe).map(({ ids, text }) => ({
      ids: [...ids, `folder-${folder}`],
      text,
    }));
  return [
    ...mail('inbox', ({ subject }) => [`Mail arrived: ${subject}`]),
    ...mail('sent', ({ to, subject }) => [`Mail sent to ${to}: ${subject}`]),
    ...mail('drafts', ({ subject }) => [`Draft written: ${subject}`, `Draft gone: ${subject}`]),
    ...compare(before.events, after.events, eventId, (event) => [
      `Event ${event.status === 'cancelled' ? 'cancelled' : 'booked'}: ${event.title}`,
      `Event removed: ${event.title}`,
      `Event ${event.status === 'cancelled' ? 'cancelled' : 'changed'}: ${event.title}`,
    ]),
    ...compare(allIssues(before), allIssues(after), issueId, (issue) => [
      `Issue opened: ${issue.repository}#${issue.number} ${issue.title}`,
      `Issue gone: ${issue.repository}#${issue.number}`,
      `Issue changed: ${issue.repository}#${issue.number} ${issue.title}`,
    ]),
  ];
}

export const mailId = (mail) => `mail-${mail.id}`;
export const eventId = (event) => `event-${event.id}`;
export const issueId = (issue) => `issue-${issue.repository}-${issue.number}`;

export function allIssues({ repositories }) {
  return repositories.flatMap(({ fullName, issues }) =>
    issues.map((issue) => ({ ...issue, repository: fullName })),
  );
}

/** @param describe the words for an item that is new, gone, changed; a missing one is not told */
function compare(before, after, idOf, describe) {
  const old = new Map((before ?? []).map((item) => [idOf(item), item]));
  const changes = [];
  for (const item of after ?? []) {
    const was = old.get(idOf(item));
    old.delete(idOf(item));
    const [isNew, , isChanged] = describe(item);
    if (was === undefined) changes.push({ ids: [idOf(item)], text: isNew });
    else if (isChanged !== undefined && JSON.stringify(was) !== JSON.stringify(item)) {
      changes.push({ ids: [idOf(item)], text: isChanged });
    }
  }
  for (const [id, item] of old) {
    const [, isGone] = describe(item);
    if (isGone !== undefined) changes.push({ ids: [id], text: isGone });
  }
  return changes;
}
