import {
  isUnvouched,
  listFactors,
  listTenantFactors,
  shortId,
  type Factor,
} from '../../approvals/strong/factors.ts';
import { writeStrongLink } from '../../approvals/strong/links.ts';
import { requestFactorChange } from '../../approvals/strong/requests.ts';
import { DeskError } from '../../errors.ts';
import { button, sentenceSection } from '../blocks/text.ts';
import { writeUtc } from '../blocks/when.ts';
import type { SlackDeps } from '../deps.ts';
import { say, type Command, type CommandInput, type CommandReply } from './command.ts';

const LINK = 'The link is yours alone and works once, for 15 minutes.';

export const passkey: Command = {
  usage: 'passkey [remove ID|vouch ID]',
  about: 'your passkeys, and a link to make one; admins: vouch for a member’s or remove it',
  run(deps, input) {
    const [verb, id = ''] = input.words.map((word) => word.toLowerCase());
    if (verb === undefined || verb === 'add') return showMine(deps, input);
    if ((verb === 'remove' || verb === 'vouch') && id !== '') return change(deps, input, verb, id);
    return Promise.resolve(say('Write it as /agentdesk passkey, passkey remove ID or passkey vouch ID.'));
  },
};

async function showMine(deps: SlackDeps, { actor }: CommandInput): Promise<CommandReply> {
  const { approvals, database } = deps.calls;
  const mine = await listFactors(approvals, database.db, actor);
  const identities = approvals.device === null ? [] : await listTenantFactors(approvals, database.db, actor);
  const lines = [
    ...identities.map((factor) => describeIdentity(factor, approvals.device?.ciba.domain ?? '')),
    ...(mine.length === 0 ? ['You have no passkey yet.'] : mine.map(describe)),
  ];
  const waiting = mine.length > 0 && !mine.some((factor) => factor.counts);
  if (waiting) return say(...lines, 'You can make another once one counts.');
  const request = await requestFactorChange(approvals, actor, {
    kind: 'enrol',
    factorId: null,
    isAdmin: false,
  });
  return link(deps, request.id, [...lines, LINK].join('\n'), 'Make a passkey');
}

async function change(
  deps: SlackDeps,
  { actor }: CommandInput,
  kind: 'remove' | 'vouch',
  factorId: string,
): Promise<CommandReply> {
  const refused = await deps.directory.checkClicker(actor);
  if (refused !== null) throw refused;
  const isAdmin = await deps.directory.isAdmin(actor);
  const request = await requestFactorChange(deps.calls.approvals, actor, { kind, factorId, isAdmin });
  const label = kind === 'remove' ? 'Remove it' : 'Vouch for it';
  return link(deps, request.id, `Your own passkey has to say so. ${LINK}`, label);
}

function link(deps: SlackDeps, requestId: string, text: string, label: string): CommandReply {
  const url = writeStrongLink(deps.calls.approvals, 'passkey', requestId);
  if (url === null) throw new DeskError('strong_expired');
  return {
    text: label,
    blocks: [
      sentenceSection(text),
      { type: 'actions', elements: [{ ...button(label, 'passkey_open', 'open', 'primary'), url }] },
    ],
  };
}

function describe(factor: Factor): string {
  return `• ${shortId(factor)}, made ${writeUtc(factor.createdAt)}, ${describeCounting(factor)}`;
}

function describeIdentity(factor: Factor, service: string): string {
  return `• ${shortId(factor)}, your own device, asked by ${service}, ${describeCounting(factor)}`;
}

function describeCounting(factor: Factor): string {
  const { counts, countsFrom } = factor;
  if (!counts && isUnvouched(factor)) return 'counts once an admin vouches for it';
  return counts ? 'counts' : `counts from ${writeUtc(countsFrom)} on`;
}
