import { listOf, splitList, stop, take, takeAll, type Draft } from './draft.ts';
import { ask, refuse } from './reading.ts';

const DOMAIN = String.raw`@?(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}`;
const DOMAINS = listOf(DOMAIN);
const PERSON = String.raw`(?:anyone|anybody|people|persons|someone|somebody|everyone|recipients?|guests?|attendees|addresses|address|domains?)`;
const BE = String.raw`(?: (?:who|that|which)?\s?(?:is|are|'s))?`;
const LEAVES_OUT = String.raw`(?:outside(?: of)?|not (?:at|in|from|inside|of|to)|other than|except(?: for)?(?: ${PERSON})?(?: (?:at|in|from|to|of))?|unless (?:it's|it is|they are|they're|sent)?(?: (?:at|in|from|to|inside|of))?|beyond)`;
const ACCOUNT_IN = new RegExp(
  String.raw`\b(?:from|with|using|in|on|through) (?:my |an? |the |our |any )?(${DOMAIN}) accounts?\b`,
);
const ACCOUNT_OF = new RegExp(
  String.raw`\b(?:(?:from|with|using|in|on|through) )?(?:my |an? |the |our |any )?accounts?${BE} (${LEAVES_OUT}|of|at|in|on|inside) (${DOMAINS})(?= |$)`,
);
const OUTSIDE = new RegExp(
  String.raw`(?:\b(?:to|with|at) )?(?:\b(?:if|when) )?(?:\b(?:an? |any |the )?${PERSON})?${BE}\s?\b${LEAVES_OUT} (${DOMAINS})(?= |$)`,
);
const INSIDE = new RegExp(
  String.raw`(?:\b(?:to|with) )?(?:\b(?:if|when) )?(?:\b(?:an? |any |the )?${PERSON})?${BE}\s?(?:\b(?:at|to|from|in|inside|of|with) )?(${DOMAINS})(?: (?:addresses|address|domain|people|recipients))?(?= |$)`,
);

/** Domains of recipients and of accounts, taken out of the text. */
export function readDomains(draft: Draft): void {
  if (/[^\s@|]+@[^\s@|]+/.test(draft.rest))
    return stop(
      draft,
      refuse(
        'A rule knows the domains of recipients, not single addresses. Say it of a domain, such as acme.com.',
      ),
    );
  if (/\b(?:my |a )?(?:personal|private|work) (?:google |gmail |github )?account/.test(draft.rest))
    return stop(
      draft,
      ask('Which domain are your organisation’s accounts of? Say it like: with an account outside acme.com.'),
    );
  takeAll(draft, ACCOUNT_IN, ([, domain = '']) =>
    draft.conditions.push({ kind: 'account_domain', match: 'in', domains: clean(domain) }),
  );
  takeAll(draft, ACCOUNT_OF, ([, word = '', domains = '']) =>
    draft.conditions.push({
      kind: 'account_domain',
      match: /^(?:of|at|in|on|inside)$/.test(word) ? 'in' : 'outside',
      domains: clean(domains),
    }),
  );
  const sender = new RegExp(String.raw`\bfrom (${DOMAIN})`).exec(draft.rest)?.[1];
  if (sender !== undefined)
    stop(
      draft,
      ask(`Sent to ${sender}, or with an account of ${sender}? A rule does not know who wrote a mail.`),
    );
  takeAll(draft, OUTSIDE, ([, domains = '']) =>
    draft.conditions.push({ kind: 'recipient_domain', match: 'any_outside', domains: clean(domains) }),
  );
  const inside = take(draft, INSIDE);
  if (inside !== null)
    draft.conditions.push({ kind: 'recipient_domain', match: 'any_in', domains: clean(inside[1] ?? '') });
}

function clean(domains: string): string[] {
  return splitList(domains).map((domain) => domain.replace(/^@/, ''));
}
