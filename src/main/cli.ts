import { readConfig } from '../config.ts';
import { UsageError } from './audit/options.ts';
import type { Invocation } from './invocation.ts';
import { DeskError, userMessage } from '../errors.ts';
import { createLog, describeError } from '../telemetry.ts';

interface Command {
  readonly about: string;
  /** Loaded only when it is the one asked for. @returns the exit code */
  load(): Promise<(invocation: Invocation) => Promise<number>>;
  /** It works without any configuration: the environment is not read. */
  readonly needsNothing?: true;
  /** Subcommands that work without any configuration. */
  readonly offline?: Readonly<Record<string, () => Promise<(args: readonly string[]) => Promise<number>>>>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  start: {
    about: 'run the desk (with the sandbox when no Slack is configured)',
    load: async () => (await import('./run-start.ts')).runStart,
  },
  demo: {
    about: 'play the whole job on real parts, print it, exit 0 when all went as told',
    load: async () => (await import('./demo.ts')).runDemo,
  },
  migrate: {
    about: 'bring the database up to date and exit',
    load: async () => (await import('./migrate.ts')).runMigrate,
  },
  doctor: {
    about: 'check configuration and everything it points to',
    load: async () => (await import('./doctor.ts')).runDoctor,
  },
  authority: {
    about: 'run the embedded authority as a process of its own: authority [--port N]',
    load: async () => (await import('./authority-command.ts')).runAuthority,
  },
  audit: {
    about: 'the audit log: audit export --out DIR | verify DIR | check | erase (docs/audit-format.md)',
    load: async () => (await import('./audit/command.ts')).runAudit,
    offline: { verify: async () => (await import('./audit/verify.ts')).runAuditVerify },
  },
  policy: {
    about: 'the policy as code: policy export [--out DIR] | lint FILE | replay [FILE] | apply FILE',
    load: async () => (await import('./policy/command.ts')).runPolicy,
    offline: { lint: async () => (await import('./policy/lint.ts')).runPolicyLint },
  },
  member: {
    about: 'end all there is of one member: member leave | erase --workspace W --member U (docs/incident.md)',
    load: async () => (await import('./member/command.ts')).runMember,
  },
  keys: {
    about: 'change the key that encrypts secrets at rest: keys rotate | status (docs/operations.md)',
    load: async () => (await import('./rotation/command.ts')).runKeys,
  },
  setup: {
    about: 'ask what is needed, write .env, and look at it with the doctor',
    needsNothing: true,
    load: async () => (await import('./setup/setup.ts')).runSetup,
  },
  stop: {
    about: 'stop every claim at once, without Slack: stop --all (resume --all lifts it)',
    load: async () => (await import('./stop.ts')).runStop,
  },
  resume: { about: 'lift what stop --all set', load: async () => (await import('./stop.ts')).runResume },
};

/** @returns the process's exit code: 0 done, 1 failed, 2 the command line or configuration is wrong */
export async function runCli(argv: readonly string[]): Promise<number> {
  const [name = 'help', ...args] = argv;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    const isHelp = ['help', '--help', '-h'].includes(name);
    process[isHelp ? 'stdout' : 'stderr'].write(
      `${isHelp ? '' : `There is no command "${name}".\n\n`}${describeCommands()}\n`,
    );
    return isHelp ? 0 : 2;
  }
  try {
    const offline = new Map(Object.entries(command.offline ?? {})).get(args[0] ?? '');
    if (offline !== undefined) return await (await offline())(args.slice(1));
    const { config, secrets } = command.needsNothing === true ? readConfig({}) : readConfig();
    return await (
      await command.load()
    )({ config, secrets, args, log: createLog(config.logLevel) });
  } catch (error) {
    if (error instanceof DeskError && error.code === 'config_invalid') {
      process.stderr.write(
        `${userMessage(error).replaceAll('; ', '\n  - ').replace('usable: ', 'usable:\n  - ')}\n`,
      );
      return 2;
    }
    if (error instanceof UsageError) {
      process.stderr.write(`${error.message}\n`);
      return 2;
    }
    process.stderr.write(
      error instanceof DeskError
        ? `${userMessage(error)}\n`
        : `${JSON.stringify(describeError(error), null, 2)}\n`,
    );
    return 1;
  }
}

function describeCommands(): string {
  const rows = Object.entries(COMMANDS).map(([name, { about }]) => `  ${name.padEnd(10)} ${about}`);
  return ['Usage: agentdesk <command>', '', ...rows].join('\n');
}
