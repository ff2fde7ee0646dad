import type { Args } from '../args.ts';
import type { Json } from '../world.ts';
import type { Workspace } from '../workspace.ts';

/** Who is calling. */
export interface Caller {
  readonly token: string | null;
  readonly teamId: string;
  /** Client id and secret from an Authorization: Basic header. */
  readonly basic: { readonly id: string; readonly secret: string } | null;
}

/** One Web API method. `run` returns what comes beside `ok: true`. */
export interface Method {
  /** The kind of token it takes; `any` checks none. */
  readonly token: 'bot' | 'app' | 'user' | 'any';
  /** Any one of these scopes is enough. */
  readonly scopes?: readonly string[];
  /** Works in every workspace the app is installed in, the second one too. */
  readonly everyTeam?: boolean;
  readonly run: (args: Args, workspace: Workspace, caller: Caller) => Json | Promise<Json>;
}

export type Methods = Readonly<Record<string, Method>>;
