import type { LogSigner } from '../../audit/log/keys.ts';
import type { AuditConfig } from '../../config-types.ts';
import type { Database } from '../../db/client.ts';

export const USAGE = `Usage:
  agentdesk audit export --out DIR [--workspace W] [--from TIME] [--to TIME] [--member U…]
  agentdesk audit verify DIR [--key FINGERPRINT] [--checkpoint FILE]
  agentdesk audit check [--workspace W]
  agentdesk audit erase --workspace W --member U…
  agentdesk audit prune --out DIR [--months N]
  agentdesk audit hold --workspace W [--member U…] (--reason TEXT | --lift yes)
`;

/** What the subcommands that need the database are given. */
export interface AuditSession {
  /** As the application. */
  readonly database: Database;
  readonly signer: LogSigner;
  readonly ownerUrl: string;
  readonly config: AuditConfig;
  /** Names of the streams that are configured. */
  readonly sinks: readonly string[];
  readonly args: readonly string[];
}
