import type { SlackDeps } from '../deps.ts';
import { isSlackError } from '../slack-errors.ts';

/**
 * How members are called, each once, by id: by their name; with the id beside it when another of them has the same
 * name; by the id alone when Slack does not know them any more.
 */
export async function nameMembers(
  deps: Pick<SlackDeps, 'directory'>,
  workspaceId: string,
  memberIds: readonly string[],
): Promise<Map<string, string>> {
  const names = await Promise.all(
    [...new Set(memberIds)].map(async (id): Promise<[string, string]> => [
      id,
      await nameMember(deps, workspaceId, id),
    ]),
  );
  const isShared = (name: string): boolean => names.filter((one) => one[1] === name).length > 1;
  return new Map(names.map(([id, name]) => [id, isShared(name) ? `${name} (${id})` : name]));
}

async function nameMember(
  deps: Pick<SlackDeps, 'directory'>,
  workspaceId: string,
  memberId: string,
): Promise<string> {
  try {
    const { name } = await deps.directory.describeMember(workspaceId, memberId);
    return name === '' ? memberId : name;
  } catch (error) {
    if (isSlackError(error, 'user_not_found', 'user_not_visible')) return memberId;
    throw error;
  }
}
