import { randomBytes } from 'node:crypto';
import { catalog } from '../../../src/actions/catalog.ts';
import { createDatabase } from '../../../src/db/client.ts';
import { evaluate } from '../../../src/policy/evaluate.ts';
import { createKeyring } from '../../../src/db/seal.ts';
import { createPolicyStore } from '../../../src/policy/head.ts';
import type { PolicyCall } from '../../../src/policy/types.ts';
import type { Figure } from '../figure.ts';
import { median, percentile } from '../stats.ts';

/** One decision of the policy in force: the evaluation alone, and with the look at which version that is. */
export const decision: Figure = {
  name: 'decision',
  async measure({ deskUrl }, { quick }) {
    const database = createDatabase({ url: deskUrl, role: 'agentdesk_app' }, 1);
    try {
      const store = createPolicyStore(
        database,
        catalog.map(({ id, service, risk }) => ({ id, service, risk })),
        createKeyring([randomBytes(32)]),
      );
      const [alone, loaded, bare]: [number[], number[], number[]] = [[], [], []];
      for (let turn = 0; turn < (quick ? 200 : 2000); turn += 1) {
        const started = performance.now();
        const policy = await store.load('T0DECISION', 'U0P1');
        const read = performance.now();
        evaluate(policy, CALL);
        const done = performance.now();
        await database.sql`select 1`;
        bare.push(performance.now() - done);
        alone.push(done - read);
        loaded.push(done - started);
      }
      return [
        { name: 'policy decision, evaluation alone, p50', unit: 'ms', desk: median(alone), bare: null },
        {
          name: 'policy decision, evaluation alone, p99',
          unit: 'ms',
          desk: percentile(alone, 0.99),
          bare: null,
        },
        {
          name: 'policy decision with its version read, p99',
          unit: 'ms',
          desk: percentile(loaded, 0.99),
          bare: percentile(bare, 0.99),
          note: 'bare: select 1',
        },
      ];
    } finally {
      await database.close();
    }
  },
};

const CALL: PolicyCall = {
  agent: 'default',
  member: { workspaceId: 'T0BENCH', id: 'U0P1', role: 'member', groups: [] },
  action: 'gmail.messages.send',
  account: { connection: 'google-oauth2', label: 'ben@acme.test', domain: 'acme.test' },
  facts: { recipients: ['priya@acme.test', 'someone@elsewhere.test'] },
  context: {
    ownDomains: ['acme.test'],
    firstTimeRecipients: false,
    hour: 10,
    weekday: 'mon',
    surface: 'dm',
    provenance: ['member', 'member'],
  },
};
