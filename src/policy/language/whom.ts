import type { Role } from '../rules/types.ts';
import { listOf, splitList, stop, take, takeAll, type Draft } from './draft.ts';
import { ask, refuse } from './reading.ts';

const ROLE = '(?:all )?(?:the )?(?:admins?|administrators?|guests?|members?)';
const ROLES = new RegExp(
  String.raw`\b(?:for|by|when asked by|asked by) (?:any |an? )?(${listOf(ROLE)})(?= |$)`,
);
const GROUP =
  /\b(?:for |by )?(?:the |everyone in |members of )*(?:user )?group (s[a-z0-9]{2,23})(?= |$)|(?:\bfor |\bby )?<!subteam\^(s[a-z0-9]+)(?:\|[^>]*)?>/;
const AGENT =
  /\b(?:for |with |when |by )?(?:the )?(?:agents? (?:named|called) ([a-z][a-z0-9-]*)|(?!the )([a-z][a-z0-9-]*) agent)(?= |$)/;

/** Whom a rule is for, and which agents, taken out of the text. @param isOwn whether it is a member's own rule */
export function readWhom(draft: Draft, isOwn: boolean): void {
  if (/(?:^|\s)<?@[\w-]+>?(?=\s|$)/.test(draft.rest))
    stop(
      draft,
      refuse(
        'A rule is for everyone, for a role or for a user group, never for one person. Everyone sets their own rules.',
      ),
    );
  const roles = take(draft, ROLES);
  if (roles !== null) draft.roles.push(...new Set(splitList(roles[1] ?? '').map(roleOf)));
  takeAll(draft, GROUP, ([, one, other]) => draft.groups.push((one ?? other ?? '').toUpperCase()));
  takeAll(draft, AGENT, ([, one, other]) => draft.agents.push(one ?? other ?? ''));
  if (
    take(
      draft,
      /\bfor (?:everyone|everybody|all of us|the whole (?:team|organi[sz]ation|workspace)|all people)(?= |$)/,
    ) &&
    isOwn
  )
    stop(
      draft,
      ask(
        'These are your own rules, for you alone. Should it be a rule of the organisation? An admin adds those there.',
      ),
    );
  if (take(draft, /\bfor (?:me|myself|me alone|me only)(?= |$)/) !== null && !isOwn)
    stop(
      draft,
      ask(
        'These are the organisation’s rules, for everyone. Should it be a rule of your own? Add it under My rules.',
      ),
    );
}

function roleOf(word: string): Role {
  if (/admin/.test(word)) return 'admin';
  return /guest/.test(word) ? 'guest' : 'member';
}
