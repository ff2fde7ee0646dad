import tls from 'node:tls';
import type { ToolModel } from '../../../src/agent/model.ts';
import { createHttpDoor } from '../../../src/http/door.ts';
import { requestConnect, requestLink, writeConnectLink } from '../../../src/vault/accounts/request.ts';
import { startSlackServer } from '../../http/slack-server.ts';
import { PEOPLE, startTestDesk, WORKSPACE } from '../desk.ts';
import { findFreePort } from '../program.ts';
import { createBrowser } from './browser.ts';
import { allowAll } from './call.ts';
import { TENANT_USERS } from './people.ts';
import { startTenant } from './stand-in.ts';

/**
 * A desk whose vault is a tenant's, over HTTPS, with its browser door.
 * @param options.signIn whether Sign in with Slack is on
 */
export async function startTenantDesk(options: { signIn?: boolean; model?: ToolModel } = {}) {
  const tenant = await startTenant({ users: TENANT_USERS, providers: {} });
  tls.setDefaultCACertificates([...tls.getCACertificates(), tenant.ca]);
  const port = await findFreePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const idle: ToolModel = { label: 'none', invoke: () => Promise.reject(new Error('no model here')) };
  const test = await startTestDesk(options.model ?? idle, { tenant: tenant.client(), publicUrl });
  const { vault } = test.desk.deps;
  const origin = (host: string): string => vault.resolveHost(host);
  tenant.world.providers.set('google-oauth2', {
    authorizeUrl: `${origin('accounts.google.com')}/o/oauth2/v2/auth`,
    tokenUrl: `${origin('oauth2.googleapis.com')}/token`,
    ...test.google.credentials,
  });
  tenant.world.providers.set('github', {
    authorizeUrl: `${origin('github.com')}/login/oauth/authorize`,
    tokenUrl: `${origin('github.com')}/login/oauth/access_token`,
    ...test.github.credentials,
  });
  const slack = options.signIn === true ? await startSlackServer(WORKSPACE) : null;
  const door = createHttpDoor({
    host: '127.0.0.1',
    port,
    publicUrl: () => publicUrl,
    vault,
    approvals: test.desk.deps.approvals,
    log: test.desk.deps.log,
    slackSignIn: slack?.signIn ?? null,
    describePerson: (_, memberId) =>
      Promise.resolve({
        name: PEOPLE[memberId]?.name ?? memberId,
        email: PEOPLE[memberId]?.email ?? null,
        workspaceName: 'Acme',
      }),
    readiness: () => Promise.resolve([]),
    metrics: null,
    tenantLog: null,
    slackEvents: null,
    fallback: null,
  });
  await door.start();
  const browser = () => createBrowser(publicUrl, slack);
  return {
    ...test,
    tenant,
    vault,
    publicUrl,
    browser,
    /** What `/agentdesk link` gives. */
    async askLink(memberId = 'U0BEN') {
      const request = await requestLink(vault, { workspaceId: WORKSPACE, memberId });
      return { request, url: writeConnectLink(vault, request.id) };
    },
    /** Links a member the whole way. @returns the last page */
    async link(memberId: string, account: string) {
      await this.known(memberId);
      const way = browser();
      const { url } = await this.askLink(memberId);
      const claims = { 'https://slack.com/user_id': memberId, sub: memberId };
      const page = await way.press(url, { account, slack: claims });
      if (page.status !== 200) throw new Error(`the sign-in ended with ${page.status}: ${page.text}`);
      return way.send(page.form);
    },
    /** Connects an account the whole way. @returns the last page */
    async connectAt(memberId: string, connection: string, account: string) {
      const request = await requestConnect(vault, {
        workspaceId: WORKSPACE,
        memberId,
        connection,
        purpose: 'test',
        level: 'all',
        waiting: null,
      });
      const claims = { 'https://slack.com/user_id': memberId, sub: memberId };
      return browser().press(writeConnectLink(vault, request.id), { account, slack: claims });
    },
    /** Whoever wrote to the desk is known to it. */
    async known(memberId: string) {
      const { ensureMember } = await import('../../../src/vault/accounts/members.ts');
      const who = { workspaceId: WORKSPACE, memberId, issuer: vault.vault.issuer, embedded: false };
      await test.desk.database.transaction((tx) => ensureMember(tx, who));
    },
    allowAll: () => {
      allowAll(test);
    },
    /** Types, outcomes and details of the audit, oldest first. */
    audit: (type: string) =>
      test.database.owner<
        { outcome: string; why: string | null; memberId: string; detail: Record<string, unknown> }[]
      >`select outcome, why, member_id as "memberId", detail from agentdesk.audit_events where type = ${type} order by id`,
    async stop() {
      await door.stop();
      await slack?.stop();
      await test.stop();
      await tenant.stop();
    },
  };
}

export type TenantDesk = Awaited<ReturnType<typeof startTenantDesk>>;
