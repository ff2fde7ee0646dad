/**
 * What an outbox row says. It names things and holds no link and no secret; blocks are made when it is sent, from
 * the rows as they are then.
 */
export type Payload =
  /** A piece of an answer. */
  | { readonly type: 'reply'; readonly text: string }
  /** A sentence of our own. */
  | { readonly type: 'notice'; readonly text: string }
  | { readonly type: 'card'; readonly approvalId: string }
  | { readonly type: 'connect'; readonly requestId: string }
  /** A sentence for every admin but one; who they are is asked of Slack when it is sent. */
  | { readonly type: 'admins'; readonly text: string; readonly except: string }
  /** A signed checkpoint of the audit log, for people to keep. */
  | { readonly type: 'checkpoint'; readonly note: string }
  /** The state of the thread's session, worked out when it is sent. */
  | { readonly type: 'status'; readonly memberId: string };
