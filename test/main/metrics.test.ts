import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ToolModel } from '../../src/agent/model.ts';
import { AIMessage } from '../../src/agent/langchain.ts';
import { decide } from '../../src/approvals/decide.ts';
import { listPending } from '../../src/approvals/query.ts';
import { append } from '../../src/audit/append.ts';
import { authorize } from '../../src/calls/authorize.ts';
import { claim } from '../../src/calls/claim.ts';
import type { CallDeps } from '../../src/calls/deps.ts';
import { listTurnCalls } from '../../src/calls/query.ts';
import { findTurn } from '../../src/calls/turns.ts';
import { createDatabase } from '../../src/db/client.ts';
import { createScrape, STATE_QUERIES } from '../../src/main/scrape.ts';
import { openTelemetry, type Watch } from '../../src/main/telemetry.ts';
import { createLog } from '../../src/telemetry.ts';
import { findAccount } from '../../src/vault/accounts/list.ts';
import { openLease } from '../../src/vault/leases.ts';
import { createTestDatabase } from '../support/database.ts';
import { PEOPLE, startTestDesk, toolCalls, WORKSPACE, type TestDesk } from '../support/desk.ts';
import { findGrowth, readSeries } from '../support/scraped.ts';

const EVENT = { workspaceId: WORKSPACE, type: 'access.refused', actor: 'member:U0BEN' } as const;

const mail = (subject: string) =>
  toolCalls({
    name: 'gmail_messages_send',
    args: { to: ['priya@acme.test'], subject, text: 'private words' },
    id: `call_${subject}`,
  });

