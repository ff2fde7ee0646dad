import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { parseEnv, promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { renderEnv, writeEnv } from '../../src/main/setup/env-file.ts';
import { askAll } from '../../src/main/setup/setup.ts';
import { openTerminal } from '../../src/main/setup/terminal.ts';

const place = (): string => join(mkdtempSync(join(tmpdir(), 'agentdesk-setup-')), '.env');

/** A person who answers so; `seen` is what the screen shows. */
async function play(
  file: string,
  answers: readonly string[],
): Promise<{ text: string | null; seen: string }> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  let seen = '';
  const left = [...answers];
  output.on('data', (chunk: Buffer) => {
    seen += chunk.toString();
    if (!/: $|\] $/.test(chunk.toString())) return;
    setImmediate(() => input.write(`${left.shift() ?? 'n'}\n`));
  });
  const terminal = openTerminal(input, output);
  const text = await askAll(terminal, file);
  terminal.close();
  return { text, seen };
}

const SLACK = ['y', 'xoxb-wrong-kind', 'xapp-2', '1.2', 'hush-hush', 'https://desk.example.com'];

describe('setup', () => {
  it('makes a configuration that can be used, and shows no secret', async () => {
    const { text, seen } = await play(place(), [...SLACK, 'n', 'n', 'n', 'n']);
    const { config, secrets } = readConfig(parseEnv(text ?? ''));
    expect(config.slack?.transport).toBe('socket');
    expect(config.http.publicUrl).toBe('https://desk.example.com');
    expect([secrets.slackClient, secrets.encryptionKeys.length]).toEqual([
      { id: '1.2', secret: 'hush-hush' },
      1,
    ]);
    expect(seen).not.toMatch(/xoxb-wrong|xapp-2|hush-hush/);
  });

  it('asks again for what is wrong, and writes nothing that cannot be used', async () => {
    const { text, seen } = await play(place(), [
      'y',
      'secret',
      '',
      '',
      '',
      '',
      '',
      'n',
      'n',
      'n',
      'y',
      'key',
    ]);
    expect(seen).toContain('It begins with xoxb-');
    expect(text).not.toBeNull();
    const half = await play(place(), ['y', 'xoxb-1', '', '', '', '', 'n', 'n', 'n', 'n']);
    expect(half.text).toBeNull();
    expect(half.seen).toContain('Nothing was written');
  });

  it('replaces a file only when told to', async () => {
    const file = place();
    writeFileSync(file, 'X=1');
    expect((await play(file, ['n'])).text).toBeNull();
    expect(readFileSync(file, 'utf8')).toBe('X=1');
    writeEnv(file, renderEnv(new Map([['X', 'a"b # c']])));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(parseEnv(readFileSync(file, 'utf8'))).toEqual({ X: 'a"b # c' });
  });

  it('says that it needs a terminal', async () => {
    const run = promisify(execFile)(process.execPath, ['src/main.ts', 'setup'], { env: {} });
    await expect(run).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('terminal') as string,
    });
  });
});
