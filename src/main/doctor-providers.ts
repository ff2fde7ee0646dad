import { ask } from './doctor-ask.ts';
import { fail, pass, warn, type Check, type DoctorContext, type Finding } from './doctor-finding.ts';
import { locateProviders } from './far-side.ts';

/** Google's and GitHub's hosts that the desk and the embedded vault speak to. */
const GOOGLE = [
  'https://www.googleapis.com',
  'https://gmail.googleapis.com',
  'https://oauth2.googleapis.com',
];
const GITHUB_API = 'https://api.github.com';
const GITHUB_SITE = 'https://github.com';

const SERVICES = [
  { name: 'Google', variable: 'GOOGLE', page: 'https://console.cloud.google.com/apis/credentials' },
  { name: 'GitHub', variable: 'GITHUB', page: 'https://github.com/settings/apps' },
] as const;

/** The embedded vault's own OAuth clients. Beside a tenant the vault is the tenant's, and so are the clients. */
export const checkOauthClients: Check = ({ config, secrets }) => {
  if (config.slack === null) return Promise.resolve([pass('oauth clients', 'the sandbox brings its own')]);
  const { providers } = locateProviders(config, secrets, null);
  const has = { Google: providers.google !== null, GitHub: providers.github !== null };
  const judge = has.Google || has.GitHub ? warn : fail;
  return Promise.resolve(
    SERVICES.map(({ name, variable, page }) =>
      has[name]
        ? pass('oauth clients', `${name}: an OAuth client is set`)
        : judge(
            'oauth clients',
            `Nobody can connect a ${name} account: there is no OAuth client`,
            `Make one at ${page} with the callback ${config.http.publicUrl}/connect/callback, then set ${variable}_CLIENT_ID and ${variable}_CLIENT_SECRET.`,
          ),
    ),
  );
};

/** Whether what lies behind the desk answers at all; any answer below 500 will do. */
export const checkEndpoints: Check = async (context) => {
  const findings: Finding[] = [];
  for (const [variable, url] of listEndpoints(context)) findings.push(await reach(context, variable, url));
  return findings;
};

function listEndpoints({ config }: DoctorContext): [variable: string, url: string][] {
  const { slack, authorityUrl, providers } = config;
  const found: [string, string][] = [];
  if (providers.google !== null) found.push(['GOOGLE_API_URL', providers.google]);
  else if (slack !== null) found.push(...GOOGLE.map((url): [string, string] => ['GOOGLE_API_URL', url]));
  const api = providers.github ?? (slack === null ? null : GITHUB_API);
  if (api !== null) found.push(['GITHUB_API_URL', api]);
  const site = providers.githubSite ?? (slack === null ? null : GITHUB_SITE);
  if (site !== null && site !== api) found.push(['GITHUB_URL', site]);
  const discovery = '.well-known/openid-configuration';
  if (authorityUrl !== null) {
    found.push(['AGENTDESK_AUTHORITY_URL', `${authorityUrl.replace(/\/+$/, '')}/${discovery}`]);
  }
  if (slack?.signIn === true) found.push(['SLACK_API_URL', new URL(`/${discovery}`, slack.apiUrl).href]);
  return found;
}

async function reach(context: DoctorContext, variable: string, url: string): Promise<Finding> {
  const answer = await ask(url, {}, context);
  if (answer.kind === 'silence') {
    const fix = `Check the network and any firewall or proxy between, and ${variable} if you set it.`;
    return fail('endpoint', `${url} cannot be reached: ${answer.problem}`, fix);
  }
  if (answer.status >= 500) {
    const fix = 'The trouble is on its side: try again in a few minutes.';
    return warn('endpoint', `${url} answers with status ${answer.status}`, fix);
  }
  return pass('endpoint', `${url} answers`);
}
