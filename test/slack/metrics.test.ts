import { expect, it } from 'vitest';
import { openTelemetry } from '../../src/main/telemetry.ts';
import { createLog } from '../../src/telemetry.ts';
import { readSeries } from '../support/scraped.ts';
import { createSlackDesk } from './desk.ts';
import { textOf, until } from './look.ts';

it('counts what Slack limits and what is sent again, and times acknowledgements', async () => {
  const watch = await openTelemetry({ traces: null }, { traceHeaders: {} }, createLog('silent'));
  const desk = await createSlackDesk(() => Promise.resolve({ status: 'done', reply: 'Hello.' }), {}, watch);
  desk.world.faults.failNext('chat.postMessage', { status: 429, retryAfter: 1 });
  desk.world.say('U0BEN', 'D0BEN', 'hello');
  await until(() =>
    desk.world.messages('D0BEN', 'U0BEN').find((message) => textOf(message).includes('Hello.')),
  );
  await desk.stop();
  const series = readSeries(await watch.metrics.registry.metrics());
  expect(series.get('agentdesk_slack_rate_limited_total')).toBe(1);
  expect(series.get('agentdesk_slack_requests_total{status_class="4xx"}')).toBe(1);
  expect(series.get('agentdesk_slack_requests_total{status_class="2xx"}')).toBeGreaterThan(1);
  expect(series.get('agentdesk_slack_retries_total')).toBe(1);
  expect(series.get('agentdesk_slack_ack_duration_seconds_count{delivery="event"}')).toBe(1);
});
