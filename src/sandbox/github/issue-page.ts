import type { Handler } from '../http/exchange.ts';
import { escapeHtml, replyErrorPage, replyPage } from '../http/page.ts';
import type { Router } from '../http/router.ts';
import { fullNameOf, type Github } from './state.ts';

/** The page behind an issue's `html_url`, so that links of the sandbox lead somewhere. All text as plain text. */
export function addIssuePage(router: Router, github: Github): void {
  const show: Handler = ({ params }) => {
    const name = `${params['owner'] ?? ''}/${params['repo'] ?? ''}`;
    const repository = github.store.state.repositories.find((entry) => fullNameOf(entry) === name);
    const issue = github.store.state.issues.find(
      (entry) => entry.repositoryId === repository?.id && String(entry.number) === params['number'],
    );
    if (!issue) return replyErrorPage('GitHub', 404, 'not_found', 'There is no such page.');
    const text = (author: string, body: string): string =>
      `<p><strong>${escapeHtml(author)}</strong><br>${escapeHtml(body).replace(/\n/g, '<br>')}</p>`;
    return replyPage(
      200,
      issue.title,
      `<small>${escapeHtml(name)} (sandbox stand-in)</small><h1>${escapeHtml(issue.title)} #${issue.number}</h1>
<p><small>${issue.state}${escapeHtml(issue.labels.map((label) => `, ${label}`).join(''))}</small></p>
${text(issue.author, issue.body ?? '')}${issue.comments.map(({ author, body }) => text(author, body)).join('')}`,
    );
  };
  router.on('GET', '/{owner}/{repo}/issues/{number}', show);
  router.on('GET', '/{owner}/{repo}/pull/{number}', show);
}
