import type { App } from '@slack/bolt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBolt, startSlack, until, type Started } from './slack-kit.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const card = (text: string) => [
  { type: 'section' as const, block_id: 'what', text: { type: 'mrkdwn' as const, text } },
  {
    type: 'actions' as const,
    block_id: 'decide',
    elements: [
      {
        type: 'button' as const,
        action_id: 'approve',
        text: plain('Approve'),
        value: 'K7',
        style: 'primary' as const,
      },
    ],
  },
];

let started: Started;
let app: App;

beforeEach(async () => {
  started = await startSlack();
  app = createBolt(started);
});
afterEach(async () => {
  await app.stop();
  await started.slack.stop();
});

describe('a Bolt app in Socket Mode', () => {
  it('answers a DM with a card, and a click rewrites the card', async () => {
    const { world } = started;
    const seen: string[] = [];
    app.message(async ({ event, say }) => {
      if (event.subtype !== undefined) return;
      seen.push(`${event.channel_type} ${event.user} ${event.text}`);
      await say({ text: 'A card', blocks: card('*Send it?*'), thread_ts: event.ts });
    });
    app.action('approve', async ({ ack, body, action, client, respond }) => {
      await ack();
      if (body.type !== 'block_actions' || action.type !== 'button') return;
      const ts = body.message?.ts ?? '';
      await client.chat.update({
        channel: body.channel?.id ?? '',
        ts,
        text: `done ${action.value}`,
        blocks: [],
      });
      await respond({ text: `noted, ${body.user.id} of ${body.team?.id}`, replace_original: false });
    });
    await app.start();

    const { ts } = world.say('U0BEN', 'D0BEN', 'mail priya@acme.test <now>');
    const posted = await until(world, () =>
      world.messages('D0BEN', 'U0BEN').find((one) => one.blocks && one.bot_id),
    );
    expect(posted.thread_ts).toBe(ts);
    expect(seen).toEqual(['im U0BEN mail <mailto:priya@acme.test|priya@acme.test> &lt;now&gt;']);

    await world.click(
      'U0BEN',
      { channel: 'D0BEN', ts: posted.ts },
      { block_id: 'decide', action_id: 'approve' },
    );
    const rewritten = await until(world, () =>
      world.messages('D0BEN', 'U0BEN').find((one) => one.ts === posted.ts && one.edited),
    );
    expect(rewritten).toMatchObject({ text: 'done K7', blocks: [] });
    const note = await until(world, () => world.messages('D0BEN', 'U0BEN').find((one) => one.ephemeralFor));
    expect(note.text).toBe('noted, U0BEN of T0SANDBOX');
    expect(world.messages('D0BEN', 'U0ADA')).toEqual([]);
    expect(world.violations()).toEqual([]);
  });

  it('answers a slash command with its acknowledgement and by response_url', async () => {
    const { world } = started;
    app.command('/agentdesk', async ({ ack, command, respond }) => {
      await ack({ text: `got ${command.text}` });
      await respond({ text: 'later', response_type: 'in_channel' });
    });
    await app.start();
    const { response } = await world.slash('U0ADA', 'C0GENERAL', '/agentdesk', 'connect @ben');
    expect(response).toEqual({ text: 'got connect <@U0BEN|ben>' });
    const later = await until(world, () =>
      world.messages('C0GENERAL', 'U0BEN').find((one) => one.text === 'later'),
    );
    expect(later.ephemeralFor).toBeUndefined();
    expect(world.messages('C0GENERAL', 'U0BEN').some((one) => one.text.startsWith('got'))).toBe(false);
    expect(world.messages('C0GENERAL', 'U0ADA').some((one) => one.text.startsWith('got'))).toBe(true);
  });

  it('opens a modal, shows its errors, then updates and closes it', async () => {
    const { world } = started;
    const view = {
      type: 'modal' as const,
      callback_id: 'reason',
      title: plain('Deny'),
      submit: plain('Deny'),
      blocks: [
        {
          type: 'input' as const,
          block_id: 'why',
          label: plain('Why'),
          element: { type: 'plain_text_input' as const, action_id: 'text', min_length: 2 },
        },
        {
          type: 'actions' as const,
          block_id: 'more',
          elements: [{ type: 'button' as const, action_id: 'peek', text: plain('Peek') }],
        },
      ],
    };
    app.command('/agentdesk', async ({ ack, command, client }) => {
      await ack();
      await client.views.open({ trigger_id: command.trigger_id, view });
    });
    app.view('reason', async ({ ack, view: sent }) => {
      const text = sent.state.values['why']?.['text']?.value;
      if (text === 'no') return ack({ response_action: 'errors', errors: { why: 'Say more.' } });
      if (text === 'push') return ack({ response_action: 'push', view: { ...view, callback_id: 'second' } });
      await ack();
    });
    const peeked: unknown[] = [];
    app.action('peek', async ({ ack, body }) => {
      await ack();
      if (body.type === 'block_actions') peeked.push(body.view?.state.values['why']?.['text']?.value);
    });
    await app.start();
    await world.slash('U0BEN', 'D0BEN', '/agentdesk', 'deny');
    const open = await until(world, () => world.view('U0BEN'));
    const submit = (value: string) =>
      world.submitView('U0BEN', open.id, { why: { text: { type: 'plain_text_input', value } } });

    expect(await world.submitView('U0BEN', open.id)).toMatchObject({ ok: false });
    const values = { why: { text: { type: 'plain_text_input', value: 'typed' } } };
    await world.click('U0BEN', { viewId: open.id, values }, { block_id: 'more', action_id: 'peek' });
    expect(peeked).toEqual(['typed']);
    expect(await submit('x')).toEqual({ ok: false, errors: { why: 'Please enter at least 2 characters.' } });
    expect(await submit('no')).toEqual({ ok: false, errors: { why: 'Say more.' } });
    expect(world.view('U0BEN')?.errors).toEqual({ why: 'Say more.' });
    expect(await submit('push')).toEqual({ ok: true });
    const second = world.view('U0BEN');
    expect(second?.view).toMatchObject({
      callback_id: 'second',
      previous_view_id: open.id,
      root_view_id: open.id,
    });
    world.closeView('U0BEN', second?.id ?? '');
    expect(await submit('because')).toEqual({ ok: true });
    expect(world.view('U0BEN')).toBeNull();
    expect(world.violations()).toEqual([]);
  });

  it('publishes a Home view; its select sends view and state, without a response_url', async () => {
    const { world } = started;
    const option = (value: string) => ({ text: plain(value), value });
    app.event('app_home_opened', async ({ event, client }) => {
      if (event.tab !== 'home') return;
      const select = {
        type: 'static_select' as const,
        action_id: 'tab',
        options: [option('audit'), option('policy')],
      };
      const blocks = [{ type: 'actions' as const, block_id: 'tabs', elements: [select] }];
      await client.views.publish({
        user_id: event.user,
        view: { type: 'home', blocks, private_metadata: 'audit' },
      });
    });
    app.action('tab', async ({ ack, body, client, respond }) => {
      await ack();
      if (body.type !== 'block_actions' || body.view === undefined) return;
      const chosen = body.view.state.values['tabs']?.['tab']?.selected_option?.value ?? 'nothing';
      const text = `${chosen} ${respond === undefined ? 'no respond' : 'respond'}`;
      const blocks = [{ type: 'header' as const, text: plain(text) }];
      await client.views.publish({
        user_id: body.user.id,
        hash: body.view.hash,
        view: { type: 'home', blocks },
      });
    });
    await app.start();
    await world.openHome('U0ADA');
    const first = await until(world, () => world.home('U0ADA'));
    expect(first).toMatchObject({ type: 'home', private_metadata: 'audit' });
    await world.click(
      'U0ADA',
      { home: true },
      { block_id: 'tabs', action_id: 'tab', selected_option: 'policy' },
    );
    const next = await until(world, () => {
      const home = world.home('U0ADA');
      return home !== null && home['hash'] !== first['hash'] && home;
    });
    expect(next).toMatchObject({ blocks: [{ type: 'header', text: { text: 'policy no respond' } }] });
    expect(next['id']).toBe(first['id']);
  });

  it('serves external selects, tells of stops, mentions and edits', async () => {
    const { world, client } = started;
    const heard: string[] = [];
    app.options('repo', async ({ ack, options }) => {
      await ack({ options: [{ text: plain(`${options.value}/desk`), value: 'desk' }] });
    });
    app.event('agent_session_stopped', async ({ event }) => void heard.push(`stop ${event.user}`));
    app.event('app_mention', async ({ event }) => void heard.push(`mention ${event.text}`));
    app.event('message', async ({ event }) => void heard.push(`message ${event.subtype ?? 'plain'}`));
    await app.start();
    const element = { type: 'external_select' as const, action_id: 'repo', min_query_length: 0 };
    const { ts } = await client.chat.postMessage({
      channel: 'U0BEN',
      text: 'pick',
      blocks: [{ type: 'actions', block_id: 'b', elements: [element] }],
    });
    const place = { channel: 'D0BEN', ts: ts ?? '' };
    const answer = await world.suggest('U0BEN', place, { block_id: 'b', action_id: 'repo', value: 'acme' });
    expect(answer).toMatchObject({ options: [{ value: 'desk' }] });

    const mine = world.say('U0BEN', 'C0GENERAL', '@AgentDesk hello');
    world.edit('U0BEN', 'C0GENERAL', mine.ts, 'edited');
    world.stopSession('U0BEN', 'D0BEN', ts ?? '');
    await new Promise<void>((resolve) => {
      app.event('user_change', async () => resolve());
      world.setUser('U0GUS', { deleted: true });
    });
    expect(heard.sort()).toEqual([
      'mention <@U0DESK> hello',
      'message message_changed',
      'message plain',
      'stop U0BEN',
    ]);
  });
});
