export interface StoredMessage {
  readonly id: string;
  readonly threadId: string;
  labelIds: readonly string[];
  /** The RFC 5322 message, base64. */
  readonly raw: string;
  /** Milliseconds since the epoch. */
  readonly internalDate: number;
  readonly historyId: number;
}

export interface Mailbox {
  readonly email: string;
  messages: StoredMessage[];
  drafts: { readonly id: string; messageId: string }[];
}
