import type { PolicyCall } from './types.ts';

/** What a count is when it is not known: more than any real call has, so that "more than N" rules apply. */
const UNKNOWN_COUNT = 1_000_000;

/** One plain address. A text that holds two would be judged by the domain of the last one only. */
const ADDRESS = /^[^\s@,;:<>()"\\]+@[^\s@,;:<>()"\\]+$/;

type Attributes = Record<
  string,
  boolean | number | string | string[] | { __entity: { type: string; id: string } }
>;

/**
 * The facts of a call as attributes of the Cedar context. What is not known is left out where a rule can ask
 * (`context has recipients`), and is the risky value where it is a count or a yes or no. Names are in lower
 * case: no provider here tells names apart by case.
 */
export function describeFacts({ facts, context, account }: PolicyCall): Attributes {
  const recipients = readAddresses(facts.recipients);
  const guests = readAddresses(facts.guests)?.filter((guest) => guest !== account.label.toLowerCase());
  const own = new Set(context.ownDomains.map((domain) => domain.toLowerCase()));
  const domains = recipients && [...new Set(recipients.map(domainOf))];
  const visibility = facts.repositoryVisibility ?? undefined;
  return present({
    recipients,
    recipientDomains: domains,
    recipientCount: recipients?.length ?? UNKNOWN_COUNT,
    externalRecipients: domains?.some((domain) => !own.has(domain)) ?? true,
    firstTimeRecipients: recipients?.length !== 0 && context.firstTimeRecipients !== false,
    guests,
    guestCount: guests?.length ?? UNKNOWN_COUNT,
    calendar: facts.calendar?.toLowerCase(),
    calendarShared: facts.calendarShared !== false,
    repository: facts.repository?.toLowerCase(),
    repositoryVisibility: visibility && { __entity: { type: 'Visibility', id: visibility } },
    repositoryPublic: visibility === undefined || visibility === 'public',
    labels: facts.labels?.map((label) => label.toLowerCase()),
    provenance: context.provenance ? [...new Set(context.provenance)] : undefined,
  });
}

/** Distinct addresses in lower case; `undefined` when they are not known, or one of them is malformed. */
function readAddresses(addresses: readonly string[] | null | undefined): string[] | undefined {
  if (!addresses?.every((address) => ADDRESS.test(address))) return undefined;
  return [...new Set(addresses.map((address) => address.toLowerCase()))];
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

function present(attributes: { readonly [key: string]: Attributes[string] | undefined }): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).filter(
      (entry): entry is [string, Attributes[string]] => entry[1] !== undefined,
    ),
  );
}
