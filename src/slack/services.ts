import type { listAccounts } from '../vault/accounts/list.ts';
import type { findConnectRequest } from '../vault/accounts/request.ts';

export type Account = Awaited<ReturnType<typeof listAccounts>>[number];
export type ConnectRequest = NonNullable<Awaited<ReturnType<typeof findConnectRequest>>>;

/** How the vault's connections are called by people, and the words they type for them. */
const SERVICES = [
  { connection: 'google-oauth2', name: 'Google', words: ['google', 'gmail', 'calendar', 'google-oauth2'] },
  { connection: 'github', name: 'GitHub', words: ['github'] },
] as const;

export const services: readonly { connection: string; name: string; words: readonly string[] }[] = SERVICES;

export function nameService(connection: string): string {
  return services.find((service) => service.connection === connection)?.name ?? connection;
}

/** A tenant as people know it: its host. */
export function nameTenant(issuer: string): string {
  return URL.canParse(issuer) ? new URL(issuer).host : issuer;
}

/** The connection a word means, or null. */
export function findConnection(word: string): string | null {
  return services.find((service) => service.words.includes(word.toLowerCase()))?.connection ?? null;
}
