import type { Cedar } from './cedar.ts';
import { describeFacts } from './facts-context.ts';
import type { PolicyCall } from './types.ts';

/** Gmail takes at most 2,000 recipients in one message, so more is never a call that could succeed. */
const MAX_ITEMS = 2_000;
/** Longer than any address (320), repository name or calendar id. */
const MAX_LENGTH = 400;

export type Tier = 'none' | 'approved' | 'strong';
/** A request without the parts that vary between evaluations. */
export type CedarRequest = Omit<StatefulCall, 'preparsedSchemaName' | 'preparsedPolicySetId'>;
type StatefulCall = Parameters<Cedar['statefulIsAuthorized']>[0];

/** Whether a call is larger than the rules can look at; part of it is never judged instead of the whole. */
export function isTooLarge({ facts, account, member, context, agent }: PolicyCall): boolean {
  const lists = [facts.recipients, facts.guests, facts.labels, member.groups, context.ownDomains].map(
    (list) => list ?? [],
  );
  const texts = [facts.repository, facts.calendar, account.label, account.domain, agent];
  return (
    lists.some((list) => list.length > MAX_ITEMS || list.some((item) => item.length > MAX_LENGTH)) ||
    texts.some((text) => (text?.length ?? 0) > MAX_LENGTH)
  );
}

/**
 * The call as Cedar is asked about it, for each tier.
 * @throws RangeError when the hour is not one
 */
export function createRequest(call: PolicyCall): (tier: Tier) => CedarRequest {
  const { member, account, context } = call;
  if (!Number.isInteger(context.hour) || context.hour < 0 || context.hour > 23) {
    throw new RangeError(`the hour is ${context.hour}`);
  }
  const principal = { type: 'Member', id: `${member.workspaceId}/${member.id}` };
  const connection = account.connection;
  const label = account.label.toLowerCase();
  const domain = account.domain?.toLowerCase();
  const resource = { type: 'Account', id: `${connection}/${label}` };
  const groups = (member.groups ?? []).map((id) => ({ type: 'Group', id: `${member.workspaceId}/${id}` }));
  const entities = [
    { uid: principal, attrs: {}, parents: [{ type: 'Role', id: member.role }, ...groups] },
    { uid: resource, attrs: { connection, label, ...(domain === undefined ? {} : { domain }) }, parents: [] },
  ];
  const known = {
    ...describeFacts(call),
    agent: entity('Agent', call.agent),
    surface: entity('Surface', context.surface),
    weekday: entity('Weekday', context.weekday),
    hour: context.hour,
  };
  return (tier) => ({
    principal,
    action: { type: 'Action', id: call.action },
    resource,
    context: { ...known, tier: entity('Tier', tier) },
    entities,
    // The lowest tier is always asked first, and the others differ from it by the tier alone.
    validateRequest: tier === 'none',
  });
}

function entity(type: string, id: string) {
  return { __entity: { type, id } };
}
