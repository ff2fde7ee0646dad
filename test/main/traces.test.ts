import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTelemetry } from '../../src/main/telemetry.ts';
import { DeskError } from '../../src/errors.ts';
import { deriveRootSpanId, deriveTraceId } from '../../src/telemetry-ids.ts';
import { createLog, redact } from '../../src/telemetry.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { connectByCard, findCard, press, startOutside, until, type Outside } from '../support/outside.ts';
import { startAsProcess } from '../support/program.ts';
import { readSeries } from '../support/scraped.ts';
import { startCollector, type SeenSpan } from './collector.ts';

const [USER, CHANNEL] = ['U0BEN', 'D0BEN'];
const WORDS = "mail priya@acme.test about 'Traced' saying 'private words'";

describe('one turn, seen by a collector, with a restart between card and click', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'agentdesk-traces-'));
  let collector: Awaited<ReturnType<typeof startCollector>>;
  let outside: Outside;
  let database: TestDatabase;
  let turn: { id: string; trace_id: string };
  let spans: SeenSpan[];
  let page: string;

  beforeAll(async () => {
    [collector, outside, database] = await Promise.all([
      startCollector(),
      startOutside(),
      createTestDatabase(),
    ]);
    const variables = {
      ...outside.variables,
      DATABASE_URL: database.ownerUrl,
      AGENTDESK_DATA_DIR: dataDir,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=kept%20secret',
      OTEL_SERVICE_NAME: 'desk-under-test',
    };
    const first = await startAsProcess(variables);
    await connectByCard(outside, USER, CHANNEL, "what's on my calendar today?", 'ben@acme.test');
    const { ts } = outside.slack.say(USER, CHANNEL, WORDS);
    const card = await until('a card', () => findCard(outside, CHANNEL, USER, ts, 'Approve'));
    expect(await first.stop()).toBe(0);
    const second = await startAsProcess(variables);
    await press(outside, USER, CHANNEL, card, 'Approve');
    await until('the end', () => findCard(outside, CHANNEL, USER, ts, 'Approve') === undefined);
    await until('the mail', () => outside.google.effects().some(({ kind }) => kind === 'mail.sent'));
    for (let status = ''; status !== 'done';) {
      const rows = await database.owner<{ id: string; trace_id: string; status: string }[]>`
        select id, trace_id, status from agentdesk.turns where text = ${WORDS}`;
      turn = rows[0]!;
      status = rows[0]!.status;
    }
    page = await (await fetch(`${second.url}/metrics`)).text();
    expect(await second.stop()).toBe(0);
    spans = collector.spans().filter(({ traceId }) => traceId === turn.trace_id);
  }, 240_000);

  afterAll(async () => {
    await Promise.all([collector.stop(), outside.stop(), database.drop()]);
    rmSync(dataDir, { recursive: true, force: true });
  });

  const named = (name: string): SeenSpan[] => spans.filter((span) => span.name === name);
  const only = (name: string): SeenSpan => {
    expect(named(name)).toHaveLength(1);
    return named(name)[0]!;
  };
  const parentsOf = (name: string): (string | undefined)[] => [
    ...new Set(
      named(name).map(({ parentSpanId }) => spans.find(({ spanId }) => spanId === parentSpanId)?.name),
    ),
  ];

  it('is one trace, whose ids follow from the turn and stand in the audit log', async () => {
    expect(turn.trace_id).toBe(deriveTraceId(turn.id));
    const root = only('turn');
    expect(root).toMatchObject({ spanId: deriveRootSpanId(turn.id), parentSpanId: null });
    expect(root.attributes).toEqual({ 'agentdesk.outcome': 'done' });
    const rows = await database.owner`
      select distinct trace_id from agentdesk.audit_events where turn_id = ${turn.id}`;
    expect(rows.map((row) => row['trace_id'] as string)).toEqual([turn.trace_id]);
    const ids = spans.map(({ spanId }) => spanId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has job, graph, model, policy, approval, exchange and provider requests where they belong', () => {
    expect(named('job').map(({ attributes }) => attributes['agentdesk.job.kind'])).toEqual([
      'turn',
      'resume',
    ]);
    expect(named('graph')).toHaveLength(2);
    expect(named('model').length).toBe(2);
    expect(named('policy').length).toBe(1);
    expect(named('provider request').length).toBeGreaterThanOrEqual(2);
    expect(parentsOf('job')).toEqual(['turn']);
    expect(parentsOf('approval')).toEqual(['turn']);
    expect(parentsOf('graph')).toEqual(['job']);
    expect(parentsOf('model')).toEqual(['graph']);
    expect(parentsOf('policy')).toEqual(['graph']);
    expect(parentsOf('perform')).toEqual(['graph']);
    expect(parentsOf('exchange')).toEqual(['perform']);
    expect(parentsOf('provider request')).toEqual(['perform']);
  });

  it('says what was decided and answered', () => {
    const action = { 'agentdesk.action': 'gmail.messages.send' };
    expect(only('policy').attributes).toEqual({ ...action, 'agentdesk.outcome': 'approve' });
    expect(only('approval').attributes).toEqual({
      ...action,
      'agentdesk.outcome': 'approved',
      'agentdesk.tier': 'approve',
    });
    expect(only('perform').attributes).toEqual({
      ...action,
      'agentdesk.outcome': 'done',
      'agentdesk.tier': 'approve',
    });
    const connection = { 'agentdesk.connection': 'google-oauth2' };
    expect(only('exchange')).toMatchObject({
      kind: 3,
      failed: false,
      attributes: { ...action, ...connection },
    });
    for (const { kind, failed, attributes } of named('provider request')) {
      expect([kind, failed]).toEqual([3, false]);
      expect(attributes).toEqual({
        ...action,
        ...connection,
        'agentdesk.outcome': 'ok',
        'http.request.method': expect.stringMatching(/^(GET|POST)$/) as string,
        'server.address': 'gmail.googleapis.com',
        'http.response.status_code': 200,
      });
    }
    const approved = only('approval').seconds;
    expect(only('turn').seconds).toBeGreaterThanOrEqual(approved);
  });

  it('carries nothing that is secret or that somebody wrote', async () => {
    const sent = collector.bodies.join('\n');
    const codes = await database.owner<{ code: string }[]>`select code from agentdesk.calls`;
    const secrets = Object.entries(outside.variables)
      .filter(([name]) => /TOKEN|SECRET/.test(name))
      .map(([, value]) => value);
    for (const word of [
      ...secrets,
      'kept secret',
      'priya',
      'acme',
      'Traced',
      'private',
      'calendar today',
      USER,
      CHANNEL,
    ])
      expect(sent).not.toContain(word);
    for (const { code } of codes) expect(sent).not.toContain(code);
    expect(redact(sent)).toBe(sent);
    expect(collector.services()).toEqual(['desk-under-test']);
    expect(new Set(collector.headers.map((headers) => headers['x-key']))).toEqual(new Set(['kept secret']));
  });

  it('moved the metrics of the process that did it', () => {
    const series = readSeries(page);
    expect(series.get('agentdesk_turns_total{end="done"}')).toBe(1);
    expect(series.get('agentdesk_slack_ack_duration_seconds_count{delivery="interaction"}')).toBe(1);
    expect(series.get('agentdesk_slack_requests_total{status_class="2xx"}')).toBeGreaterThan(0);
    expect(series.get('agentdesk_spans_not_exported_total')).toBe(0);
    expect(series.get('agentdesk_effects_total{state="done"}')).toBe(1);
  });
});

