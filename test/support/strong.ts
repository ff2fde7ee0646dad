import type { Browser, CDPSession, Page } from 'playwright-core';
import { catalog } from '../../src/actions/catalog.ts';
import type { StrongDeps } from '../../src/approvals/deps.ts';
import { sealFactor } from '../../src/approvals/strong/factor-seal.ts';
import type { Factor } from '../../src/approvals/strong/factors.ts';
import { writeStrongLink } from '../../src/approvals/strong/links.ts';
import { requestFactorChange } from '../../src/approvals/strong/requests.ts';
import type { FactorRequest } from '../../src/approvals/strong/requests.ts';
import { createHttpDoor } from '../../src/http/door.ts';
import { readDefaultPolicy } from '../../src/policy/default-policy.ts';
import { preparePolicy } from '../../src/policy/prepare.ts';
import { PEOPLE, WORKSPACE, type TestDesk } from './desk.ts';

/** From now on an organisation's rule asks for a second device before mail is sent. */
export function askStrongly(test: TestDesk): void {
  const entries = catalog.map(({ id, service, risk }) => ({ id, service, risk }));
  const organisation = `@id("org.phone")
@reason("Mail needs your second device.")
forbid (principal, action == Action::"gmail.messages.send", resource)
unless { context.tier == Tier::"strong" };`;
  const policy = preparePolicy({
    catalog: entries,
    layers: [
      { name: 'built-in', cedar: readDefaultPolicy(entries) },
      { name: 'organisation', cedar: organisation },
    ],
    version: 'strong-1',
  });
  Object.assign(test.desk.deps, {
    policies: { load: () => Promise.resolve(policy), loadLocked: () => Promise.resolve(policy) },
  });
}

export type StrongDesk = Awaited<ReturnType<typeof openStrong>>;

/** The browser door of a desk, on a free port, and links to its passkey pages. */
export async function openStrong(test: TestDesk) {
  const where = { url: '' };
  const strong: StrongDeps = {
    ...test.desk.deps.approvals,
    get publicUrl() {
      return where.url;
    },
  };
  const door = createHttpDoor({
    host: '127.0.0.1',
    port: 0,
    publicUrl: () => where.url,
    vault: test.desk.deps.vault,
    approvals: strong,
    log: test.desk.deps.log,
    slackSignIn: null,
    describePerson: (_, memberId) =>
      Promise.resolve({ name: PEOPLE[memberId]?.name ?? memberId, email: null, workspaceName: 'Acme' }),
    readiness: () => Promise.resolve([]),
    metrics: null,
    tenantLog: null,
    slackEvents: null,
    fallback: null,
  });
  where.url = `http://127.0.0.1:${(await door.start()).port}`;
  return {
    deps: strong,
    url: where.url,
    stop: () => door.stop(),
    confirmLink: (approvalId: string) => writeStrongLink(strong, 'strong', approvalId) ?? '',
    /** What `/agentdesk passkey` does. @returns the link */
    async ask(
      memberId: string,
      kind: FactorRequest['kind'] = 'enrol',
      factorId: string | null = null,
      isAdmin = false,
    ): Promise<string> {
      const owner = { workspaceId: WORKSPACE, memberId };
      const request = await requestFactorChange(strong, owner, { kind, factorId, isAdmin });
      return writeStrongLink(strong, 'passkey', request.id) ?? '';
    },
  };
}

/** A person at a browser of their own, with an authenticator that is not a real one but follows the protocol. */
export async function createHolder(browser: Browser, verified = true) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const blocked: string[] = [];
  page.on('console', (message) => {
    // The network log repeats every refusal; what the browser itself blocks is what counts here.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load'))
      blocked.push(message.text());
  });
  const cdp = await context.newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const plug = async (): Promise<string> => (await addAuthenticator(cdp, verified)).authenticatorId;
  const authenticatorId = await plug();
  return {
    page,
    blocked,
    close: () => context.close(),
    /** Whether the person shows a finger or types the number when asked. */
    verify: (isUserVerified: boolean) =>
      cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
    /** Another device beside it. @returns how to unplug it */
    async plugAnother() {
      await cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled: false });
      const second = await plug();
      return () => cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: second });
    },
    /** Whether its first device answers by itself when asked. */
    presence: (enabled: boolean) =>
      cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled }),
    /** Presses the page's button and reads what it says, until it says something new. */
    press: () => press(page),
    async visit(url: string): Promise<string> {
      await page.goto(url);
      return (await page.locator('main').textContent()) ?? '';
    },
  };
}

export type Holder = Awaited<ReturnType<typeof createHolder>>;

function addAuthenticator(cdp: CDPSession, isUserVerified: boolean) {
  return cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'usb',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified,
      automaticPresenceSimulation: true,
    },
  });
}

async function press(page: Page): Promise<string> {
  await page.locator('#go').click();
  // The script disables the button while it works, and hides it at the end.
  await page.locator('#go:enabled, #go[hidden]').waitFor({ state: 'attached' });
  return (await page.locator('#said').textContent()) ?? '';
}

/** What the page's script would send, made by a script of the attacker's in the page. */
export interface RawAnswer {
  readonly challenge: string;
  readonly credential: { id: string; response: Record<string, string> };
}

/** Begins on the open page and answers with its authenticator, with other options than were asked for. */
export async function answerRaw(page: Page, change: Record<string, unknown> = {}): Promise<RawAnswer> {
  return page.evaluate(`(async () => {
    const [, kind, reference] = location.pathname.split('/');
    const begun = await fetch('/' + kind + '/begin/' + reference, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}',
    });
    const { challenge, options } = await begun.json();
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON({ ...options, ...${JSON.stringify(change)} });
    const credential = (await navigator.credentials.get({ publicKey })).toJSON();
    return { challenge, credential };
  })()`);
}

/** What it takes to write a passkey's row as the program does. */
type FactorDesk = Pick<TestDesk, 'keyring'> & { readonly database: Pick<TestDesk['database'], 'owner'> };

/** Lets the 24 hours of a member's first passkey pass. Only who has the keys can: the row is sealed. */
export async function letItCount(test: FactorDesk, memberId: string): Promise<void> {
  const rows = await listRows(test, memberId);
  for (const row of rows) {
    const countsFrom = new Date(row.countsFrom.getTime() - 25 * 3_600_000);
    const seal = sealFactor(test, { ...row, countsFrom });
    await test.database.owner`
      update agentdesk.factors set counts_from = ${countsFrom}, seal = ${seal} where id = ${row.id}`;
  }
}

/** The present passkeys of a member as the table has them. */
export async function listRows(test: FactorDesk, memberId: string): Promise<Omit<Factor, 'counts'>[]> {
  const rows = await test.database.owner`
    select id, workspace_id as "workspaceId", member_id as "memberId", kind, credential_id as "credentialId",
      public_key as "publicKey", counter, transports, created_at as "createdAt", counts_from as "countsFrom",
      vouched_by as "vouchedBy", removed_at as "removedAt", removed_by as "removedBy", seal
    from agentdesk.factors where member_id = ${memberId} and removed_at is null order by created_at`;
  return rows as unknown as Omit<Factor, 'counts'>[];
}

/** Enrols a first passkey in the browser and lets its day pass. */
export async function enrol(
  test: TestDesk,
  desk: StrongDesk,
  holder: Holder,
  memberId: string,
): Promise<string> {
  await holder.visit(await desk.ask(memberId));
  const said = await holder.press();
  if (!said.includes('is made')) throw new Error(`not enrolled: ${said}`);
  await letItCount(test, memberId);
  return (await listRows(test, memberId)).at(-1)?.id ?? '';
}
