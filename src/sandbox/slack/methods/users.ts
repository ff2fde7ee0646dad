import { findUser } from '../conversations.ts';
import { Refusal } from '../refusal.ts';
import { TEAM } from '../seed.ts';
import { wireUser } from '../wire-user.ts';
import { readPage } from './page.ts';
import type { Methods } from './method.ts';

/** People and the workspace. The sandbox has one user group of admins. */
export const userMethods: Methods = {
  'users.info': {
    token: 'bot',
    scopes: ['users:read'],
    run: (args, { store, now, scopes }) => ({
      user: wireUser(findUser(store.data, args.need('user')), now(), scopes.includes('users:read.email')),
    }),
  },
  'users.list': {
    token: 'bot',
    scopes: ['users:read'],
    run: (args, { store, now, scopes }) => {
      const { items, response_metadata } = readPage(args, store.data.users, 200);
      const members = items.map((user) => wireUser(user, now(), scopes.includes('users:read.email')));
      return { members, cache_ts: Math.floor(now().getTime() / 1000), response_metadata };
    },
  },
  'users.lookupByEmail': {
    token: 'bot',
    scopes: ['users:read.email'],
    run: (args, { store, now }) => {
      const email = args.need('email').toLowerCase();
      const user = store.data.users.find(
        (one) => !one.isBot && one.email.toLowerCase() === email && !one.deleted,
      );
      if (user === undefined) throw new Refusal('users_not_found');
      return { user: wireUser(user, now(), true) };
    },
  },
  'usergroups.list': {
    token: 'bot',
    scopes: ['usergroups:read'],
    run: (args, { store }) => {
      const users = store.data.users.filter((user) => user.isAdmin && !user.deleted).map((user) => user.id);
      const group = {
        id: 'S0ADMINS',
        team_id: TEAM.id,
        is_usergroup: true,
        name: 'Admins',
        handle: 'admins',
      };
      const more = { description: 'Workspace admins', date_delete: 0, user_count: users.length };
      return { usergroups: [{ ...group, ...more, ...(args.flag('include_users') ? { users } : {}) }] };
    },
  },
  'usergroups.users.list': {
    token: 'bot',
    scopes: ['usergroups:read'],
    run: (args, { store }) => {
      if (args.need('usergroup') !== 'S0ADMINS') throw new Refusal('no_such_subteam');
      return {
        users: store.data.users.filter((user) => user.isAdmin && !user.deleted).map((user) => user.id),
      };
    },
  },
  'team.info': {
    token: 'bot',
    scopes: ['team:read'],
    run: () => ({ team: { ...TEAM, email_domain: 'acme.test', icon: { image_default: true } } }),
  },
};
