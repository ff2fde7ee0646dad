import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { StrongDeps } from '../approvals/deps.ts';
import type { Log } from '../telemetry.ts';
import type { VaultDeps } from '../vault/deps.ts';

/** Sign in with Slack (docs.slack.dev/authentication/sign-in-with-slack). */
export interface SlackSignIn {
  /** Where authorize page and discovery are, and the issuer: `https://slack.com`, or what replaces it. */
  readonly origin: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Base of the Web API, with a trailing slash. */
  readonly apiUrl: string;
}

/** A member as Slack describes them now. */
interface Person {
  readonly name: string;
  /** Verified by Slack; null when unknown. */
  readonly email: string | null;
  readonly workspaceName: string;
}

export interface HttpDoorOptions {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  /** Every URL we make begins with this; without a trailing slash. Read on each use. */
  readonly publicUrl: () => string;
  readonly vault: VaultDeps;
  readonly approvals: StrongDeps;
  readonly log: Log;
  /** null: the provider account's own e-mail address has to prove the member. */
  readonly slackSignIn: SlackSignIn | null;
  readonly describePerson: (workspaceId: string, memberId: string) => Promise<Person>;
  /** @returns names of what is not ready */
  readonly readiness: () => Promise<readonly string[]>;
  /** null = no `/metrics`. */
  readonly metrics: {
    readonly read: () => Promise<{ contentType: string; body: string }>;
    /** null = only this machine may read them. */
    readonly token: string | null;
  } | null;
  /** What the tenant's log stream posts. null = there is no such page. */
  readonly tenantLog: {
    readonly token: string;
    /** @returns how many entries were new; null when it is not readable */
    readonly take: (body: string) => Promise<number | null>;
  } | null;
  /** Slack's HTTP receiver, at `/slack/events`; it reads the body itself. null in Socket Mode. */
  readonly slackEvents: RequestListener | null;
  /** Asked about every path that is not ours (the sandbox's page). @returns whether it answered */
  readonly fallback: ((request: IncomingMessage, response: ServerResponse) => boolean) | null;
}
