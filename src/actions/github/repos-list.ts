import { z } from 'zod';
import type { Action, Json } from '../action.ts';
import { toCanonical } from '../arguments.ts';
import { NO_ADDRESSES } from '../facts.ts';
import { shortLine } from '../fields.ts';
import { githubRule } from '../provider/rules.ts';
import { readOnly } from '../read-only.ts';
import { askGithub } from './client.ts';
import { REPOSITORY_SCOPES } from './scopes.ts';

const raw = z.strictObject({ max: z.int().min(1).max(50).default(20) });
const args = z.strictObject({ max: z.int() });

const answer = z.array(
  z.object({
    full_name: z.string(),
    private: z.boolean(),
    visibility: z.string().optional(),
    description: z.string().nullish(),
    open_issues_count: z.number().optional(),
    html_url: z.string(),
  }),
);

export const reposList: Action<z.infer<typeof raw>, z.infer<typeof args>> = {
  ...readOnly,
  id: 'github.repos.list',
  service: 'github',
  connection: 'github',
  scopes: REPOSITORY_SCOPES,
  description:
    'List the repositories the person can work in, the most recently changed first. Use it to find the full name ' +
    '(owner/name) of a repository.',
  schema: raw,
  args,
  requests: { inspect: [], perform: [githubRule('GET', '/user/repos')], reconcile: [] },

  resolve: (given) => Promise.resolve({ args: { max: given.max }, facts: NO_ADDRESSES }),

  preview: (call) => ({
    title: 'List repositories',
    line: `The ${call.max} changed last`,
    targets: [],
    fields: [{ path: '/max', label: 'At most', value: String(call.max) }],
    notes: [],
  }),

  async execute(call, { http }) {
    const found = await askGithub(http, { what: 'the repositories', effect: false }, answer, (api) =>
      api.repos.listForAuthenticatedUser({ sort: 'pushed', per_page: call.max }),
    );
    const repositories = found.slice(0, call.max).map((repository) =>
      toCanonical({
        fullName: repository.full_name,
        visibility: repository.visibility ?? (repository.private ? 'private' : 'public'),
        description: repository.description ? shortLine(repository.description, 300) : undefined,
        openIssues: repository.open_issues_count ?? 0,
        link: repository.html_url,
      }),
    ) as Json[];
    return { summary: `Found ${repositories.length} repositories.`, data: { repositories } };
  },
};
