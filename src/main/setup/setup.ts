import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { readConfig } from '../../config.ts';
import { DeskError, userMessage } from '../../errors.ts';
import { createLog } from '../../telemetry.ts';
import { runDoctor } from '../doctor.ts';
import { renderEnv, writeEnv } from './env-file.ts';
import { drawKey, PARTS, type Question } from './questions.ts';
import { openTerminal, type Terminal } from './terminal.ts';

const FILE = '.env';

/** `agentdesk setup`: asks what is needed, writes `.env` here, and has the doctor look at it. @returns the exit code */
export async function runSetup(): Promise<number> {
  if (!process.stdin.isTTY) {
    process.stderr.write(
      'setup asks questions, so it needs a terminal. Without one, set the variables of README.md yourself and run: agentdesk doctor\n',
    );
    return 2;
  }
  const terminal = openTerminal(process.stdin, process.stdout);
  let text: string | null;
  try {
    text = await askAll(terminal, resolve(FILE));
  } finally {
    terminal.close();
  }
  if (text === null) return 1;
  writeEnv(FILE, text);
  process.stdout.write(`${resolve(FILE)} is written, readable for you alone. Start with: npm start\n\n`);
  const { config, secrets } = readConfig(parseEnv(text));
  return runDoctor({ config, secrets, args: [], log: createLog(config.logLevel) });
}

/**
 * Asks until the answers make a usable configuration.
 * @returns the text of the file, or null when it is not to be written
 */
export async function askAll(terminal: Terminal, file: string): Promise<string | null> {
  if (existsSync(file) && !(await agree(terminal, `${file} exists. Replace all of it?`))) {
    terminal.say('Nothing was changed.');
    return null;
  }
  const values = new Map<string, string>();
  for (const { offer, questions } of PARTS) {
    if (!(await agree(terminal, offer))) continue;
    for (const question of questions) {
      const answer = await askOne(terminal, question);
      if (answer !== '') values.set(question.variable, answer);
    }
  }
  if (values.size > 0) {
    values.set('AGENTDESK_ENCRYPTION_KEY', drawKey());
    terminal.say('A key that encrypts secrets at rest was made. Back the file up with the database.');
  }
  try {
    const text = renderEnv(values);
    readConfig(parseEnv(text));
    return text;
  } catch (error) {
    if (error instanceof RangeError) terminal.say(error.message);
    else if (error instanceof DeskError) terminal.say(userMessage(error));
    else throw error;
    terminal.say('Nothing was written. Run setup again.');
    return null;
  }
}

async function askOne(terminal: Terminal, { ask, where, secret, check }: Question): Promise<string> {
  for (;;) {
    const answer = await terminal.ask(`${ask} (${where}; empty = leave it out): `, secret);
    const problem = answer === '' ? null : check(answer);
    if (problem === null) return answer;
    terminal.say(`  ${problem}. Once more:`);
  }
}

async function agree(terminal: Terminal, question: string): Promise<boolean> {
  for (;;) {
    const answer = (await terminal.ask(`${question} [y/n] `, false)).toLowerCase();
    if (['y', 'yes', 'n', 'no'].includes(answer)) return answer.startsWith('y');
  }
}
