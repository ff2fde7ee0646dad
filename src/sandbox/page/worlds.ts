/**
 * What the page needs of the three stand-ins, told structurally: any object of this shape will do, so the
 * page knows no stand-in and a test can bring its own.
 */

type Listen = (listener: () => void) => () => void;

export type Member = {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  readonly email: string;
  /** IANA time zone name; the page shows every time in it, as Slack does. */
  readonly tz: string;
  readonly isAdmin: boolean;
  readonly isOwner: boolean;
  readonly isRestricted: boolean;
  readonly deleted: boolean;
  readonly isBot: boolean;
};

/** What was clicked on: a message, a modal or the App Home; `values` are its inputs, as in `view.state.values`. */
type ClickTarget = ({ channel: string; ts: string } | { viewId: string } | { home: true }) & {
  values?: BlockValues;
};

/** One element's new state in Slack's words: `block_id`, `action_id`, `type`, and `value` or `selected_…`. */
type ClickedAction = { block_id: string; action_id: string; type?: string } & Record<string, unknown>;

/** `{block_id: {action_id: {type, value | selected_…}}}`, as Slack sends it with a submission. */
type BlockValues = Record<string, Record<string, Record<string, unknown>>>;

/** The Slack stand-in as seen from inside the process. */
export type SlackWorld = {
  users(): readonly Member[];
  channels(userId: string): readonly { id: string; name: string; kind: 'im' | 'channel' }[];
  messages(channel: string, viewerId: string): readonly object[];
  sessions(channel: string): readonly object[];
  /** Prompts that the app suggested for a direct message; null when it suggested none. */
  suggestedPrompts(channel: string): object | null;
  /** The top of the member's modal stack. */
  view(userId: string): object | null;
  home(userId: string): object | null;
  violations(): readonly object[];
  say(userId: string, channel: string, text: string, threadTs?: string): unknown;
  edit(userId: string, channel: string, ts: string, text: string): unknown;
  slash(userId: string, channel: string, command: string, text: string): Promise<unknown>;
  click(userId: string, target: ClickTarget, action: ClickedAction): Promise<unknown>;
  /** Asks the app for the options of an external select. */
  suggest(userId: string, target: ClickTarget, action: ClickedAction & { value: string }): Promise<unknown>;
  submitView(userId: string, viewId: string, values: BlockValues): Promise<unknown>;
  closeView(userId: string, viewId: string): unknown;
  openHome(userId: string): Promise<unknown>;
  openMessagesTab(userId: string): unknown;
  stopSession(userId: string, channel: string, threadTs: string): unknown;
  onChange: Listen;
};

export type Mail = {
  readonly id: string;
  readonly threadId: string;
  readonly from: string;
  readonly to: string;
  readonly cc: string;
  readonly bcc: string;
  readonly subject: string;
  /** RFC 3339. */
  readonly date: string;
  readonly text: string;
  readonly labels: readonly string[];
};

export type CalendarEvent = {
  readonly id: string;
  readonly title: string;
  /** RFC 3339, or `YYYY-MM-DD` for a whole day. */
  readonly start: string;
  readonly end: string;
  readonly guests: readonly { readonly email: string }[];
  readonly location: string;
  /** `confirmed`, `tentative`, `cancelled` or `declined`. */
  readonly status: string;
};

export type GoogleWorld = {
  mailboxes(): readonly { email: string; messages: readonly Mail[]; drafts: readonly Mail[] }[];
  calendars(): readonly { email: string; events: readonly CalendarEvent[] }[];
  onChange: Listen;
};

export type Repository = {
  readonly fullName: string;
  readonly visibility: string;
  readonly issues: readonly {
    readonly number: number;
    readonly title: string;
    readonly state: string;
    readonly body?: string | null;
    readonly author: string;
    readonly labels?: readonly string[];
    readonly comments?: readonly { author: string; body: string }[];
  }[];
};

export type GithubWorld = {
  repositories(): readonly Repository[];
  onChange: Listen;
};

export type Worlds = {
  readonly slack: SlackWorld;
  readonly google: GoogleWorld;
  readonly github: GithubWorld;
};
