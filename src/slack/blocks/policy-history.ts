import type { types } from '@slack/bolt';
import type { PolicyVersion } from '../../policy/versions/types.ts';
import type { Scope } from '../policy/change.ts';
import * as rich from './rich.ts';
import { button, cut, oneLine, plain, plainSection, sentenceSection } from './text.ts';
import { writeUtc } from './when.ts';

const STATUS: Readonly<Record<PolicyVersion['status'], string>> = {
  active: 'in force',
  superseded: 'was in force',
  pending: 'waits for its approval',
  rejected: 'never went into force',
};

/** The versions of a layer, newest first. @param older the number of the last one when there are more, else null */
export function buildHistory(history: {
  scope: Scope;
  head: number;
  versions: readonly PolicyVersion[];
  older: number | null;
  mayEdit: boolean;
}): types.ModalView {
  const { scope, head, versions, older, mayEdit } = history;
  const isStart = older === null && head !== 0;
  return {
    type: 'modal',
    callback_id: 'policy_history',
    title: plain('History of the policy', 24),
    close: plain('Close', 24),
    blocks: [
      sentenceSection(scope === 'organisation' ? 'The organisation’s rules.' : 'Your own rules.'),
      ...versions.flatMap((version) => describeVersion(version, head, mayEdit ? scope : null)),
      ...(isStart
        ? [
            plainSection(
              'Version 0: nothing set.',
              mayEdit ? button('Roll back…', 'policy_rollback', `${scope} 0`) : undefined,
            ),
          ]
        : []),
      ...(older === null
        ? []
        : [
            {
              type: 'actions' as const,
              elements: [button('Older versions', 'policy_older', `${scope} ${older}`)],
            },
          ]),
    ],
  };
}

/**
 * Who changed what, when, and what came of it.
 * @param scope where the button to go back to it belongs; null for none
 */
export function describeVersion(
  { number, author, createdAt, status, diff, source }: PolicyVersion,
  head: number,
  scope: Scope | null,
): types.KnownBlock[] {
  const isBack = source === 'rollback' ? ' · a roll back' : '';
  const wasInForce = status === 'superseded' && number !== head;
  return [
    rich.richText(
      rich.section(
        ...rich.words(`Version ${number}`, { bold: true }),
        ...rich.words(` · ${STATUS[status]} · `),
        ...rich.person(author),
        ...rich.words(` · ${writeUtc(createdAt)}${isBack}`),
      ),
    ),
    plainSection(
      cut(diff.map((line) => oneLine(line, 500)).join('\n'), 1_500),
      scope !== null && wasInForce
        ? button('Roll back…', 'policy_rollback', `${scope} ${number}`)
        : undefined,
    ),
  ];
}
