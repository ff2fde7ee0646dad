import type { startSlackServer } from '../../http/slack-server.ts';

export interface Page {
  readonly status: number;
  readonly url: string;
  readonly text: string;
  /** Where its form leads. */
  readonly form: string;
}

interface Choices {
  /** E-mail address at the tenant, and of the account at the provider. */
  readonly account: string;
  /** What Slack says of who is signed in there. */
  readonly slack?: Record<string, unknown>;
  /** Who one is on the sign-in page of a stand-in of Slack. */
  readonly user?: string;
}

/**
 * A browser with cookies, one for each origin, that follows redirects and says yes on the pages of others: Slack's
 * sign-in, the tenant's, a provider's consent.
 * @param home where the desk's own pages are
 */
export function createBrowser(home: string, slack: Awaited<ReturnType<typeof startSlackServer>> | null) {
  const jar = new Map<string, string>();
  const visit = async (url: string, form?: Record<string, string>): Promise<Response> => {
    const { origin } = new URL(url);
    const cookies = [...jar].filter(([name]) => name.startsWith(`${origin} `));
    const response = await fetch(url, {
      redirect: 'manual',
      headers: {
        cookie: cookies.map(([name, value]) => `${name.slice(origin.length + 1)}=${value}`).join('; '),
        ...(form === undefined ? {} : { origin }),
      },
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=');
      jar.set(`${origin} ${name}`, value);
    }
    return response;
  };
  const read = async (url: string, response: Response): Promise<Page> => {
    const html = await response.text();
    const text = html.replace(/<style[\s\S]*?<\/style>|<[^>]+>/g, ' ').replace(/\s+/g, ' ');
    const action = /<form[^>]* action="([^"]+)"/.exec(html)?.[1] ?? '';
    return { status: response.status, url, text: text.trim(), form: new URL(action, url).href };
  };
  const follow = async (from: string, first: Response, choices: Choices): Promise<Page> => {
    let [url, response] = [from, first];
    for (let hop = 0; hop < 12; hop += 1) {
      const location = response.headers.get('location');
      if (location === null) return read(url, response);
      url = new URL(location, url).href;
      const { origin, pathname } = new URL(url);
      if (origin === slack?.signIn.origin) {
        url = slack.agree(url, { claims: choices.slack ?? {} });
        response = await visit(url);
      } else {
        const isPage = origin !== home && /authorize$|oauth/.test(pathname);
        response = await visit(
          url,
          isPage ? { user: choices.user ?? '', account: choices.account, decision: 'allow' } : undefined,
        );
      }
    }
    throw new Error('the browser is sent around in circles');
  };
  return {
    /** Looks at a page. */
    look: async (url: string): Promise<Page> => read(url, await visit(url)),
    /** Looks at a page, presses its button, and goes wherever that leads. */
    async press(url: string, choices: Choices): Promise<Page> {
      const page = await read(url, await visit(url));
      if (page.status !== 200) return page;
      return follow(page.form, await visit(page.form, {}), choices);
    },
    /** Sends a form without having looked at it. */
    send: async (url: string): Promise<Page> => read(url, await visit(url, {})),
    /** Presses the button of a page and goes one step only. @returns where it leads */
    async begin(url: string): Promise<string> {
      await (await visit(url)).text();
      return (await visit(url, {})).headers.get('location') ?? '';
    },
    follow: async (url: string, choices: Choices): Promise<Page> =>
      follow(url, new Response(null, { status: 302, headers: { location: url } }), choices),
  };
}

export type TenantBrowser = ReturnType<typeof createBrowser>;
