import type { Figure } from './figure.ts';
import { ack } from './figures/ack.ts';
import { audit } from './figures/audit.ts';
import { auditFiles } from './figures/audit-files.ts';
import { click } from './figures/click.ts';
import { commit } from './figures/commit.ts';
import { decision } from './figures/decision.ts';
import { growth } from './figures/growth.ts';
import { memory } from './figures/memory.ts';
import { processes } from './figures/processes.ts';
import { reply } from './figures/reply.ts';
import { start } from './figures/start.ts';
import { throughput } from './figures/throughput.ts';

/** In the order in which they are measured: what comes later must not mind what the earlier ones left behind. */
export const figures: readonly Figure[] = [
  commit,
  reply,
  throughput,
  growth,
  ack,
  memory,
  decision,
  start,
  processes,
  click,
  audit,
  auditFiles,
];
