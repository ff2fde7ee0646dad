import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { exportLog } from '../../../src/audit/export/export.ts';
import { loadLogSigner } from '../../../src/audit/log/keys.ts';
import { fingerprint } from '../../../src/audit/log/note.ts';
import { sealAll } from '../../../src/audit/log/seal.ts';
import { verifyExport } from '../../../src/audit/verify/verify.ts';
import { createDatabase } from '../../../src/db/client.ts';
import { createKeyring } from '../../../src/db/seal.ts';
import { fillUnsealed } from '../audit-rows.ts';
import { atLeast, type Figure, type Row } from '../figure.ts';

const WORKSPACE = 'T0BENCH';
const EVERYTHING = { from: null, to: null, memberId: null };

/** Sealing a log, writing it out as files that prove themselves, and verifying these. */
export const auditFiles: Figure = {
  name: 'audit-files',
  async measure({ databases }, { quick }) {
    const events = quick ? 30_000 : 200_000;
    const url = await databases.create('bench_audit_files');
    const dir = mkdtempSync(join(tmpdir(), 'agentdesk-bench-'));
    const desk = createDatabase({ url, role: 'agentdesk_app' }, 4);
    try {
      await fillUnsealed(url, events);
      const signer = await loadLogSigner(desk, createKeyring([randomBytes(32)]));
      const seal = await perSecond(events, () => sealAll(desk, signer, WORKSPACE));
      const [write, check]: [number[], number[]] = [[], []];
      for (let turn = 0; turn < (quick ? 1 : 3); turn += 1) {
        const out = join(dir, String(turn));
        write.push(
          await perSecond(events, () =>
            exportLog(desk, signer, {
              workspaceId: WORKSPACE,
              dir: out,
              filter: EVERYTHING,
              now: () => new Date(),
              onProgress: () => undefined,
            }),
          ),
        );
        check.push(
          await perSecond(events, async () => {
            const key = fingerprint(signer.raw);
            const { verdict, problems } = await verifyExport({ dir: out, key, checkpoint: null });
            if (verdict !== 'authentic') throw new Error(`the export is ${verdict}: ${problems.join('; ')}`);
          }),
        );
      }
      const row = (name: string, desks: number, least: number | null): Row => ({
        name: `audit, ${name}, ${events.toLocaleString('en')} events`,
        unit: 'events/s',
        desk: desks,
        bare: null,
        ...(least === null ? {} : { goal: atLeast(desks, least, 'events/s') }),
      });
      return [
        row('sealed', seal, null),
        row('exported', Math.max(...write), 20_000),
        row('verified', Math.max(...check), 50_000),
      ];
    } finally {
      await desk.close();
      rmSync(dir, { recursive: true, force: true });
    }
  },
};

async function perSecond(events: number, work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return events / ((performance.now() - started) / 1000);
}
