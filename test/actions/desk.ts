import { randomBytes } from 'node:crypto';
import canonicalize from 'canonicalize';
import { expect } from 'vitest';
import type {
  Action,
  ActionResult,
  Handle,
  Preview,
  Reconciled,
  Resolved,
} from '../../src/actions/action.ts';
import { readArguments } from '../../src/actions/arguments.ts';
import { findAction } from '../../src/actions/catalog.ts';
import { createGuardedHttp, type Sent } from './guarded-http.ts';

export interface Call {
  readonly args: Record<string, unknown>;
  readonly facts: Resolved<unknown>['facts'];
  readonly preview: Preview;
  readonly inspected: Sent[];
  /** Requests of `execute`, across attempts. */
  readonly performed: Sent[];
  handle(): Handle;
  execute(): Promise<ActionResult>;
  reconcile(): Promise<Reconciled>;
}

export interface DeskOptions {
  readonly origin: string;
  readonly now: Date;
  readonly timeZone: string;
  readonly account: string;
  readonly member: string;
  token(action: Action): Promise<string>;
}

/** Goes the way of a call through the program, without its ledger: resolve, store, show, send, read back. */
export function createDesk(options: DeskOptions) {
  return {
    async propose(id: string, given: unknown, attemptId = randomBytes(16).toString('hex')): Promise<Call> {
      const action = findAction(id);
      if (action === undefined) throw new Error(`no action ${id}`);
      const token = await options.token(action);
      const open = (rules: Action['requests']['perform']) => createGuardedHttp(rules, options.origin, token);
      const inspect = open(action.requests.inspect);
      const { args: resolved, facts } = await action.resolve(readArguments(action, given), {
        now: options.now,
        timeZone: options.timeZone,
        member: { name: options.member, email: options.account },
        account: { label: options.account },
        http: inspect.http,
      });
      const stored = canonicalize(resolved) ?? '';
      expect(JSON.parse(stored)).toStrictEqual(resolved);
      const args = action.args.parse(JSON.parse(stored)) as Record<string, unknown>;
      expect(canonicalize(args)).toBe(stored);
      const preview = action.preview(args, facts);
      expectEverythingShown(args, preview);
      let handle = action.createHandle(args, { code: attemptId.slice(0, 8).toUpperCase(), attemptId });
      const performed: Sent[] = [];
      return {
        args,
        facts,
        preview,
        inspected: inspect.sent,
        performed,
        handle: () => handle,
        async execute() {
          const perform = open(action.requests.perform);
          const saveHandle = (better: Handle) => {
            handle = better;
            return Promise.resolve();
          };
          try {
            return await action.execute(args, { http: perform.http, handle, saveHandle });
          } finally {
            performed.push(...perform.sent);
          }
        },
        reconcile: () => action.reconcile(args, { http: open(action.requests.reconcile).http, handle }),
      };
    },
  };
}

/** Every leaf of the arguments is rendered by a field, and every field renders an argument. */
function expectEverythingShown(args: unknown, preview: Preview): void {
  const paths = preview.fields.map(({ path }) => path);
  const leaves = listLeaves(args, '');
  const isUnder = (leaf: string, path: string) => leaf === path || leaf.startsWith(`${path}/`);
  expect(leaves.filter((leaf) => !paths.some((path) => isUnder(leaf, path)))).toEqual([]);
  expect(new Set(paths).size).toBe(paths.length);
  const empty = (path: string) => readPointer(args, path) === undefined;
  expect(paths.filter(empty)).toEqual([]);
  expect(preview.line).not.toMatch(/\n/);
}

function listLeaves(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, item]) => listLeaves(item, `${path}/${name}`));
}

function readPointer(value: unknown, path: string): unknown {
  return path
    .split('/')
    .slice(1)
    .reduce(
      (at: unknown, name) => (typeof at === 'object' && at !== null ? Reflect.get(at, name) : undefined),
      value,
    );
}
