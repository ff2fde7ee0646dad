import { setTimeout as sleep } from 'node:timers/promises';

interface Element {
  readonly type: string;
  readonly action_id?: string;
  readonly text?: { readonly text: string };
  readonly value?: string;
  readonly url?: string;
}

interface Block {
  readonly type: string;
  readonly block_id?: string;
  readonly elements?: readonly Element[];
  readonly element?: Element;
}

export interface ShownMessage {
  readonly ts: string;
  readonly thread_ts?: string;
  readonly user: string;
  readonly text: string;
  readonly blocks?: readonly Block[];
  readonly ephemeralFor?: string;
}

export interface Shown {
  readonly messages: readonly ShownMessage[];
  readonly sessions: readonly { readonly thread_ts: string; readonly status: string }[];
  readonly view: { readonly id: string; readonly view: { readonly blocks: readonly Block[] } } | null;
  readonly violations: readonly unknown[];
}

const WAIT_MS = 30_000;

/** One person at the sandbox's page: does what its buttons do, over HTTP, and sees what it shows. */
export interface Person {
  readonly id: string;
  readonly channel: string;
  look(): Promise<Shown>;
  /** @returns the message's ts, which names its thread */
  say(text: string, thread?: string): Promise<string>;
  slash(text: string): Promise<string>;
  /** Presses the button with this label on a message. @throws when there is none */
  press(message: ShownMessage, label: string): Promise<void>;
  /** Presses whatever button a person forges or keeps from an older look. */
  pressRaw(message: ShownMessage, button: Element & { block_id?: string }): Promise<void>;
  /** Fills the open modal's first input and sends it. */
  fillModal(text: string): Promise<void>;
  /** Waits for something to be shown. @param what names it in the error */
  until<T>(what: string, find: (shown: Shown) => T | undefined | null | false): Promise<T>;
}

export function createPerson(base: string, id: string, channel: string): Person {
  const post = async (command: string, body: object): Promise<unknown> => {
    const response = await fetch(`${base}/sandbox/${command}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: base },
      body: JSON.stringify({ user: id, ...body }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`the page refused ${command}: ${text.slice(0, 300)}`);
    return text === '' ? null : JSON.parse(text);
  };
  const look = async (): Promise<Shown> => {
    const response = await fetch(`${base}/sandbox/state?user=${id}&channel=${channel}`);
    if (!response.ok) throw new Error(`the page does not show itself: ${response.status}`);
    return (await response.json()) as Shown;
  };
  const until: Person['until'] = async (what, find) => {
    const deadline = Date.now() + WAIT_MS;
    for (;;) {
      const found = find(await look());
      if (found !== undefined && found !== null && found !== false) return found;
      if (Date.now() > deadline) throw new Error(`waited ${WAIT_MS / 1000} s in vain for ${what}`);
      await sleep(100);
    }
  };
  const pressRaw: Person['pressRaw'] = async (message, button) => {
    const action = {
      type: 'button',
      block_id: button.block_id,
      action_id: button.action_id,
      value: button.value,
    };
    await post('click', { target: { channel, ts: message.ts }, action });
  };
  return {
    id,
    channel,
    look,
    until,
    pressRaw,
    async say(text, thread) {
      const sent = (await post('say', { channel, text, ...(thread === undefined ? {} : { thread }) })) as {
        ts?: string;
        result?: { ts: string };
      };
      return sent.ts ?? sent.result?.ts ?? '';
    },
    async slash(text) {
      const before = new Set((await look()).messages.map((message) => message.ts));
      await post('slash', { channel, command: '/agentdesk', text });
      const answer = await until(`the answer to /agentdesk ${text}`, ({ messages }) =>
        messages.findLast((message) => !before.has(message.ts) && message.ephemeralFor === id),
      );
      return readAll(answer);
    },
    async press(message, label) {
      const button = findButton(message, label);
      if (button === undefined)
        throw new Error(`there is no button "${label}" on: ${message.text.slice(0, 100)}`);
      await pressRaw(message, button);
    },
    async fillModal(text) {
      const open = await until('a modal', ({ view }) => view);
      const input = open.view.blocks.find((block) => block.type === 'input');
      if (input?.element?.action_id === undefined || input.block_id === undefined)
        throw new Error('the modal has no input');
      const value = { type: input.element.type, value: text };
      await post('submit', {
        viewId: open.id,
        values: { [input.block_id]: { [input.element.action_id]: value } },
      });
    },
  };
}

/** The button with this label, with its block. */
export function findButton(
  message: ShownMessage,
  label: string,
): (Element & { block_id?: string }) | undefined {
  for (const block of message.blocks ?? []) {
    const found = block.elements?.find(
      (element) => element.type === 'button' && element.text?.text === label,
    );
    if (found !== undefined)
      return { ...found, ...(block.block_id === undefined ? {} : { block_id: block.block_id }) };
  }
  return undefined;
}

/** Every text of a message, as one reads it. */
export function readAll(message: ShownMessage): string {
  const found: string[] = [message.text];
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) {
        if (key === 'text' && typeof item === 'string') found.push(item);
        else walk(item);
      }
    }
  };
  walk(message.blocks ?? []);
  return found.join('\n');
}
