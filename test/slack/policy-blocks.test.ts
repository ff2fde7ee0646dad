import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../src/actions/catalog.ts';
import type { Outcome } from '../../src/policy/types.ts';
import type { ReplayedChange } from '../../src/policy/replay/replay-candidate.ts';
import { EMPTY_LAYER } from '../../src/policy/rules/types.ts';
import type { PolicyVersion } from '../../src/policy/versions/types.ts';
import { checkMessageBlocks, checkView } from '../../src/sandbox/slack/blocks/check.ts';
import { buildHome } from '../../src/slack/blocks/home.ts';
import { buildConfirm } from '../../src/slack/blocks/policy-confirm.ts';
import { buildHistory } from '../../src/slack/blocks/policy-history.ts';
import { buildImportForm } from '../../src/slack/blocks/policy-import.ts';
import { paginate } from '../../src/slack/blocks/policy-pages.ts';
import { buildRuleForm } from '../../src/slack/blocks/policy-rule.ts';
import { buildSayForm } from '../../src/slack/blocks/policy-say.ts';
import { buildTrial } from '../../src/slack/blocks/policy-trial.ts';
import { readSelect } from '../../src/slack/blocks/policy-select.ts';
import type { LayerView } from '../../src/slack/home/describe-layer.ts';
import type { PolicyLine } from '../../src/slack/home/describe-policy.ts';
import { FIRST } from '../../src/slack/home/state.ts';
import { nasty } from './presentations.ts';

const outcome = fc.constantFrom<Outcome>('allow', 'approve', 'approve_strong', 'deny');
const scope = fc.constantFrom('mine' as const, 'organisation' as const);
const verdict = fc.record({
  outcome,
  reason: nasty,
  layer: fc.constantFrom('built-in' as const, 'organisation' as const, 'member' as const),
});
const line = fc
  .record({ index: fc.nat(catalog.length - 1), usual: verdict, alone: fc.option(verdict) })
  .map(({ index, usual, alone }): PolicyLine => ({ action: catalog[index] as never, usual, alone }));
const layer = fc
  .record({
    scope,
    mayEdit: fc.boolean(),
    isGuest: fc.boolean(),
    floors: fc.array(outcome, { minLength: catalog.length, maxLength: catalog.length }),
    rules: fc.array(
      fc.record({ id: fc.constant('rule.1'), sentence: nasty, note: nasty, canEdit: fc.boolean() }),
      { maxLength: 120 },
    ),
    pending: fc.array(nasty, { maxLength: 10 }),
  })
  .map(({ floors, rules, ...rest }): LayerView => ({
    ...rest,
    number: 3,
    drawn: 'abc',
    settings: new Map(catalog.map(({ id }, at) => [id, { floor: floors[at] ?? 'deny', own: null }])),
    rules: rules.map((rule) => ({ ...rule, actions: ['gmail.messages.send'] })),
  }));

describe('the Policy tab and its forms', () => {
  it('stay within Slack’s limits for any data, on every page', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(line, { selector: ({ action }) => action.id }),
        layer,
        nasty,
        fc.nat(5),
        (lines, shown, version, page) => {
          const blocks = buildHome({
            state: { ...FIRST, tab: 'policy', page },
            content: { tab: 'policy', lines, version, layer: shown },
            notice: version === '' ? null : version,
            model: 'a test',
          });
          expect(checkView({ type: 'home', blocks }, 'home')).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
    fc.assert(
      fc.property(scope, fc.array(nasty, { maxLength: 60 }), nasty, (whose, diff, trouble) => {
        const change = { scope: whose, base: 1, wish: { kind: 'rollback' as const, number: 0 } };
        const call = { code: 'ABCD1234', memberId: trouble, at: new Date(0), call: { action: trouble } };
        const listed = {
          decision: call,
          from: 'allow',
          to: 'deny',
          reason: trouble,
        } as unknown as ReplayedChange;
        const to = { allow: 0, approve: 0, approve_strong: 0, deny: 12 };
        const trial = { total: 340, changed: 12, to, list: Array.from({ length: 8 }, () => listed) };
        for (const other of ['running', 'failed'] as const)
          expect(checkMessageBlocks(buildTrial(other))).toEqual([]);
        for (const force of ['at_once', 'approval', 'strong_approval'] as const) {
          expect(
            checkView(
              buildConfirm(
                { change, diff, force, document: EMPTY_LAYER, cedar: trouble || null },
                trial,
                trouble || 'x',
              ),
              'modal',
            ),
          ).toEqual([]);
        }
        for (const text of [trouble, '']) {
          expect(checkView(buildSayForm(whose, text, text || null), 'modal')).toEqual([]);
          expect(checkView(buildImportForm(whose), 'modal')).toEqual([]);
        }
        const version = {
          number: 7,
          author: trouble,
          createdAt: new Date(0),
          status: 'superseded',
          diff,
          source: 'rollback',
        } as unknown as PolicyVersion;
        const versions = Array.from({ length: 10 }, () => version);
        const history = { scope: whose, head: 9, versions, older: 7, mayEdit: true };
        expect(checkView(buildHistory(history), 'modal')).toEqual([]);
        expect(
          checkView(
            buildRuleForm({ scope: whose, id: null }, catalog, { note: [trouble || 'x'] }, trouble),
            'modal',
          ),
        ).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('leave nothing out over the pages', () => {
    const groups = fc.array(
      fc.record({
        heading: fc.constant('#'),
        items: fc.array(fc.array(fc.constant('x'), { minLength: 1, maxLength: 2 }), { maxLength: 40 }),
      }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(groups, (all) => {
        const pages = paginate(all, 20);
        const items = pages.flat().filter((block) => block === 'x').length;
        expect(items).toBe(all.flatMap((group) => group.items).flat().length);
        expect(Math.max(...pages.map((page) => page.length))).toBeLessThanOrEqual(20);
      }),
    );
  });

  it('read a choice back, and nothing that is none', () => {
    expect(readSelect('set_ab1_github.issues.create', 'deny')).toEqual({
      action: 'github.issues.create',
      outcome: 'deny',
    });
    expect(readSelect('set_ab1_github.issues.create', 'default')).toMatchObject({ outcome: null });
    for (const [block, value] of [
      ['set_ab1_github.issues.create', 'allow'],
      ['github.issues.create', 'deny'],
      ['', ''],
    ] as const)
      expect(readSelect(block, value)).toBeNull();
  });
});
