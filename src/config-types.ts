/** Where Slack is: `null` in {@link Config} means the sandbox. */
export interface SlackConfig {
  readonly apiUrl: string;
  /** `socket` needs an app token, `http` a signing secret. */
  readonly transport: 'socket' | 'http';
  /** Sign in with Slack is possible: client id and secret are set. */
  readonly signIn: boolean;
  /** One workspace by its bot token, or many by OAuth install. */
  readonly install: 'token' | 'oauth';
}

export interface AuditConfig {
  /** Where the bot posts checkpoints; workspace null = the only one there is. */
  readonly witnessChannels: readonly { readonly workspaceId: string | null; readonly channel: string }[];
  /** Every event is written to stdout, too. */
  readonly stdout: boolean;
  readonly format: 'agentdesk' | 'ocsf';
  /** Whole months that are kept at least; 0 = for ever. */
  readonly retentionMonths: number;
  /** Days that the full content of finished turns is kept; at least 1. */
  readonly contentDays: number;
}

export interface Config {
  readonly slack: SlackConfig | null;
  /** Base URLs that replace the providers' own; `null` = the real ones, or the sandbox beside a sandboxed Slack. */
  readonly providers: {
    readonly google: string | null;
    readonly github: string | null;
    readonly githubSite: string | null;
  };
  readonly oauth: { readonly googleClientId: string | null; readonly githubClientId: string | null };
  /** The Auth0 tenant that holds the accounts; `null` = the embedded vault. */
  readonly tenant: {
    /** Host, with a port perhaps. */
    readonly domain: string;
    /** As it stands in tokens: https, a slash at the end. */
    readonly issuer: string;
    readonly clientId: string;
    /** The API that the tenant's CIBA tokens are for. */
    readonly audience: string;
    /** Seconds the tenant waits for a member's own device. */
    readonly deviceSeconds: number;
    /** Seconds between readings of the tenant's log; 0 = it is not read. */
    readonly logPollSeconds: number;
  } | null;
  /** `null` = the offline planner. */
  readonly model: { readonly baseUrl: string | null; readonly name: string } | null;
  readonly dataDir: string;
  readonly embeddedDatabase: boolean;
  readonly http: { readonly host: string; readonly port: number; readonly publicUrl: string };
  /** An embedded authority elsewhere on this machine; `null` = in this process. */
  readonly authorityUrl: string | null;
  /** What a member's first consent covers: all that the agent can do with the service, or what the request at hand needs. */
  readonly consent: 'whole' | 'least';
  /** Seconds an approval stays open. */
  readonly approvalSeconds: number;
  /** Conversations worked on at once by one process. */
  readonly concurrency: number;
  readonly logLevel: string;
  readonly audit: AuditConfig;
  /** Where traces go (OTLP over HTTP); `null` = none are made. */
  readonly traces: { readonly url: string; readonly serviceName: string } | null;
}

/** Everything that must never be logged, kept apart from {@link Config} so that config can be. */
export interface Secrets {
  readonly databaseUrl: string | null;
  readonly databaseOwnerUrl: string | null;
  /** The first key encrypts, the others still decrypt. Empty = the key file. */
  readonly encryptionKeys: readonly Buffer[];
  readonly slackBotToken: string | null;
  readonly slackAppToken: string | null;
  readonly slackSigningSecret: string | null;
  readonly slackClient: { readonly id: string; readonly secret: string } | null;
  readonly slackStateSecret: string | null;
  readonly auth0ClientSecret: string | null;
  /** What the tenant's log stream shows; null = it may not send anything. */
  readonly auth0LogStreamToken: string | null;
  readonly googleClientSecret: string | null;
  readonly githubClientSecret: string | null;
  readonly openaiApiKey: string | null;
  /** Where audit checkpoints are posted; an incoming webhook's URL is a secret. null = nowhere. */
  readonly witnessUrl: string | null;
  /** Where audit events are posted, and what signs them; null = nowhere. */
  readonly auditWebhook: { readonly url: string; readonly secret: Buffer } | null;
  /** Needed to read `/metrics`; null = only this machine may, and needs none. */
  readonly metricsToken: string | null;
  /** Headers of each export of traces. */
  readonly traceHeaders: Readonly<Record<string, string>>;
}
