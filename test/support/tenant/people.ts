import type { TenantUser } from './world.ts';

/** Who has an identity at the tenant. Ben has a second one, of another e-mail address. */
export const TENANT_USERS: readonly TenantUser[] = [
  { sub: 'auth0|ada', name: 'Ada Byron', email: 'ada@acme.test', emailVerified: true },
  { sub: 'auth0|ben', name: 'Ben Okri', email: 'ben@acme.test', emailVerified: true },
  { sub: 'auth0|ben-2', name: 'Ben O.', email: 'ben@elsewhere.test', emailVerified: true },
  { sub: 'auth0|unverified', name: 'Ben?', email: 'BEN@acme.test', emailVerified: false },
];
