interface Variable {
  readonly about: string;
  readonly secret?: true;
  readonly fallback?: string;
  readonly example?: string;
}

/** Every environment variable we read; the table in README.md is made from it. */
const table = {
  SLACK_BOT_TOKEN: {
    about: 'Bot token (xoxb-…) of one workspace. Without any Slack variable the sandbox is used.',
    secret: true,
  },
  SLACK_APP_TOKEN: { about: 'App-level token (xapp-…) with connections:write: Socket Mode.', secret: true },
  SLACK_SIGNING_SECRET: {
    about: 'Signing secret: events by HTTP at /slack/events instead of Socket Mode.',
    secret: true,
  },
  SLACK_CLIENT_ID: { about: 'Client id: Sign in with Slack, and OAuth installs when there is no bot token.' },
  SLACK_CLIENT_SECRET: { about: 'Client secret belonging to SLACK_CLIENT_ID.', secret: true },
  SLACK_STATE_SECRET: { about: 'Signs the state of OAuth installs.', secret: true },
  SLACK_API_URL: {
    about: "Replaces Slack's methods and, by its origin, its OAuth and OpenID pages.",
    example: 'https://slack.com/api/',
  },
  AUTH0_DOMAIN: {
    about:
      'Auth0 tenant that holds the accounts, as a host: docs/auth0.md. Without it the embedded vault holds them.',
    example: 'acme.eu.auth0.com',
  },
  AUTH0_CLIENT_ID: { about: 'Client id at the tenant; the three go together.' },
  AUTH0_CLIENT_SECRET: { about: 'Client secret at the tenant.', secret: true },
  AUTH0_AUDIENCE: {
    about: "Identifier of the API that the tenant's CIBA tokens are for.",
    fallback: 'https://agentdesk/api',
  },
  AUTH0_CIBA_SECONDS: {
    about:
      "How long the tenant waits for a member's own device. Up to 300 it asks by push, above by e-mail (docs/auth0.md).",
    fallback: '300',
  },
  AUTH0_LOG_STREAM_TOKEN: {
    about:
      "The tenant's log stream sends it as `Authorization: Bearer …` to /auth0/logs; 24 characters at least. Without it there is no such page.",
    secret: true,
  },
  AUTH0_LOG_POLL_SECONDS: {
    about: "How often the tenant's log is read by its Management API; 0 = never. Needs the scope read:logs.",
    fallback: '0',
  },
  GOOGLE_API_URL: { about: "Replaces all of Google's hosts (APIs, consent, token, revoke)." },
  GITHUB_API_URL: { about: "Replaces GitHub's REST API." },
  GITHUB_URL: { about: "Replaces GitHub's site (OAuth pages). Default: the host of GITHUB_API_URL." },
  GOOGLE_CLIENT_ID: { about: 'OAuth client of the embedded vault at Google.' },
  GOOGLE_CLIENT_SECRET: { about: 'Its secret.', secret: true },
  GITHUB_CLIENT_ID: { about: 'OAuth or GitHub App client of the embedded vault at GitHub.' },
  GITHUB_CLIENT_SECRET: { about: 'Its secret.', secret: true },
  OPENAI_API_KEY: {
    about: 'Key of the model service. Without it and OPENAI_BASE_URL the offline planner answers.',
    secret: true,
  },
  OPENAI_BASE_URL: { about: 'Any OpenAI-compatible server.', example: 'http://127.0.0.1:11434/v1' },
  OPENAI_MODEL: { about: 'Model name.', fallback: 'gpt-5-mini' },
  DATABASE_URL: {
    about: 'PostgreSQL. Without it a PostgreSQL from npm runs in AGENTDESK_DATA_DIR.',
    secret: true,
  },
  DATABASE_OWNER_URL: {
    about: 'Used for migrations only, when DATABASE_URL is not the owner.',
    secret: true,
  },
  AGENTDESK_DATA_DIR: {
    about: 'Where the embedded database, key file and sandbox state live.',
    fallback: '.agentdesk',
  },
  AGENTDESK_ENCRYPTION_KEY: {
    about:
      '32 bytes (base64) that encrypt secrets at rest; required once a credential is real. Older keys may follow after commas.',
    secret: true,
  },
  AGENTDESK_KMS_COMMAND: {
    about:
      'Instead of AGENTDESK_ENCRYPTION_KEY: a command that prints the key, unwrapped by a KMS. Run at every start, without a shell (docs/operations.md).',
    example: 'aws kms decrypt --ciphertext-blob fileb://key.enc --query Plaintext --output text',
  },
  AGENTDESK_CONSENT: {
    about:
      'What connecting an account asks for: `whole`, everything the agent can do with the service, in one consent; or `least`, reading for a request that reads, and a second consent for the first one that writes.',
    fallback: 'whole',
  },
  AGENTDESK_APPROVAL_SECONDS: { about: 'How long an approval stays open.', fallback: '600' },
  AGENTDESK_CONCURRENCY: { about: 'Conversations worked on at once by one process.', fallback: '8' },
  AGENTDESK_AUTHORITY_URL: {
    about: 'An embedded authority that runs as a process of its own (`agentdesk authority`), on loopback.',
    example: 'http://127.0.0.1:4000',
  },
  HOST: { about: 'Address the HTTP door listens on.', fallback: '127.0.0.1' },
  PORT: { about: 'Its port.', fallback: '3000' },
  PUBLIC_URL: {
    about: 'The URL people reach us at; every link we make starts with it.',
    example: 'https://desk.example.com',
  },
  AGENTDESK_WITNESS_URL: {
    about:
      'Audit checkpoints are posted there, as `{"text": …}`: an incoming webhook of another Slack app, or any service that keeps what it gets.',
    secret: true,
    example: 'https://hooks.slack.com/services/…',
  },
  AGENTDESK_WITNESS_CHANNEL: {
    about:
      'Slack channel where the bot, once invited, posts audit checkpoints for people to see; with several workspaces `T…/C…`, several after commas.',
    example: 'C0123456789',
  },
  AGENTDESK_AUDIT_WEBHOOK_URL: {
    about:
      'Every audit event is posted there, in the order of the log, signed by the Standard Webhooks specification; at least once.',
    secret: true,
    example: 'https://siem.example.com/agentdesk',
  },
  AGENTDESK_AUDIT_WEBHOOK_SECRET: {
    about: 'Signs those posts: 24 to 64 bytes in base64; `whsec_` may stand before them.',
    secret: true,
  },
  AGENTDESK_AUDIT_STDOUT: {
    about: '`on`: every audit event is written to stdout as a JSON line, too.',
    fallback: 'off',
  },
  AGENTDESK_AUDIT_FORMAT: {
    about: 'How both write an event: `agentdesk` (docs/audit-format.md) or `ocsf` (docs/audit-events.md).',
    fallback: 'agentdesk',
  },
  AGENTDESK_AUDIT_RETENTION_MONTHS: {
    about:
      'Months the audit log is kept at least; `agentdesk audit prune` drops older ones after an export. 0: for ever.',
    fallback: '0',
  },
  AGENTDESK_CONTENT_DAYS: {
    about:
      'Days that the full content of finished turns is kept: messages, arguments, results, model state, posted texts. 0: one day, to work with. The audit log has digests and beginnings.',
    fallback: '0',
  },
  AGENTDESK_METRICS_TOKEN: {
    about:
      'Whoever reads /metrics sends it as `Authorization: Bearer …`. Without it /metrics answers on this machine only.',
    secret: true,
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    about:
      'OpenTelemetry collector (OTLP over HTTP): traces are sent to its /v1/traces. Without it there are none.',
    example: 'http://127.0.0.1:4318',
  },
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: {
    about: 'The whole URL for traces, when it is another.',
    example: 'https://collector.example.com/v1/traces',
  },
  OTEL_EXPORTER_OTLP_HEADERS: {
    about: 'Headers for the collector, as `name=value,name=value`, percent-encoded.',
    secret: true,
  },
  OTEL_SERVICE_NAME: { about: 'The name traces carry.', fallback: 'agentdesk' },
  LOG_LEVEL: { about: 'fatal, error, warn, info, debug or silent.', fallback: 'info' },
} satisfies Record<string, Variable>;

export type VariableName = keyof typeof table;

export const variables: Readonly<Record<VariableName, Variable>> = table;
