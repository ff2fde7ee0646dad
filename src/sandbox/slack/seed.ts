import { randomBytes } from 'node:crypto';
import type { Credentials, User } from './world.ts';

export const TEAM = { id: 'T0SANDBOX', name: 'Acme', domain: 'acme' } as const;
/** A second workspace, for trying an OAuth install into another one. */
export const SECOND_TEAM = { id: 'T0SECOND', name: 'Umbra', domain: 'umbra' } as const;
export const APP = { id: 'A0DESK', name: 'AgentDesk', botUser: 'U0DESK', botId: 'B0DESK' } as const;
export const GENERAL = 'C0GENERAL';

/** What the bot may do unless the stand-in is created with fewer scopes. */
export const BOT_SCOPES: readonly string[] = [
  'app_mentions:read',
  'assistant:write',
  'channels:history',
  'channels:read',
  'chat:write',
  'commands',
  'files:write',
  'im:history',
  'im:read',
  'im:write',
  'team:read',
  'usergroups:read',
  'users:read',
  'users:read.email',
];

const person = { isAdmin: false, isOwner: false, isRestricted: false, deleted: false, isBot: false };

/** The people of a new workspace: an admin, a member, a guest, and the bot. */
export function seedUsers(): User[] {
  return [
    {
      ...person,
      id: 'U0ADA',
      name: 'ada',
      realName: 'Ada Byron',
      email: 'ada@acme.test',
      tz: 'Europe/Berlin',
      isAdmin: true,
      isOwner: true,
    },
    {
      ...person,
      id: 'U0BEN',
      name: 'ben',
      realName: 'Ben Okri',
      email: 'ben@acme.test',
      tz: 'America/New_York',
    },
    {
      ...person,
      id: 'U0GUS',
      name: 'gus',
      realName: 'Gus Hall',
      email: 'gus@guest.test',
      tz: 'Europe/London',
      isRestricted: true,
    },
    {
      ...person,
      id: APP.botUser,
      name: 'agentdesk',
      realName: APP.name,
      email: '',
      tz: 'Etc/UTC',
      isBot: true,
    },
  ];
}

/** The direct message of a user with the bot: `U0ADA` ↔ `D0ADA`. */
export function imOf(userId: string): string {
  return `D${userId.slice(1)}`;
}

/** @returns the user a direct message belongs to; null for a channel */
export function userOfIm(channel: string): string | null {
  return channel.startsWith('D') ? `U${channel.slice(1)}` : null;
}

/** Fresh random credentials for a new workspace. */
export function seedCredentials(): Credentials & { readonly verificationToken: string } {
  const secret = (bytes: number): string => randomBytes(bytes).toString('hex');
  return {
    botToken: `xoxb-0-0-${secret(16)}`,
    appToken: `xapp-1-${APP.id}-0-${secret(16)}`,
    clientId: `0.${secret(6)}`,
    clientSecret: secret(16),
    signingSecret: secret(16),
    verificationToken: secret(12),
  };
}
