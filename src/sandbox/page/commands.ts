import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import { readJson } from './read-json.ts';
import type { SlackWorld } from './worlds.ts';

const id = z.string().min(1).max(255);
const values = z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown())));
const target = z.union([
  z.strictObject({ channel: id, ts: id, values: values.optional() }),
  z.strictObject({ viewId: id, values: values.optional() }),
  z.strictObject({ home: z.literal(true), values: values.optional() }),
]);
const action = z.looseObject({ block_id: id, action_id: id, type: z.string().optional() });

type ReadCommand = { run: (slack: SlackWorld) => unknown } | { status: number; problem: string };

/** One thing a person can do at the page: what its body must be, and what it asks of the world. */
function command<Shape extends z.ZodRawShape>(
  shape: Shape,
  run: (slack: SlackWorld, body: z.infer<z.ZodObject<Shape, z.core.$strict>>) => unknown,
): (value: unknown) => ReadCommand {
  const schema = z.strictObject(shape);
  return (value) => {
    const body = schema.safeParse(value);
    if (body.success) return { run: (slack) => run(slack, body.data) };
    return { status: 400, problem: `The request is not usable: ${z.prettifyError(body.error)}` };
  };
}

const COMMANDS: Record<string, (value: unknown) => ReadCommand> = {
  say: command({ user: id, channel: id, text: z.string(), thread: id.optional() }, (slack, body) =>
    slack.say(body.user, body.channel, body.text, body.thread),
  ),
  edit: command({ user: id, channel: id, ts: id, text: z.string() }, (slack, body) =>
    slack.edit(body.user, body.channel, body.ts, body.text),
  ),
  slash: command({ user: id, channel: id, command: id, text: z.string() }, (slack, body) =>
    slack.slash(body.user, body.channel, body.command, body.text),
  ),
  click: command({ user: id, target, action }, (slack, body) =>
    slack.click(body.user, body.target, body.action),
  ),
  suggest: command({ user: id, target, action: action.extend({ value: z.string() }) }, (slack, body) =>
    slack.suggest(body.user, body.target, body.action),
  ),
  submit: command({ user: id, viewId: id, values }, (slack, body) =>
    slack.submitView(body.user, body.viewId, body.values),
  ),
  close: command({ user: id, viewId: id }, (slack, body) => slack.closeView(body.user, body.viewId)),
  home: command({ user: id }, (slack, body) => slack.openHome(body.user)),
  'messages-tab': command({ user: id }, (slack, body) => slack.openMessagesTab(body.user)),
  stop: command({ user: id, channel: id, thread: id }, (slack, body) =>
    slack.stopSession(body.user, body.channel, body.thread),
  ),
};

/**
 * Reads what a POST asks for; `run` then carries it out and throws what the world throws, e.g. because the
 * app is not connected.
 * @param name the path's last part, e.g. `click`
 */
export async function readCommand(req: IncomingMessage, name: string): Promise<ReadCommand> {
  const read = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (read === undefined) return { status: 404, problem: `The sandbox page has no command called ${name}.` };
  const body = await readJson(req);
  return 'problem' in body ? { status: 400, problem: body.problem } : read(body.value);
}
