import { z } from 'zod';
import type { Action, Handle, Http } from '../action.ts';
import { toCanonical } from '../arguments.ts';
import { githubRule } from '../provider/rules.ts';
import { askGithub } from './client.ts';
import { commentAnswer, getIssue } from './issue.ts';
import { addMarker, createMarkerHandle, hasMarker, MARKER_NOTE } from './marker.ts';
import { body, number, repository } from './raw.ts';
import { noteVisibility, readRepositoryFacts, splitRepository } from './repository.ts';
import { REPOSITORY_SCOPES } from './scopes.ts';

const PAGE = 100;
const ISSUE_PATH = '/repos/{owner}/{repo}/issues/{number}';

const raw = z.strictObject({ repository, number, body: body.min(1) });

const args = z.strictObject({
  repository: z.string(),
  number: z.int(),
  issueTitle: z.string(),
  body: z.string(),
});

type Args = z.infer<typeof args>;

export const issuesCreateComment: Action<z.infer<typeof raw>, Args> = {
  id: 'github.issues.createComment',
  service: 'github',
  connection: 'github',
  risk: 'write',
  scopes: REPOSITORY_SCOPES,
  mayVary: ['body'],
  description: 'Write a comment on an issue or pull request. Everybody who follows it is told about it.',
  schema: raw,
  args,
  requests: {
    inspect: [githubRule('GET', '/repos/{owner}/{repo}'), githubRule('GET', ISSUE_PATH)],
    perform: [githubRule('POST', `${ISSUE_PATH}/comments`)],
    reconcile: [githubRule('GET', ISSUE_PATH), githubRule('GET', `${ISSUE_PATH}/comments`, 2)],
  },

  async resolve(given, { http }) {
    const facts = await readRepositoryFacts(http, given.repository);
    const { title } = await getIssue(http, given.repository, given.number);
    return { args: toCanonical({ ...given, issueTitle: title }), facts };
  },

  preview: (call, facts) => ({
    title: 'Comment on a GitHub issue',
    line: `On ${call.repository}#${call.number}, “${call.issueTitle}”`,
    targets: [
      { kind: 'repository', value: call.repository },
      { kind: 'issue', value: `${call.repository}#${call.number}` },
    ],
    fields: [
      { path: '/repository', label: 'Repository', value: call.repository },
      { path: '/number', label: 'Issue', value: String(call.number) },
      { path: '/issueTitle', label: 'Title of the issue', value: call.issueTitle },
      { path: '/body', label: 'Comment', value: call.body },
    ],
    notes: [...noteVisibility(facts), MARKER_NOTE],
  }),

  createHandle: createMarkerHandle,

  async execute(call, { http, handle }) {
    const about = { what: `issue ${call.repository}#${call.number}`, effect: true };
    const comment = await askGithub(http, about, commentAnswer, (api) =>
      api.issues.createComment({ ...toPath(call), body: addMarker(call.body, handle) }),
    );
    return report(call, comment);
  },

  async reconcile(call, { http, handle }) {
    const comment = await findComment(http, call, handle);
    if (comment !== undefined) return { outcome: 'done', result: report(call, comment) };
    return { outcome: 'unknown', look: `Look at the latest comments of ${call.repository}#${call.number}.` };
  },
};

/** Comments come oldest first, so ours is on the last page, or on the one before it by now. */
async function findComment(http: Http, call: Args, handle: Handle) {
  const { comments: total = 0 } = await getIssue(http, call.repository, call.number);
  const last = Math.max(1, Math.ceil(total / PAGE));
  const about = { what: `issue ${call.repository}#${call.number}`, effect: false };
  for (const page of last > 1 ? [last, last - 1] : [last]) {
    const comments = await askGithub(http, about, z.array(commentAnswer), (api) =>
      api.issues.listComments({ ...toPath(call), per_page: PAGE, page }),
    );
    const found = comments.find((comment) => hasMarker(comment.body, handle));
    if (found !== undefined) return found;
  }
  return undefined;
}

function toPath(call: Args) {
  return { ...splitRepository(call.repository), issue_number: call.number };
}

function report(call: Args, comment: z.infer<typeof commentAnswer>) {
  const data = { id: comment.id, link: comment.html_url };
  return { summary: `Commented on ${call.repository}#${call.number}.`, data, link: comment.html_url };
}