describe('what goes wrong', () => {
  const open = (url: string, lines: string[] = []) =>
    openTelemetry(
      { traces: { url: `${url}/v1/traces`, serviceName: 'x' } },
      { traceHeaders: {} },
      createLog('warn', { write: (line) => lines.push(line) }),
    );

  it('is told by its code alone, and thrown on', async () => {
    const collector = await startCollector();
    const watch = await open(collector.url);
    const failing = watch.telemetry.trace({ name: 'exchange', turnId: 'T/1' }, () =>
      watch.telemetry.trace({ name: 'model', turnId: 'T/2' }, () => {
        throw new DeskError('config_invalid', { problem: 'hunter2' }, { cause: new Error('hunter2') });
      }),
    );
    await expect(failing).rejects.toThrow('hunter2');
    await watch.telemetry.trace({ name: 'policy', turnId: null }, () => 1);
    await watch.stop();
    expect(collector.bodies.join()).not.toContain('hunter2');
    const [inner, outer] = collector.spans();
    expect(inner).toMatchObject({
      name: 'model',
      failed: true,
      attributes: { 'error.type': 'config_invalid' },
    });
    // A step of another turn is no child of this one.
    expect(inner).toMatchObject({ traceId: deriveTraceId('T/2'), parentSpanId: deriveRootSpanId('T/2') });
    expect(outer).toMatchObject({ traceId: deriveTraceId('T/1'), failed: true });
    expect(collector.spans()).toHaveLength(2);
    await collector.stop();
  });

  it('a collector that is away costs its spans, which are counted, and nothing else', async () => {
    const lines: string[] = [];
    const watch = await open('http://127.0.0.1:9', lines);
    expect(await watch.telemetry.trace({ name: 'graph', turnId: 'T/1' }, () => 'done')).toBe('done');
    await watch.stop();
    const page = await watch.metrics.registry.metrics();
    expect(readSeries(page).get('agentdesk_spans_not_exported_total')).toBe(1);
    expect(lines.join()).toContain('did not take spans');
  });
});
