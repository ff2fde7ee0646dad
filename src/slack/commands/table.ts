import { account, accounts, connect, disconnectCommand } from './accounts.ts';
import { audit } from './audit.ts';
import { say, type Command } from './command.ts';
import { approve, deny, pending } from './decisions.ts';
import { grants } from './grants.ts';
import { link } from './link.ts';
import { policy } from './look.ts';
import { passkey } from './passkey.ts';
import { resume, stop } from './stop.ts';

const help: Command = {
  usage: 'help',
  about: 'this list',
  run: (deps) =>
    Promise.resolve(
      say(
        'Write to me in a direct message, or mention me in a channel. I ask before anything that matters.',
        ...Object.values(commands).map(({ usage, about }) => `• /agentdesk ${usage} – ${about}`),
        `I am answered by ${deps.model}.`,
      ),
    ),
};

/** Every word after `/agentdesk`. */
export const commands: Readonly<Record<string, Command>> = {
  help,
  connect,
  link,
  accounts,
  disconnect: disconnectCommand,
  pending,
  approve,
  deny,
  grants,
  audit,
  policy,
  stop,
  resume,
  account,
  passkey,
};
