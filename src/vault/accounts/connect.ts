import { createHash } from 'node:crypto';
import { and, eq, inArray, or } from '../../db/drizzle.ts';
import { connectRequests } from '../../db/schema/workspaces.ts';
import { DeskError } from '../../errors.ts';
import type { ConnectRequest, VaultDeps } from '../deps.ts';
import { drawSecret, hashSecret } from './browser.ts';
import { needConsentUrl } from './consent-url.ts';
import { findSubject } from './members.ts';
import { startConnect } from './my-account.ts';
import { refuseConnect, reopenConnect } from './refuse.ts';
import { findLive } from './request.ts';

/** What binds the rest of the flow to the browser that posted the page. */
export interface Browser {
  /** Value of the cookie to set. */
  readonly cookie: string;
  readonly state: string;
  readonly nonce: string;
}

/**
 * A POST on the page takes the link: from here on only this browser can go on, or begin again. A GET never does,
 * because mail scanners and previews follow links.
 * @param cookie what this browser holds for the request; a new one is drawn when it holds none
 * @throws DeskError `connect_elsewhere` when another browser's POST came first; as {@link findLive} when it ended
 */
export async function beginConnect(
  deps: VaultDeps,
  request: ConnectRequest,
  cookie: string | null,
): Promise<Browser> {
  const browser = { cookie: cookie ?? drawSecret(), state: drawSecret(), nonce: drawSecret() };
  const browserHash = hashSecret(browser.cookie);
  const [row] = await deps.database.db
    .update(connectRequests)
    .set({
      status: 'proving',
      browserHash,
      stateHash: hashSecret(browser.state),
      nonce: browser.nonce,
      provedBy: null,
      sessionSealed: null,
    })
    .where(
      and(
        eq(connectRequests.id, request.id),
        or(
          eq(connectRequests.status, 'open'),
          and(
            inArray(connectRequests.status, ['proving', 'authorizing']),
            eq(connectRequests.browserHash, browserHash),
          ),
        ),
      ),
    )
    .returning({ id: connectRequests.id });
  if (row !== undefined) return browser;
  await findLive(deps, request.id);
  throw new DeskError('connect_elsewhere');
}

/**
 * Sends the browser on to the provider, through the vault. When the vault does not answer, the link stays usable;
 * when it refuses, the request ends there and the audit says so.
 * @param provedBy how the browser proved to be the member; null when the provider account itself must prove it
 * @returns the URL to redirect to
 * @throws DeskError `connect_try_again` (outage), `connect_failed`, `vault_answer_unusable`, `connect_stale` when the
 *   same browser began again meanwhile
 */
export async function authorizeConnect(
  deps: VaultDeps,
  request: ConnectRequest,
  provedBy: 'slack' | 'tenant' | null,
): Promise<string> {
  const [verifier, state] = [drawSecret(), drawSecret()];
  const { authSession, url } = await start(deps, request, verifier, state);
  const [row] = await deps.database.db
    .update(connectRequests)
    .set({
      status: 'authorizing',
      stateHash: hashSecret(state),
      provedBy,
      sessionSealed: deps.keyring.seal(
        'connect-session',
        [request.id],
        JSON.stringify({ authSession, verifier }),
      ),
    })
    .where(
      and(
        eq(connectRequests.id, request.id),
        eq(connectRequests.status, 'proving'),
        eq(connectRequests.stateHash, request.stateHash ?? ''),
      ),
    )
    .returning({ id: connectRequests.id });
  if (row === undefined) throw new DeskError('connect_stale');
  return url;
}

async function start(
  deps: VaultDeps,
  request: ConnectRequest,
  verifier: string,
  state: string,
): Promise<{ authSession: string; url: string }> {
  try {
    const subject = await findSubject(
      deps.database.db,
      request.workspaceId,
      request.memberId,
      deps.vault.issuer,
    );
    if (subject === null) throw new DeskError('connect_failed', { problem: 'you are not linked yet' });
    const { authSession, url } = await startConnect(
      deps.vault,
      { ...request, subject: subject.subject },
      {
        connection: request.connection,
        redirectUri: callbackUrl(deps),
        state,
        scopes: request.scopes,
        codeChallenge: createHash('sha256').update(verifier).digest('base64url'),
      },
    );
    return { authSession, url: needConsentUrl(deps, request.connection, url) };
  } catch (error) {
    if (!(error instanceof DeskError)) throw error;
    if (error.code !== 'vault_unreachable') {
      throw await refuseConnect(deps, request, error, 'the vault did not start it');
    }
    await reopenConnect(deps, request);
    throw new DeskError('connect_try_again', { service: 'The Token Vault' }, { cause: error });
  }
}

export function callbackUrl(deps: Pick<VaultDeps, 'publicUrl'>): string {
  return `${deps.publicUrl}/connect/callback`;
}
