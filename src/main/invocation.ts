import type { Config, Secrets } from '../config-types.ts';
import type { Log } from '../telemetry.ts';

/** What every command is given. */
export interface Invocation {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly log: Log;
  readonly args: readonly string[];
}
