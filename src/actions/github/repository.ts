import { z } from 'zod';
import type { Facts, Http } from '../action.ts';
import { NO_ADDRESSES } from '../facts.ts';
import { readIfAllowed } from '../provider/read-if-allowed.ts';
import { askGithub } from './client.ts';

const repositoryAnswer = z.object({
  private: z.boolean(),
  visibility: z.enum(['public', 'private', 'internal']).optional(),
});

/** GitHub's path parameters for `owner/name`. */
export function splitRepository(repository: string): { owner: string; repo: string } {
  const [owner = '', repo = ''] = repository.split('/');
  return { owner, repo };
}

/**
 * What the policy may know about a write to a repository.
 * @throws ProviderError `provider_not_found` when the account cannot see it, before anybody is asked
 */
export async function readRepositoryFacts(http: Http, repository: string): Promise<Facts> {
  const about = { what: `the repository ${repository}`, effect: false };
  const answer = await readIfAllowed([403], () =>
    askGithub(http, about, repositoryAnswer, (api) => api.repos.get(splitRepository(repository))),
  );
  const fallback = answer?.private === false ? 'public' : 'private';
  const repositoryVisibility = answer === null ? null : (answer.visibility ?? fallback);
  return { ...NO_ADDRESSES, repository: repository.toLowerCase(), repositoryVisibility };
}

/** A sentence for the card where everybody can read along. */
export function noteVisibility(facts: Facts): string[] {
  return facts.repositoryVisibility === 'public' ? ['The repository is public: everybody can read it.'] : [];
}
