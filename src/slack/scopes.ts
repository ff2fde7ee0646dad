/** What AgentDesk may do in a workspace; asked for at an OAuth install, and what the manifest lists. */
export const BOT_SCOPES: readonly string[] = [
  'app_mentions:read',
  'assistant:write',
  'chat:write',
  'commands',
  'files:write',
  'im:history',
  'im:write',
  'team:read',
  'usergroups:read',
  'users:read',
  'users:read.email',
];
