import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Item {
  number: number;
  title: string;
  body: string | null;
  state: string;
  labels: { name: string }[];
  assignees: { login: string }[];
  user: { login: string };
  comments: number;
  updated_at: string;
  html_url: string;
  pull_request?: object;
}

interface Comment {
  id: number;
  body: string;
  user: { login: string };
  html_url: string;
}

const SITE = 'https://github.com/acme/site';

/** The few routes of GitHub's REST API that the actions use, strict about what they are sent. */
export async function startGithubServer() {
  const issues: Item[] = [];
  const comments = new Map<number, Comment[]>();
  const seen: { method: string; path: string; headers: IncomingMessage['headers']; body: unknown }[] = [];
  const faults: { method: string; status?: number; headers?: Record<string, string>; body?: unknown }[] = [];
  let clock = Date.parse('2026-11-03T09:00:00Z');

  const touch = () => new Date((clock += 1000)).toISOString();
  const addIssue = (given: Partial<Item>): Item => {
    const number = issues.length + 1;
    const issue: Item = {
      number,
      title: 'Untitled',
      body: null,
      state: 'open',
      labels: [],
      assignees: [],
      user: { login: 'ada' },
      comments: 0,
      updated_at: touch(),
      html_url: `${SITE}/issues/${number}`,
      ...given,
    };
    issues.push(issue);
    return issue;
  };
  const addComment = (number: number, body: string): Comment => {
    const list = comments.get(number) ?? [];
    const id = number * 1000 + list.length;
    const comment = {
      id,
      body,
      user: { login: 'ben' },
      html_url: `${SITE}/issues/${number}#issuecomment-${id}`,
    };
    comments.set(number, [...list, comment]);
    const issue = issues.find((item) => item.number === number);
    if (issue !== undefined) Object.assign(issue, { comments: list.length + 1, updated_at: touch() });
    return comment;
  };

  function answer(
    method: string,
    url: URL,
    body: Record<string, unknown>,
  ): { status: number; data: unknown } {
    const found = (data: unknown, status = 200) => ({ status, data });
    const page = <T>(items: readonly T[]): T[] => {
      const size = Number(url.searchParams.get('per_page') ?? 30);
      const start = (Number(url.searchParams.get('page') ?? 1) - 1) * size;
      return items.slice(start, start + size);
    };
    if (method === 'GET' && url.pathname === '/user/repos') {
      const repository = {
        full_name: 'acme/site',
        private: true,
        visibility: 'private',
        description: null,
        open_issues_count: 3,
        html_url: SITE,
      };
      return found([repository]);
    }
    if (method === 'GET' && url.pathname === '/repos/acme/site')
      return found({ private: false, visibility: 'public' });
    if (!url.pathname.startsWith('/repos/acme/site/issues')) return found({ message: 'Not Found' }, 404);
    const [number, sub] = url.pathname.slice('/repos/acme/site/issues'.length).split('/').filter(Boolean);
    if (number === undefined && method === 'POST') {
      const labels = ((body['labels'] as string[] | undefined) ?? []).map((name) => ({ name }));
      const assignees = ((body['assignees'] as string[] | undefined) ?? []).map((login) => ({ login }));
      return found(
        addIssue({ title: String(body['title']), body: String(body['body']), labels, assignees }),
        201,
      );
    }
    if (number === undefined) {
      const state = url.searchParams.get('state') ?? 'open';
      return found(page(issues.filter((item) => state === 'all' || item.state === state).toReversed()));
    }
    const issue = issues.find((item) => item.number === Number(number));
    if (issue === undefined) return found({ message: 'Not Found' }, 404);
    if (sub === 'comments' && method === 'POST')
      return found(addComment(issue.number, String(body['body'])), 201);
    if (sub === 'comments') return found(page(comments.get(issue.number) ?? []));
    if (method === 'PATCH') {
      const labels = (body['labels'] as string[] | undefined)?.map((name) => ({ name }));
      const assignees = (body['assignees'] as string[] | undefined)?.map((login) => ({ login }));
      const texts = Object.fromEntries(
        Object.entries(body).filter(([name]) => ['title', 'body', 'state'].includes(name)),
      );
      Object.assign(issue, texts, labels && { labels }, assignees && { assignees }, { updated_at: touch() });
    }
    return found(issue);
  }

  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const method = request.method ?? '';
      const url = new URL(request.url ?? '/', 'http://127.0.0.1');
      const text = Buffer.concat(parts).toString('utf8');
      const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
      seen.push({ method, path: url.pathname, headers: request.headers, body });
      const index = faults.findIndex((fault) => fault.method === method);
      const [fault] = index < 0 ? [] : faults.splice(index, 1);
      const { status, data } =
        fault?.status === undefined
          ? answer(method, url, body)
          : { status: fault.status, data: fault.body ?? { message: 'Told to fail' } };
      if (fault !== undefined && fault.status === undefined) return void request.socket.destroy();
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...fault?.headers });
      response.end(JSON.stringify(data));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    issues,
    comments,
    seen,
    /** The next request with that method: without a status it is carried out and its answer lost. */
    failNext: (fault: (typeof faults)[number]) => void faults.push(fault),
    addIssue,
    addComment,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}
