import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPage } from '../../src/sandbox/page/create-page.ts';
import type { GithubWorld, GoogleWorld, SlackWorld } from '../../src/sandbox/page/worlds.ts';

/** Listeners to a world, and how to tell them that it changed. */
export function createChanges() {
  const listeners = new Set<() => void>();
  return {
    changed: () => {
      for (const listener of listeners) listener();
    },
    onChange: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

/** Ada's and Ben's Google and one repository; tests change `mail`, `events`, `issues` and call `changed()`. */
export function createOutside() {
  const google = createChanges();
  const github = createChanges();
  const mail = (id: string, from: string, to: string, subject: string, text: string, label: string) => ({
    id,
    threadId: id,
    from,
    to,
    cc: '',
    bcc: '',
    subject,
    date: inHours(-Number(id.slice(1))),
    text,
    labels: [label],
  });
  const messages = [
    mail(
      'm2',
      'Priya Nair <priya@partner.test>',
      'ada@acme.test',
      'Tomorrow at three?',
      'Does three still work?\n\nPriya',
      'INBOX',
    ),
    mail(
      'm5',
      'Ben Okri <ben@acme.test>',
      'ada@acme.test',
      'Numbers for the board',
      'Attached, as promised.',
      'INBOX',
    ),
    mail(
      'm30',
      'Build <build@acme.test>',
      'ada@acme.test',
      'Nightly build is green',
      'All 412 tests passed.',
      'INBOX',
    ),
    mail('m26', 'ada@acme.test', 'ben@acme.test', 'Re: Offsite', 'I booked the room.', 'SENT'),
  ];
  const drafts: ReturnType<typeof mail>[] = [];
  const event = (
    id: string,
    title: string,
    from: number,
    to: number,
    guests: string[],
    rest: object = {},
  ) => ({
    id,
    title,
    start: inHours(from),
    end: inHours(to),
    guests: guests.map((email) => ({ email })),
    location: '',
    status: 'confirmed',
    ...rest,
  });
  const events = [
    event('e1', 'Stand-up', 1, 1.25, ['ben@acme.test']),
    event('e2', 'Call with Priya', 5, 5.5, ['priya@partner.test'], { location: 'Meet' }),
    event('e3', 'Board review', 29, 31, [], { status: 'tentative' }),
  ];
  const lunch = event('t1', 'Company lunch', 48, 49, []);
  const issues = [
    {
      number: 12,
      title: 'Footer links are broken',
      state: 'open',
      author: 'ben',
      body: 'All three lead nowhere.',
      labels: ['bug'],
      comments: [{ author: 'ada', body: 'Seen on the pricing page too.' }],
    },
    {
      number: 9,
      title: 'Raise the upload limit',
      state: 'closed',
      author: 'ada',
      body: '',
      labels: [],
      comments: [],
    },
  ];
  const googleWorld: GoogleWorld = {
    mailboxes: () => [
      { email: 'ada@acme.test', messages, drafts },
      { email: 'ben@acme.test', messages: [], drafts: [] },
    ],
    calendars: () => [
      { email: 'ada@acme.test', events },
      { email: 'ben@acme.test', events: [] },
      { email: 'team@group.calendar.google.com', events: [...events.slice(0, 1), lunch] },
    ],
    onChange: google.onChange,
  };
  const githubWorld: GithubWorld = {
    repositories: () => [{ fullName: 'acme/website', visibility: 'private', issues }],
    onChange: github.onChange,
  };
  return {
    mail,
    messages,
    drafts,
    events,
    issues,
    google: googleWorld,
    github: githubWorld,
    changed: google.changed,
  };
}

/** Serves the page on a free port of the loopback interface. */
export async function servePage(
  slack: SlackWorld,
  { google, github }: { google: GoogleWorld; github: GithubWorld },
) {
  const hosts: string[] = [];
  const page = createPage({ slack, google, github, allowedHosts: () => hosts });
  const server = createServer((req, res) => {
    if (!page.handle(req, res)) res.writeHead(418).end('not the page');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  hosts.push(host);
  return {
    host,
    origin: `http://${host}`,
    async stop() {
      page.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
