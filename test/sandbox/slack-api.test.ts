import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBolt, createClient, refusal, startSlack, until, type Started } from './slack-kit.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const modal = { type: 'modal' as const, title: plain('One'), blocks: [{ type: 'divider' as const }] };

let started: Started;
let clock: { at: number };

beforeEach(async () => {
  clock = { at: Date.parse('2026-11-20T10:00:00Z') };
  started = await startSlack({ now: () => new Date(clock.at) });
});
afterEach(() => started.slack.stop());

describe('tokens and scopes', () => {
  it('says who the bot is, and refuses wrong tokens as Slack does', async () => {
    const { client, origin, slack } = started;
    expect(await client.auth.test()).toMatchObject({
      user_id: 'U0DESK',
      bot_id: 'B0DESK',
      team_id: 'T0SANDBOX',
    });
    expect(await refusal(createClient(origin, 'xoxb-wrong').auth.test())).toBe('invalid_auth');
    expect(await refusal(createClient(origin, '').auth.test())).toBe('not_authed');
    expect(await refusal(createClient(origin, slack.credentials.appToken).auth.test())).toBe(
      'not_allowed_token_type',
    );
    expect(await refusal(client.apps.connections.open({}))).toBe('not_allowed_token_type');
    expect(await refusal(client.apiCall('chat.shout'))).toBe('unknown_method');
    expect(started.world.violations().map((one) => one.error)).toContain('unknown_method');
  });

  it('names the missing scope', async () => {
    const limited = await startSlack({ scopes: ['users:read'] });
    expect(await refusal(limited.client.chat.postMessage({ channel: 'D0ADA', text: 'x' }))).toBe(
      'missing_scope',
    );
    const { user } = await limited.client.users.info({ user: 'U0ADA' });
    expect(user).toMatchObject({ is_admin: true, tz: 'Europe/Berlin', profile: { real_name: 'Ada Byron' } });
    expect(user?.profile?.email).toBeUndefined();
    await limited.slack.stop();
  });

  it('fails planned calls only as planned', async () => {
    const { client, world } = started;
    world.faults.failNext('auth.test', { retryAfter: 1 });
    await expect(client.auth.test()).rejects.toMatchObject({
      code: 'slack_webapi_rate_limited_error',
      retryAfter: 1,
    });
    world.faults.failNext('chat.postMessage', { dropAnswer: true });
    await expect(client.chat.postMessage({ channel: 'D0ADA', text: 'kept' })).rejects.toThrow();
    expect(world.messages('D0ADA', 'U0ADA').map((one) => one.text)).toEqual(['kept']);
    expect(world.violations()).toEqual([]);
  });
});

describe('messages', () => {
  it('gives increasing timestamps and reads threads back with metadata', async () => {
    const { client, world } = started;
    const { ts: root } = world.say('U0ADA', 'D0ADA', 'hi');
    const metadata = { event_type: 'approval', event_payload: { code: 'K7' } };
    const posted = await client.chat.postMessage({
      channel: 'D0ADA',
      text: 'one',
      thread_ts: root,
      metadata,
    });
    expect(posted.ts).toMatch(/^\d{10}\.\d{6}$/);
    expect(Number(posted.ts)).toBeGreaterThan(Number(root));
    const { messages } = await client.conversations.replies({
      channel: 'D0ADA',
      ts: root,
      include_all_metadata: true,
    });
    expect(messages?.map((one) => one.text)).toEqual(['hi', 'one']);
    expect(messages?.[1]?.metadata).toEqual(metadata);
    const history = await client.conversations.history({ channel: 'D0ADA', limit: 1 });
    expect(history.messages?.[0]).toMatchObject({ text: 'hi', reply_count: 1 });
  });

  it.each<[string, (of: Started, own: string, theirs: string) => Promise<unknown>]>([
    ['channel_not_found', ({ client }) => client.chat.postMessage({ channel: 'C0NONE', text: 'x' })],
    ['no_text', ({ client }) => client.chat.postMessage({ channel: 'D0ADA', text: '' })],
    ['msg_too_long', ({ client }) => client.chat.postMessage({ channel: 'D0ADA', text: 'x'.repeat(40_001) })],
    [
      'invalid_blocks',
      ({ client }) => client.chat.postMessage({ channel: 'D0ADA', text: 'x', blocks: [{ type: 'nope' }] }),
    ],
    [
      'invalid_blocks_format',
      ({ client }) => client.apiCall('chat.postMessage', { channel: 'D0ADA', blocks: '{' }),
    ],
    [
      'invalid_thread_ts',
      ({ client }) => client.chat.postMessage({ channel: 'D0ADA', text: 'x', thread_ts: '1.2' }),
    ],
    [
      'invalid_metadata_schema',
      ({ client }) => client.apiCall('chat.postMessage', { channel: 'D0ADA', text: 'x', metadata: { a: 1 } }),
    ],
    ['invalid_arguments', ({ client }) => client.apiCall('chat.postMessage', { text: 'x' })],
    [
      'user_not_in_channel',
      ({ client }) => client.chat.postEphemeral({ channel: 'D0ADA', user: 'U0BEN', text: 'x' }),
    ],
    [
      'msg_too_long',
      ({ client }, own) => client.chat.update({ channel: 'D0ADA', ts: own, text: 'x'.repeat(4001) }),
    ],
    ['message_not_found', ({ client }) => client.chat.update({ channel: 'D0ADA', ts: '1.2', text: 'x' })],
    [
      'cant_update_message',
      ({ client }, _, theirs) => client.chat.update({ channel: 'D0ADA', ts: theirs, text: 'x' }),
    ],
    ['cant_delete_message', ({ client }, _, theirs) => client.chat.delete({ channel: 'D0ADA', ts: theirs })],
    ['user_not_found', ({ client }) => client.users.info({ user: 'U0NONE' })],
    [
      'thread_not_found',
      ({ client }) =>
        client.agents.sessions.setStatus({ channel_id: 'D0ADA', thread_ts: '1.2', status: 'active' }),
    ],
    [
      'invalid_arguments',
      ({ client }, _, theirs) =>
        client.agents.sessions.setStatus({ channel_id: 'D0ADA', thread_ts: theirs, status: 'busy' }),
    ],
  ])('refuses with %s (%#)', async (error, call) => {
    const { client, world } = started;
    const { ts: theirs } = world.say('U0ADA', 'D0ADA', 'hi');
    const { ts: own } = await client.chat.postMessage({ channel: 'D0ADA', text: 'own' });
    expect(await refusal(call(started, own ?? '', theirs))).toBe(error);
    expect(world.violations()).toMatchObject([{ error }]);
  });

  it('streams an answer and sets the session on the way', async () => {
    const { client, world } = started;
    const { ts } = world.say('U0ADA', 'D0ADA', 'hi');
    const streamer = client.chatStream({ channel: 'D0ADA', thread_ts: ts });
    await streamer.append({ chunks: [{ type: 'markdown_text', text: 'Hel' }] });
    expect(world.sessions('D0ADA')).toEqual([{ thread_ts: ts, status: 'processing', title: null }]);
    await streamer.append({ markdown_text: 'lo' });
    await streamer.stop({ session_status: 'suspended' });
    expect(world.messages('D0ADA', 'U0ADA').at(-1)).toMatchObject({ text: 'Hello', streaming: false });
    expect(world.sessions('D0ADA')).toMatchObject([{ status: 'suspended' }]);
    const again = { channel: 'D0ADA', ts: streamer.ts ?? '', markdown_text: 'x' };
    expect(await refusal(client.chat.appendStream(again))).toBe('message_not_in_streaming_state');
  });
});

