import { z } from 'zod';
import { ask } from './doctor-ask.ts';
import { judgeSkew } from './doctor-clock.ts';
import { fail, look, pass, warn, type Check, type DoctorContext, type Finding } from './doctor-finding.ts';

type Tenant = NonNullable<DoctorContext['config']['tenant']>;

const CHECK = 'tenant client';
const APPLICATION = 'Auth0 Dashboard → Applications → your application';

/** What each grant type is called in the dashboard, and a request of it that cannot succeed. */
const GRANTS = [
  { name: 'Refresh Token', fields: { grant_type: 'refresh_token', refresh_token: 'agentdesk-doctor' } },
  {
    name: 'Token Vault',
    fields: {
      grant_type: 'urn:auth0:params:oauth:grant-type:token-exchange:federated-connection-access-token',
      subject_token: 'agentdesk-doctor',
      subject_token_type: 'urn:ietf:params:oauth:token-type:refresh_token',
      requested_token_type: 'http://auth0.com/oauth/token-type/federated-connection-access-token',
      connection: 'google-oauth2',
    },
  },
  {
    name: 'Client Initiated Backchannel Authentication (CIBA)',
    fields: { grant_type: 'urn:openid:params:grant-type:ciba', auth_req_id: 'agentdesk-doctor' },
  },
] as const;

const Refusal = z.object({ error: z.string().max(100) });

/**
 * Whether the tenant knows our client and lets it use the grant types it needs: each is asked with something that is
 * not valid, and the refusal tells (RFC 6749 §5.2). What only the Management API could tell is listed to be looked at.
 */
export const checkTenantClient: Check = async (context) => {
  const { tenant } = context.config;
  if (tenant === null) return [];
  const findings: Finding[] = [];
  for (const { name, fields } of GRANTS) {
    const finding = await probe(context, tenant, name, fields);
    findings.push(...finding);
    if (finding.some(({ check, status }) => check === CHECK && status === 'fail')) break;
  }
  return [...findings, ...listUnseen(tenant, context.config.http.publicUrl)];
};

async function probe(
  context: DoctorContext,
  tenant: Tenant,
  name: string,
  fields: Readonly<Record<string, string>>,
): Promise<Finding[]> {
  const url = `${tenant.issuer}oauth/token`;
  const secret = context.secrets.auth0ClientSecret ?? '';
  const body = new URLSearchParams({ ...fields, client_id: tenant.clientId, client_secret: secret });
  const answer = await ask(url, { method: 'POST', body }, context);
  if (answer.kind === 'silence')
    return [
      fail(CHECK, `${url} cannot be reached: ${answer.problem}`, 'Check AUTH0_DOMAIN and the network.'),
    ];
  const error = readError(answer.text);
  if (answer.status === 429)
    return [warn(CHECK, `${tenant.domain} is rate limiting us`, 'Try again in a minute.')];
  if (error === null || answer.status >= 500) {
    const fix = 'Check AUTH0_DOMAIN; if it is right, see https://status.auth0.com.';
    return [fail(CHECK, `${url} answered ${answer.status}, not as a tenant does`, fix)];
  }
  if (error === 'invalid_client' || (error === 'access_denied' && name === GRANTS[0].name)) {
    const fix = `Set AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET to those at ${APPLICATION} → Settings; its method must be Client Secret (Post) or (Basic).`;
    return [fail(CHECK, `${tenant.domain} does not accept our client id and secret (${error})`, fix)];
  }
  const grant = `tenant grant: ${name}`;
  if (error === 'unauthorized_client' || error === 'unsupported_grant_type') {
    const fix = `Switch it on at ${APPLICATION} → Settings → Advanced Settings → Grant Types.`;
    // Without CIBA members confirm with passkeys.
    const judge = name === GRANTS[2].name ? warn : fail;
    return [judge(grant, `The application may not use it (${error})`, fix)];
  }
  const clock = name === GRANTS[0].name ? judgeSkew('tenant clock', tenant.domain, answer.skewMs, 5_000) : [];
  return [pass(grant, 'the application may use it'), ...clock];
}

function listUnseen(tenant: Tenant, publicUrl: string): Finding[] {
  const places: readonly (readonly [what: string, where: string])[] = [
    ['that refresh token rotation is off', `${APPLICATION} → Settings → Refresh Token Rotation`],
    [
      `that ${publicUrl}/connect/callback and ${publicUrl}/connect/login are allowed`,
      `${APPLICATION} → Settings → Allowed Callback URLs`,
    ],
    [
      'that the My Account API is activated and granted for connected accounts',
      `${APPLICATION} → APIs; Applications → APIs → Auth0 My Account API`,
    ],
    [
      'that a refresh token may be used for the My Account API (MRRT)',
      `${APPLICATION} → Settings → Multi-Resource Refresh Token`,
    ],
    [
      'that the MFA policy is Never, which Token Vault demands',
      'Auth0 Dashboard → Security → Multi-factor Auth → Require Multi-factor Auth',
    ],
    [
      'that the notification channel of CIBA is push or e-mail',
      `${APPLICATION} → Settings → Client Initiated Backchannel Authentication`,
    ],
  ];
  return places.map(([what, where]) =>
    look('tenant settings', `Of ${tenant.domain} see yourself ${what}`, where),
  );
}

function readError(text: string): string | null {
  try {
    return Refusal.safeParse(JSON.parse(text)).data?.error ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
