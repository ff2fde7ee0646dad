/** Who we are in a workspace. */
export interface Identity {
  /** Team id, or enterprise id of an org-wide install: the workspace in every key. */
  readonly workspaceId: string;
  readonly enterpriseId: string | null;
  readonly name: string;
  readonly botToken: string;
  readonly botUserId: string;
  readonly botId: string;
}
