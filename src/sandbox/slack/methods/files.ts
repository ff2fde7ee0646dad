import { randomBytes } from 'node:crypto';
import { isObject } from '../blocks/rules.ts';
import { findConversation } from '../conversations.ts';
import { invalidArguments, Refusal } from '../refusal.ts';
import { APP } from '../seed.ts';
import type { Json } from '../world.ts';
import { readThread } from './chat.ts';
import type { Methods } from './method.ts';

interface Upload {
  readonly name: string;
  readonly length: number;
  content: Buffer | null;
}

const LARGEST = 1_000_000;

/** The two-step file upload. @returns its methods, and what receives the bytes in between */
export function createFiles(): {
  methods: Methods;
  /** Takes the bytes sent to an upload address. @returns the answer's status and text */
  receive(path: string, content: Buffer): { status: number; text: string };
} {
  const uploads = new Map<string, Upload>();
  const receive = (path: string, content: Buffer): { status: number; text: string } => {
    const upload = uploads.get(path.slice('/upload/'.length));
    if (upload === undefined) return { status: 404, text: 'no such upload' };
    if (content.length !== upload.length) return { status: 400, text: 'the length is not the one announced' };
    upload.content = content;
    return { status: 200, text: `OK - ${content.length}` };
  };
  const methods: Methods = {
    'files.getUploadURLExternal': {
      token: 'bot',
      scopes: ['files:write'],
      run: (args, workspace) => {
        const length = args.whole('length', 0);
        if (length < 1 || length > LARGEST)
          throw invalidArguments('[ERROR] must be 1 to 1000000 [json-pointer:/length]');
        const id = `F${randomBytes(5).toString('hex').toUpperCase()}`;
        uploads.set(id, { name: args.need('filename'), length, content: null });
        return { upload_url: `${workspace.origin()}/upload/${id}`, file_id: id };
      },
    },
    'files.completeUploadExternal': {
      token: 'bot',
      scopes: ['files:write'],
      run: (args, workspace) => {
        const given = args.json('files');
        if (!Array.isArray(given) || given.length === 0)
          throw invalidArguments('[ERROR] missing required field: files');
        const files = given.map((entry: unknown): Json => {
          const id = isObject(entry) ? String(entry['id']) : '';
          const upload = uploads.get(id);
          if (upload?.content == null) throw new Refusal('file_not_found');
          const title = isObject(entry) && typeof entry['title'] === 'string' ? entry['title'] : upload.name;
          return { id, name: upload.name, title, size: upload.length, mode: 'hosted' };
        });
        const target = args.text('channel_id');
        if (target === undefined) return { files };
        const channel = findConversation(workspace.store.data, target).id;
        const thread = readThread(args, workspace, channel);
        const text = args.text('initial_comment') ?? '';
        workspace.messages.add(channel, { user: APP.botUser, bot_id: APP.botId, text, files, ...thread });
        return { files };
      },
    },
  };
  return { methods, receive };
}
