import { z } from 'zod';
import { ask } from './doctor-ask.ts';
import { fail, pass, warn, type Check, type DoctorContext, type Finding } from './doctor-finding.ts';

type Tenant = NonNullable<DoctorContext['config']['tenant']>;

const DEVICE = 'second device';
const LOG = 'tenant log';
/** Seconds up to which Auth0 asks by push (https://auth0.com/docs: CIBA, requested_expiry). */
const PUSH_SECONDS = 300;

const Discovery = z.looseObject({
  issuer: z.string(),
  backchannel_authentication_endpoint: z.string().optional(),
});

/** Whether the tenant can ask members' own devices, and whether its log is compared with ours. */
export const checkTenantDevice: Check = async (context) => {
  const { tenant } = context.config;
  if (tenant === null) return [];
  return [await checkCiba(context, tenant), ...(await checkLog(context, tenant))];
};

async function checkCiba(context: DoctorContext, tenant: Tenant): Promise<Finding> {
  const url = `${tenant.issuer}.well-known/openid-configuration`;
  const answer = await ask(url, {}, context);
  const set = 'Check AUTH0_DOMAIN, the network, and NODE_EXTRA_CA_CERTS where its certificate is your own.';
  if (answer.kind === 'silence') return fail(DEVICE, `${url} cannot be reached: ${answer.problem}`, set);
  const found = Discovery.safeParse(parse(answer.text));
  if (answer.status !== 200 || !found.success)
    return fail(DEVICE, `${url} answered ${answer.status}, and no description of a tenant`, set);
  if (found.data.issuer !== tenant.issuer)
    return fail(
      DEVICE,
      `${tenant.domain} says that it is another issuer`,
      'Set AUTH0_DOMAIN to the host it names.',
    );
  const seconds = `${tenant.deviceSeconds} seconds`;
  const how = tenant.deviceSeconds > PUSH_SECONDS ? `by e-mail, for ${seconds}` : `by push, for ${seconds}`;
  if (found.data.backchannel_authentication_endpoint === undefined)
    return warn(
      DEVICE,
      `${tenant.domain} does not offer CIBA, so members confirm with passkeys at the most`,
      'Use a plan with CIBA and switch it on for the application: docs/auth0.md, The second device.',
    );
  return pass(DEVICE, `${tenant.domain} asks members on their own devices ${how}`);
}

async function checkLog(context: DoctorContext, tenant: Tenant): Promise<Finding[]> {
  const streams = context.secrets.auth0LogStreamToken !== null;
  if (!streams && tenant.logPollSeconds === 0) {
    const fix =
      'Set AUTH0_LOG_STREAM_TOKEN and make a log stream, or AUTH0_LOG_POLL_SECONDS: docs/auth0.md, The tenant’s log.';
    return [warn(LOG, 'Nobody notices an exchange that AgentDesk did not make', fix)];
  }
  const stream = streams
    ? [pass(LOG, `a log stream may post to ${context.config.http.publicUrl}/auth0/logs`)]
    : [];
  return tenant.logPollSeconds === 0 ? stream : [...stream, await checkReading(context, tenant)];
}

async function checkReading(context: DoctorContext, tenant: Tenant): Promise<Finding> {
  const audience = `${tenant.issuer}api/v2/`;
  const fix = `Authorize the application for the Auth0 Management API (${audience}) with the scope read:logs, and give it the grant Client Credentials.`;
  const body = JSON.stringify({
    grant_type: 'client_credentials',
    client_id: tenant.clientId,
    client_secret: context.secrets.auth0ClientSecret,
    audience,
  });
  const headers = { 'content-type': 'application/json' };
  const granted = await ask(`${tenant.issuer}oauth/token`, { method: 'POST', headers, body }, context);
  if (granted.kind === 'silence') return fail(LOG, `The tenant does not answer: ${granted.problem}`, fix);
  const token = z.looseObject({ access_token: z.string() }).safeParse(parse(granted.text));
  if (!token.success)
    return fail(LOG, `The tenant gives no token for its Management API (${granted.status})`, fix);
  const authorization = `Bearer ${token.data.access_token}`;
  const read = await ask(`${audience}logs?per_page=1&page=0`, { headers: { authorization } }, context);
  if (read.kind === 'silence') return fail(LOG, `The tenant does not answer: ${read.problem}`, fix);
  return read.status === 200
    ? pass(LOG, `is read every ${tenant.logPollSeconds} seconds`)
    : fail(LOG, `The tenant does not let its log be read (${read.status})`, fix);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
