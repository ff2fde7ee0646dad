import type { SlackDeps } from '../deps.ts';
import { isSlackError } from '../slack-errors.ts';

/** How members are called, each once, by id: name and id, or the id alone when Slack does not know them any more. */
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
  return new Map(names);
}

async function nameMember(
  deps: Pick<SlackDeps, 'directory'>,
  workspaceId: string,
  memberId: string,
): Promise<string> {
  try {
    const { name } = await deps.directory.describeMember(workspaceId, memberId);
    return `${name} (${memberId})`;
  } catch (error) {
    if (isSlackError(error, 'user_not_found', 'user_not_visible')) return memberId;
    throw error;
  }
}
