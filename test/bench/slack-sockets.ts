import { randomBytes, randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import { botMessage, TEAM, type Posted } from './slack-wire.ts';

/** The Socket Mode side of the double: each envelope goes to one connection, in turn, and its answer is timed. */
export function createSockets() {
  const links: WebSocket[] = [];
  const waiting = new Map<string, { at: number; resolve: (ms: number) => void }>();
  let turn = 0;

  const send = (type: string, payload: object): Promise<number> => {
    const link = links[turn++ % Math.max(links.length, 1)];
    if (link === undefined) return Promise.reject(new Error('the app has no connection'));
    const id = randomUUID();
    const rest = type === 'events_api' ? { retry_attempt: 0, retry_reason: '' } : {};
    const answered = new Promise<number>((resolve) => {
      waiting.set(id, { at: performance.now(), resolve });
    });
    link.send(JSON.stringify({ envelope_id: id, type, accepts_response_payload: false, payload, ...rest }));
    return answered;
  };
  return {
    count: () => links.length,
    add(link: WebSocket): void {
      link.on('message', (data: Buffer) => {
        const { envelope_id: id = '' } = JSON.parse(data.toString()) as { envelope_id?: string };
        const sent = waiting.get(id);
        waiting.delete(id);
        sent?.resolve(performance.now() - sent.at);
      });
      link.on('close', () => links.splice(links.indexOf(link), 1));
      links.push(link);
      link.send(
        JSON.stringify({
          type: 'hello',
          num_connections: links.length,
          debug_info: { host: 'bench', build_number: 1, approximate_connection_time: 18060 },
          connection_info: { app_id: 'A0BENCH' },
        }),
      );
    },
    /** @returns milliseconds to the acknowledgement */
    event: (event: object): Promise<number> =>
      send('events_api', {
        token: 'bench',
        team_id: TEAM.id,
        api_app_id: 'A0BENCH',
        event,
        type: 'event_callback',
        event_id: `Ev${randomBytes(8).toString('hex').toUpperCase()}`,
        event_time: Math.floor(Date.now() / 1000),
        authorizations: [
          {
            enterprise_id: null,
            team_id: TEAM.id,
            user_id: 'U0BOT',
            is_bot: true,
            is_enterprise_install: false,
          },
        ],
        is_ext_shared_channel: false,
      }),
    click(user: string, posted: Posted, actionId: string, ts: string): Promise<number> {
      const block = posted.blocks.find((one) => one.elements?.some((part) => part.action_id === actionId));
      const button = block?.elements?.find((part) => part.action_id === actionId);
      if (block === undefined || button === undefined) throw new Error(`there is no button ${actionId}`);
      const { channel, threadTs } = posted;
      const thread = threadTs === null ? {} : { thread_ts: threadTs };
      return send('interactive', {
        type: 'block_actions',
        user: { id: user, username: user, name: user, team_id: TEAM.id },
        api_app_id: 'A0BENCH',
        token: 'bench',
        team: TEAM,
        enterprise: null,
        is_enterprise_install: false,
        container: {
          type: 'message',
          message_ts: posted.ts,
          channel_id: channel,
          is_ephemeral: false,
          ...thread,
        },
        channel: { id: channel, name: 'directmessage' },
        message: botMessage(posted),
        state: { values: {} },
        trigger_id: randomUUID(),
        response_url: 'http://127.0.0.1:9/none',
        actions: [
          { ...button, type: 'button', block_id: block.block_id ?? '', action_id: actionId, action_ts: ts },
        ],
      });
    },
  };
}