describe('views', () => {
  it('keeps hashes, external ids and triggers strict', async () => {
    const { client, world } = started;
    const home = { type: 'home' as const, blocks: [{ type: 'divider' as const }] };
    const { view } = await client.views.publish({ user_id: 'U0ADA', view: home });
    const hash = view?.hash ?? '';
    await client.views.publish({ user_id: 'U0ADA', view: home, hash });
    expect(await refusal(client.views.publish({ user_id: 'U0ADA', view: home, hash }))).toBe('hash_conflict');
    const large = {
      ...home,
      blocks: Array(90).fill({ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3000) } }),
    };
    expect(await refusal(client.views.publish({ user_id: 'U0ADA', view: large }))).toBe('view_too_large');
    expect(await refusal(client.views.open({ trigger_id: 'x.y.z', view: modal }))).toBe('invalid_trigger_id');

    const app = createBolt(started);
    const triggers: string[] = [];
    app.command('/agentdesk', async ({ ack, command }) => {
      triggers.push(command.trigger_id);
      await ack();
    });
    await app.start();
    for (let count = 0; count < 3; count += 1) await world.slash('U0ADA', 'D0ADA', '/agentdesk', '');
    const [first = '', second = '', late = ''] = triggers;
    const opened = await client.views.open({ trigger_id: first, view: { ...modal, external_id: 'x' } });
    expect(await refusal(client.views.open({ trigger_id: first, view: modal }))).toBe('exchanged_trigger_id');
    expect(await refusal(client.views.push({ trigger_id: second, view: modal }))).toBe('not_found');
    clock.at += 3001;
    expect(await refusal(client.views.open({ trigger_id: late, view: modal }))).toBe('expired_trigger_id');
    const id = opened.view?.id ?? '';
    const stale = { view_id: id, hash: 'old', view: modal };
    expect(await refusal(client.views.update(stale))).toBe('hash_conflict');
    await client.views.update({ external_id: 'x', view: { ...modal, title: plain('Two') } });
    expect(world.view('U0ADA')?.view['title']).toMatchObject({ text: 'Two' });
    await app.stop();
  });
});

describe('response_url', () => {
  it('takes five answers in thirty minutes', async () => {
    const { world } = started;
    const app = createBolt(started);
    let url = '';
    app.command('/agentdesk', async ({ ack, command }) => {
      url = command.response_url;
      await ack();
    });
    await app.start();
    const send = (body: object) =>
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    await world.slash('U0ADA', 'D0ADA', '/agentdesk', '');
    expect((await send({ text: 'x', blocks: [{ type: 'nope' }] })).status).toBe(400);
    for (let use = 2; use <= 5; use += 1) expect((await send({ text: `answer ${use}` })).status).toBe(200);
    expect((await send({ text: 'six' })).status).toBe(404);
    await world.slash('U0ADA', 'D0ADA', '/agentdesk', '');
    clock.at += 30 * 60_000 + 1;
    expect((await send({ text: 'late' })).status).toBe(404);
    expect(world.messages('D0ADA', 'U0ADA')).toHaveLength(4);
    await app.stop();
  });
});

it('keeps messages, homes and credentials over a restart', async () => {
  let kept: unknown = null;
  const state = {
    load: () => kept,
    save: (snapshot: unknown) => void (kept = JSON.parse(JSON.stringify(snapshot))),
  };
  const first = await startSlack({ state });
  const { ts } = await first.client.chat.postMessage({ channel: 'D0ADA', text: 'card' });
  await first.slack.stop();
  const second = await startSlack({ state });
  expect(second.slack.credentials).toEqual(first.slack.credentials);
  await second.client.chat.update({ channel: 'D0ADA', ts: ts ?? '', text: 'closed' });
  await until(second.world, () =>
    second.world.messages('D0ADA', 'U0ADA').some((one) => one.text === 'closed'),
  );
  await second.slack.stop();
});
