import { randomBytes } from 'node:crypto';
import { findUser } from '../conversations.ts';
import { Refusal } from '../refusal.ts';
import { APP, SECOND_TEAM, TEAM } from '../seed.ts';
import type { Tokens } from '../tokens.ts';
import type { Codes } from '../web/codes.ts';
import { claimsOf, type Signing } from '../web/signing.ts';
import type { Methods } from './method.ts';

/** Code exchange: Sign in with Slack (`openid.connect.token`) and installing the app (`oauth.v2.access`). */
export function createOauthMethods(codes: Codes, signing: Signing, tokens: Tokens): Methods {
  return {
    'openid.connect.token': {
      token: 'any',
      run: async (args, { store, now, origin }, caller) => {
        const grantType = args.text('grant_type') ?? 'authorization_code';
        if (grantType !== 'authorization_code') throw new Refusal('invalid_grant_type');
        const grant = codes.redeem('sign-in', args, caller);
        const user = findUser(store.data, grant.userId);
        const token = `xoxp-0-${randomBytes(16).toString('hex')}`;
        tokens.addUser(token, user.id);
        return {
          access_token: token,
          token_type: 'Bearer',
          id_token: await signing.idToken(origin(), grant, user, now()),
        };
      },
    },
    'openid.connect.userInfo': {
      token: 'user',
      run: (_, { store }, caller) => claimsOf(findUser(store.data, tokens.userOf(caller.token ?? ''))),
    },
    'oauth.v2.access': {
      token: 'any',
      run: (args, { store, scopes }, caller) => {
        const grant = codes.redeem('install', args, caller);
        const team = grant.teamId === SECOND_TEAM.id ? SECOND_TEAM : TEAM;
        if (team.id === TEAM.id) store.data.installed = true;
        store.touch();
        return {
          app_id: APP.id,
          authed_user: { id: grant.userId },
          scope: scopes.join(','),
          token_type: 'bot',
          access_token: team.id === TEAM.id ? store.data.credentials.botToken : tokens.second,
          bot_user_id: APP.botUser,
          team: { id: team.id, name: team.name },
          enterprise: null,
          is_enterprise_install: false,
        };
      },
    },
  };
}
