import { catalog, toToolName } from '../../../src/actions/catalog.ts';
import { authorize, type Authorized } from '../../../src/calls/authorize.ts';
import type { Call, Turn } from '../../../src/calls/deps.ts';
import { perform } from '../../../src/calls/perform.ts';
import { findTurn } from '../../../src/calls/turns.ts';
import { preparePolicy } from '../../../src/policy/prepare.ts';
import { freshId } from '../attack-desk.ts';
import type { TestDesk } from '../desk.ts';

/** From now on everything is allowed at once. */
export function allowAll({ desk }: TestDesk): void {
  const policy = preparePolicy({
    catalog: catalog.map(({ id, service, risk }) => ({ id, service, risk })),
    layers: [
      { name: 'built-in', cedar: '@id("all")\n@reason("All.")\npermit (principal, action, resource);' },
    ],
    version: 'everything',
  });
  const load = () => Promise.resolve(policy);
  Object.assign(desk.deps, { policies: { load, loadLocked: load } });
}

/** What the agent asks for when a member says something. */
export async function ask(
  { desk, say }: TestDesk,
  memberId: string,
  action: string,
  args: Record<string, unknown>,
): Promise<{ turn: Turn; asked: Authorized }> {
  const turn = await findTurn(desk.deps, await say(memberId, 'do it'));
  if (turn === null) throw new Error('no turn');
  const tool = { id: freshId(), name: toToolName(action), args, unusable: null };
  return { turn, asked: await authorize(desk.deps, turn, [], tool) };
}

/** The same, and done, where the policy asks nobody. */
export async function act(
  test: TestDesk,
  memberId: string,
  action: string,
  args: Record<string, unknown>,
): Promise<Call> {
  const { turn, asked } = await ask(test, memberId, action, args);
  if (asked.kind !== 'call') throw new Error(`no call: ${asked.kind}`);
  return perform(test.desk.deps, turn, asked.call.id);
}
