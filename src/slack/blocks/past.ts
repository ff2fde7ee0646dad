/** Verbs whose past is no `-ed`, as titles of actions begin with them. */
const IRREGULAR: Readonly<Record<string, string>> = {
  find: 'Found',
  forward: 'Forwarded',
  get: 'Got',
  give: 'Gave',
  make: 'Made',
  put: 'Put',
  read: 'Read',
  see: 'Saw',
  send: 'Sent',
  set: 'Set',
  take: 'Took',
  withdraw: 'Withdrew',
  write: 'Wrote',
};

/** The title of an action, which is an order, as what was done: "Send an e-mail" becomes "Sent an e-mail". */
export function tellPast(title: string): string {
  const [verb = '', ...rest] = title.split(' ');
  const past = IRREGULAR[verb.toLowerCase()] ?? regular(verb);
  return [past, ...rest].join(' ');
}

function regular(verb: string): string {
  if (!/^[A-Za-z]{2,}$/.test(verb)) return verb;
  if (verb.endsWith('e')) return `${verb}d`;
  return /[^aeiou]y$/.test(verb) ? `${verb.slice(0, -1)}ied` : `${verb}ed`;
}
