import { APP, TEAM } from './seed.ts';
import type { Json, User } from './world.ts';

function offsetSeconds(tz: string, at: Date): number {
  const name = new Intl.DateTimeFormat('en-US', { timeZone: tz, timeZoneName: 'longOffset' })
    .formatToParts(at)
    .find((part) => part.type === 'timeZoneName')?.value;
  const match = /GMT([+-])(\d{2}):(\d{2})/.exec(name ?? '');
  if (match === null) return 0;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 3600 + Number(match[3]) * 60);
}

function labelOf(tz: string, at: Date): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: tz, timeZoneName: 'long' }).formatToParts(at);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? tz;
}

/** A user object as users.info returns it; the address only with the scope `users:read.email`. */
export function wireUser(user: User, at: Date, withEmail: boolean): Json {
  const [first = '', ...rest] = user.realName.split(' ');
  const profile = {
    real_name: user.realName,
    real_name_normalized: user.realName,
    display_name: user.name,
    display_name_normalized: user.name,
    first_name: first,
    last_name: rest.join(' '),
    team: TEAM.id,
    avatar_hash: '',
    status_text: '',
    status_emoji: '',
    ...(withEmail && !user.isBot ? { email: user.email } : {}),
    ...(user.isBot ? { api_app_id: APP.id, bot_id: APP.botId } : {}),
  };
  const common = {
    id: user.id,
    team_id: TEAM.id,
    name: user.name,
    deleted: user.deleted,
    profile,
    is_bot: user.isBot,
  };
  const shared = { updated: 1_700_000_000, is_app_user: false };
  if (user.deleted) return { ...common, ...shared };
  return {
    ...common,
    ...shared,
    color: '9f69e7',
    real_name: user.realName,
    tz: user.tz,
    tz_label: labelOf(user.tz, at),
    tz_offset: offsetSeconds(user.tz, at),
    is_admin: user.isAdmin,
    is_owner: user.isOwner,
    is_primary_owner: user.isOwner,
    is_restricted: user.isRestricted,
    is_ultra_restricted: false,
    is_email_confirmed: true,
    who_can_share_contact_card: 'EVERYONE',
  };
}
