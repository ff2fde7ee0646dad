import { LogLevel, type Logger } from '@slack/bolt';
import { redact, type Log } from '../telemetry.ts';

/**
 * Bolt's logger over ours. DEBUG is dropped whatever the level: the Socket Mode client writes whole payloads there,
 * people's messages included.
 */
export function createBoltLog(log: Log): Logger {
  const write =
    (level: 'info' | 'warn' | 'error') =>
    (...parts: unknown[]) => {
      log[level]({ from: 'slack' }, redact(parts.map(describe).join(' ')).slice(0, 1000));
    };
  return {
    debug: () => undefined,
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  };
}

function describe(part: unknown): string {
  if (part instanceof Error) return `${part.name}: ${part.message}`;
  return typeof part === 'string' ? part : (JSON.stringify(part) ?? String(part));
}