describe('what /metrics counts', () => {
  let test: TestDesk;
  let watch: Watch;
  let scrape: () => Promise<string>;
  let before: string;
  let script: AIMessage[] = [];
  const model: ToolModel = {
    label: 'scripted',
    invoke: () => Promise.resolve(script.shift() ?? new AIMessage('Done.')),
  };

  beforeAll(async () => {
    watch = await openTelemetry({ traces: null }, { traceHeaders: {} }, createLog('silent'));
    test = await startTestDesk(model, { telemetry: watch.telemetry });
    await test.connect('google-oauth2', 'U0BEN');
    const read = createScrape(watch.metrics, test.desk.database, createLog('silent'));
    scrape = async () => (await read()).body;
  });
  beforeEach(async () => {
    before = await scrape();
  });
  afterAll(() => test.stop());

  const grown = async (): Promise<Record<string, number>> => findGrowth(before, await scrape());
  /** One message and what the model says to it. */
  const turn = async (...words: AIMessage[]): Promise<string> => {
    script = words;
    const id = await test.say('U0BEN', 'please');
    await test.desk.agent.run(id);
    return id;
  };
  const answer = async (decision: 'approve' | 'deny'): Promise<void> => {
    const [approval] = await listPending(test.desk.database, WORKSPACE, 'U0BEN', 10);
    await decide(test.desk.deps.approvals, {
      workspaceId: WORKSPACE,
      memberId: 'U0BEN',
      approvalId: approval?.id ?? '',
      decision,
      reason: null,
      from: { surface: 'card', channel: 'DU0BEN', ts: '1.1' },
    });
  };

  it('an allowed call', async () => {
    const when = { from: '2030-01-01', to: '2030-01-02' };
    await turn(
      toolCalls({ name: 'calendar_events_list', args: when, id: 'call_list' }),
      new AIMessage('Nothing.'),
    );
    expect(await grown()).toMatchObject({
      'agentdesk_turns_total{end="done"}': 1,
      agentdesk_turn_duration_seconds_count: 1,
      'agentdesk_decisions_total{outcome="allow"}': 1,
      'agentdesk_leases_total{kind="perform"}': 1,
      'agentdesk_exchanges_total{result="ok"}': 1,
      agentdesk_exchange_duration_seconds_count: 1,
      'agentdesk_provider_request_duration_seconds_count{service="google",status_class="2xx"}': 1,
      'agentdesk_effects_total{state="done"}': 1,
    });
    expect(Object.keys(await grown()).filter((name) => /approval|refusals/.test(name))).toEqual([]);
  });

  it('a call that waits, and is approved', async () => {
    const id = await turn(mail('one'), new AIMessage('Sent.'));
    const waiting = await grown();
    expect(waiting).toMatchObject({
      'agentdesk_decisions_total{outcome="approve"}': 1,
      'agentdesk_approvals_requested_total{tier="approve"}': 1,
      agentdesk_approvals_pending: 1,
      'agentdesk_calls_open{state="pending"}': 1,
      'agentdesk_queue_depth{queue="conversation"}': 1,
    });
    expect(Object.keys(waiting).filter((name) => /perform|exchanges|effects|turns_total/.test(name))).toEqual(
      [],
    );
    await answer('approve');
    await test.desk.agent.run(id);
    const all = await grown();
    expect(all).toMatchObject({
      'agentdesk_approvals_decided_total{outcome="approved"}': 1,
      'agentdesk_approval_decision_duration_seconds_count{outcome="approved"}': 1,
      'agentdesk_leases_total{kind="perform"}': 1,
      'agentdesk_exchanges_total{result="ok"}': 1,
      'agentdesk_effects_total{state="done"}': 1,
      'agentdesk_turns_total{end="done"}': 1,
      'agentdesk_audit_events_total{type="approval.proved"}': 1,
    });
    expect(all).not.toHaveProperty('agentdesk_approvals_pending');
    expect(all).not.toHaveProperty('agentdesk_calls_open{state="pending"}');
  });

  it('a call that a person denies, and one that the policy does', async () => {
    const id = await turn(mail('two'), new AIMessage('Not sent.'));
    await answer('deny');
    await test.desk.agent.run(id);
    const asGuest: CallDeps = {
      ...test.desk.deps,
      describeMember: () => Promise.resolve({ ...PEOPLE['U0BEN']!, role: 'guest' as const }),
    };
    const found = await findTurn(test.desk.deps, await test.say('U0BEN', 'please'));
    const { name, args, id: toolCallId } = mail('three').tool_calls![0]!;
    await authorize(asGuest, found!, [], { id: toolCallId!, name, args, unusable: null });
    const all = await grown();
    expect(all).toMatchObject({
      'agentdesk_decisions_total{outcome="approve"}': 1,
      'agentdesk_decisions_total{outcome="deny"}': 1,
      'agentdesk_approvals_decided_total{outcome="denied"}': 1,
      'agentdesk_approval_decision_duration_seconds_count{outcome="denied"}': 1,
    });
    expect(Object.keys(all).filter((name) => /perform|exchanges|effects|provider/.test(name))).toEqual([]);
  });

  it('claims that are refused: too late, and tampered with', async () => {
    const { deps } = test.desk;
    const late = await turn(mail('four'));
    await answer('approve');
    await test.database.owner`update agentdesk.calls set execute_by = now() where turn_id = ${late}`;
    const tampered = await turn(mail('five'));
    await answer('approve');
    await test.database.owner`update agentdesk.calls set args = 'x' where turn_id = ${tampered}`;
    for (const id of [late, tampered]) {
      const [call] = await listTurnCalls(deps, id);
      await expect(claim(deps, call!.id)).rejects.toThrow();
    }
    const all = await grown();
    expect(all).toMatchObject({
      'agentdesk_refusals_total{at="claim",reason="execute_too_late",attack="false"}': 1,
      'agentdesk_refusals_total{at="claim",reason="claim_refused",attack="true"}': 1,
    });
    expect(Object.keys(all).filter((name) => /perform|exchanges|effects/.test(name))).toEqual([]);
  });

  it('a tool that does not exist, a click on nothing, and a request outside the lease', async () => {
    const { deps } = test.desk;
    await turn(
      toolCalls({ name: 'gmail_messages_destroy', args: {}, id: 'call_none' }),
      new AIMessage('No.'),
    );
    await expect(answer('approve')).rejects.toThrow();
    const account = (await findAccount(deps.database, WORKSPACE, 'U0BEN', 'google-oauth2'))!;
    const lease = await openLease(deps.vault, {
      kind: 'reconcile',
      account,
      issuer: deps.vault.vault.issuer,
      subject: 'nobody',
      action: 'gmail.messages.send',
      scopes: [],
      rules: [{ method: 'GET', host: 'gmail.googleapis.com', path: '/x', max: 1 }],
      call: null,
      turnId: null,
      traceId: null,
      seconds: 5,
    });
    await expect(lease.http('https://evil.example.com/U0BEN')).rejects.toThrow();
    await lease.end();
    await expect(lease.http('https://gmail.googleapis.com/x')).rejects.toThrow();
    expect(await grown()).toMatchObject({
      'agentdesk_refusals_total{at="proposal",reason="tool_unknown",attack="false"}': 1,
      'agentdesk_refusals_total{at="approval",reason="approval_unknown",attack="false"}': 1,
      'agentdesk_refusals_total{at="lease",reason="host",attack="false"}': 1,
      'agentdesk_refusals_total{at="lease",reason="lease_ended",attack="false"}': 1,
      'agentdesk_leases_total{kind="reconcile"}': 1,
    });
  });

  it('nothing of a transaction that was rolled back, and once what was tried twice', async () => {
    const { database } = test.desk;
    const failing = database.transaction(async (tx) => {
      await append(tx, { ...EVENT, outcome: 'not_allowed' });
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    expect(await grown()).toEqual({});
    let attempts = 0;
    await database.transaction(async (tx) => {
      await append(tx, { ...EVENT, outcome: 'not_allowed' });
      attempts += 1;
      if (attempts === 1) throw Object.assign(new Error('try again'), { code: '40001' });
    });
    expect(await grown()).toEqual({
      'agentdesk_audit_events_total{type="access.refused"}': 1,
      'agentdesk_refusals_total{at="access",reason="not_allowed",attack="false"}': 1,
    });
  });

  it('what stands in no label: people, places, codes, addresses, words', async () => {
    await test.desk.database.transaction((tx) =>
      append(tx, { ...EVENT, outcome: 'U0BEN said ben@acme.test' }),
    );
    const page = await scrape();
    expect(page).toContain('reason="other"');
    const codes = await test.database.owner<{ code: string }[]>`select code from agentdesk.calls`;
    expect(codes.length).toBeGreaterThan(3);
    const words = [
      'U0BEN',
      WORKSPACE,
      'acme.test',
      'googleapis',
      'evil',
      'private',
      ...codes.map(({ code }) => code),
    ];
    for (const word of words) expect(page).not.toContain(word);
    expect([...readSeries(page).keys()].length).toBeLessThan(700);
    expect(page).toContain('process_cpu_seconds_total');
  });
});

describe('the database at a scrape', () => {
  it('is left out when it does not answer, and that is counted', async () => {
    const watch = await openTelemetry({ traces: null }, { traceHeaders: {} }, createLog('silent'));
    const lines: string[] = [];
    const database = createDatabase({ url: 'postgres://nobody@127.0.0.1:9/none', role: null }, 1);
    const read = createScrape(
      watch.metrics,
      database,
      createLog('warn', { write: (line) => lines.push(line) }),
    );
    const { body } = await read();
    await database.close();
    expect(readSeries(body).get('agentdesk_state_read_failures_total')).toBe(1);
    expect(body).not.toMatch(/^agentdesk_(approvals_pending|calls_open|queue_depth|reconcile_backlog)\b/m);
    expect(body).toContain('process_cpu_seconds_total');
    expect(lines.join()).toContain('could not be read');
  });

  it('is asked by queries that an index of just the open rows answers', async () => {
    const database = await createTestDatabase();
    const plans = await database.desk.sql.begin(async (tx) => {
      // The tables are empty, and for those a plan without an index is cheapest.
      await tx`set local enable_seqscan = off`;
      const found: string[] = [];
      for (const query of Object.values(STATE_QUERIES)) {
        const rows = await tx.unsafe<{ 'QUERY PLAN': string }[]>(`explain ${query}`);
        found.push(rows.map((row) => row['QUERY PLAN']).join(' '));
      }
      return found;
    });
    await database.drop();
    const indexes = ['calls_open_code', 'approvals_pending', 'calls_unsettled', 'inbox_open', 'outbox_open'];
    for (const [position, index] of indexes.entries()) expect(plans[position]).toContain(index);
  });
});

describe('what is written about metrics', () => {
  const names = async (): Promise<string[]> => {
    const { metrics } = await openTelemetry({ traces: null }, { traceHeaders: {} }, createLog('silent'));
    return metrics.registry.getMetricsAsArray().map(({ name }) => name);
  };
  const ours = async () => (await names()).filter((name) => name.startsWith('agentdesk_')).sort();

  it('docs/operations.md has a row for each, and for nothing else', async () => {
    const rows = [...readFileSync('docs/operations.md', 'utf8').matchAll(/^\| `(agentdesk_\w+)`/gm)];
    expect(rows.map(([, name]) => name).sort()).toEqual(await ours());
  });

  it('docs/grafana-dashboard.json draws each of ours, and nothing that is not there', async () => {
    const text = readFileSync('docs/grafana-dashboard.json', 'utf8');
    const dashboard = JSON.parse(text) as {
      panels: { id: number; type: string; targets?: { expr: string }[] }[];
      templating: { list: { name: string; type: string; query: unknown }[] };
    };
    expect(dashboard.templating.list).toContainEqual(
      expect.objectContaining({ name: 'datasource', type: 'datasource', query: 'prometheus' }),
    );
    const expressions = dashboard.panels.flatMap((panel) => panel.targets ?? []).map(({ expr }) => expr);
    const used = expressions.flatMap((expr) => expr.match(/\b(?:agentdesk|process|nodejs)_\w+/g) ?? []);
    const named = new Set(used.map((name) => name.replace(/_bucket$/, '')));
    expect([...named].filter((name) => name.startsWith('agentdesk_')).sort()).toEqual(await ours());
    const all = new Set(await names());
    expect([...named].filter((name) => !all.has(name))).toEqual([]);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });

  it('names end as Prometheus wants them to', async () => {
    const { metrics } = await openTelemetry({ traces: null }, { traceHeaders: {} }, createLog('silent'));
    const described = await metrics.registry.getMetricsAsJSON();
    for (const { name, type } of described.filter((metric) => metric.name.startsWith('agentdesk_'))) {
      if (String(type) === 'counter') expect(name).toMatch(/_total$/);
      if (String(type) === 'histogram') expect(name).toMatch(/_seconds$/);
    }
  });
});
