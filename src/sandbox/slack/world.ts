/** Any JSON object as it travels on Slack's wire. */
export type Json = Record<string, unknown>;

export interface User {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  readonly email: string;
  readonly tz: string;
  readonly isAdmin: boolean;
  readonly isOwner: boolean;
  /** A guest. */
  readonly isRestricted: boolean;
  readonly deleted: boolean;
  readonly isBot: boolean;
}

export interface Message {
  readonly ts: string;
  readonly thread_ts?: string;
  readonly user: string;
  /** Slack's stored form: `&`, `<`, `>` escaped, links and mentions in angle brackets. */
  readonly text: string;
  readonly bot_id?: string;
  readonly blocks?: readonly Json[];
  readonly metadata?: Json;
  readonly edited?: { readonly user: string; readonly ts: string };
  /** The one user who sees it. */
  readonly ephemeralFor?: string;
  readonly files?: readonly Json[];
  readonly client_msg_id?: string;
  /** True while an agent's stream is still being written. */
  readonly streaming?: boolean;
}

export interface Session {
  readonly thread_ts: string;
  readonly status: 'processing' | 'active' | 'suspended' | 'closed';
  readonly title: string | null;
}

/** A modal on a user's screen. `view` is Slack's view object with `state.values` as filled in so far. */
export interface OpenView {
  readonly id: string;
  readonly view: Json;
  /** Error per block id, from the app's last `response_action: errors`. */
  readonly errors?: Readonly<Record<string, string>>;
}

/** A call of the app that Slack would have refused. */
export interface Violation {
  readonly at: string;
  readonly method: string;
  readonly error: string;
  readonly detail: string;
}

/** What is clicked on; `values` are inputs beside the element, typed but not submitted, as in `state.values`. */
export type ClickTarget = (
  { readonly channel: string; readonly ts: string } | { readonly viewId: string } | { readonly home: true }
) & { readonly values?: Record<string, Record<string, Json>> };

/** Which element, and what was chosen (`value`, `selected_option`, `selected_user`, `selected_date`, …). */
export type Choice = { readonly block_id: string; readonly action_id: string } & Json;

export interface Faults {
  /** Makes the next `times` calls of a Web API method fail; `dropAnswer` carries it out, then cuts the line. */
  failNext(
    method: string,
    fault: { status?: number; error?: string; retryAfter?: number; dropAnswer?: boolean },
    times?: number,
  ): void;
  /** Asks every connection to go away, or cuts them at once; the client then comes back by itself. */
  disconnectSockets(options?: { abrupt?: boolean }): void;
  /** Sends an event again under the same `event_id`, as a retry. @throws Error for an unknown id */
  redeliver(eventId: string): void;
}

/** What a person can see and do in the stand-in; methods throw an Error that says why something is impossible. */
export interface SlackWorld {
  users(): User[];
  channels(userId: string): { id: string; name: string; kind: 'im' | 'channel' }[];
  messages(channel: string, viewerId: string): Message[];
  sessions(channel: string): Session[];
  /** Prompts suggested for a direct message, as last set by the app. */
  suggestedPrompts(channel: string): { title: string; prompts: { title: string; message: string }[] } | null;
  /** The top of the user's modal stack. */
  view(userId: string): OpenView | null;
  home(userId: string): Json | null;
  say(userId: string, channel: string, text: string, threadTs?: string): { ts: string };
  edit(userId: string, channel: string, ts: string, text: string): void;
  /** Resolves once the command is acknowledged; `response` is what the acknowledgement said. */
  slash(userId: string, channel: string, command: string, text: string): Promise<{ response?: Json }>;
  /** Resolves once acknowledged; rejects when the app did not answer in time, as a user would be told. */
  click(userId: string, target: ClickTarget, choice: Choice): Promise<void>;
  /** Asks the app for the options of an external select (`block_suggestion`). */
  suggest(userId: string, target: ClickTarget, choice: Choice & { readonly value: string }): Promise<Json>;
  submitView(
    userId: string,
    viewId: string,
    values?: Record<string, Record<string, Json>>,
  ): Promise<{ ok: boolean; errors?: Record<string, string> }>;
  closeView(userId: string, viewId: string): void;
  openHome(userId: string): Promise<void>;
  openMessagesTab(userId: string): Promise<void>;
  stopSession(userId: string, channel: string, threadTs: string): void;
  setUser(userId: string, patch: Partial<Omit<User, 'id'>>): void;
  /** Removes the app from the workspace: its token stops working and it is told so. */
  uninstall(): void;
  violations(): Violation[];
  /** @returns how to stop listening */
  onChange(listener: () => void): () => void;
  readonly faults: Faults;
}

/** Everything an app needs to sign in to the stand-in. */
export interface Credentials {
  readonly botToken: string;
  readonly appToken: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly signingSecret: string;
}
