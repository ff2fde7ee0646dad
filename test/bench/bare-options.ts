/** What the bare baseline is started with. */
export interface BareOptions {
  readonly apiUrl: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly modelUrl: string;
  readonly modelKey: string;
  readonly databaseUrl: string;
  readonly googleUrl: string;
  /** An access token of the provider, which it simply holds. */
  readonly token: string;
}
