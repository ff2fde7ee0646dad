import { createHash } from 'node:crypto';
import { digestOf } from '../../db/canonical.ts';
import type { PolicyVersion } from '../versions/types.ts';

/** sha256 over everything a version says; its id holds the random bits that keep codes apart. */
export function digestVersion(version: PolicyVersion): Buffer {
  const { id, workspaceId, owner, number, parent, author, document, cedar, diff } = version;
  return digestOf({
    v: 'agentdesk/policy/1',
    id,
    workspace: workspaceId,
    owner,
    number,
    parent,
    author,
    document,
    cedar: createHash('sha256').update(cedar).digest('hex'),
    diff: [...diff],
  });
}

/** The version a change was made from: a later one is another policy. */
export function nameBase({ owner, parent }: PolicyVersion): string {
  return `${owner === '' ? 'org' : 'me'}-${parent}`;
}
