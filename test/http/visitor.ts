/** A browser as far as cookies go; it follows no redirect by itself. */
export function createVisitor() {
  const jar = new Map<string, string>();
  async function visit(url: string, init: RequestInit = {}) {
    const response = await fetch(url, {
      redirect: 'manual',
      ...init,
      headers: {
        cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(init.headers as Record<string, string> | undefined),
      },
    });
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=');
      jar.set(name, value);
    }
    return {
      status: response.status,
      headers: response.headers,
      location: response.headers.get('location') ?? '',
      cookie: response.headers.getSetCookie()[0] ?? '',
      text: await response.text(),
    };
  }
  return {
    get: (url: string, headers: Record<string, string> = {}) => visit(url, { headers }),
    /** Presses the page's button, as a browser does it on a page without referrer. */
    post: (url: string, headers: Record<string, string> = {}, body = '') =>
      visit(url, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          origin: 'null',
          'sec-fetch-site': 'same-origin',
          ...headers,
        },
      }),
  };
}

export type Visitor = ReturnType<typeof createVisitor>;

/** Where the provider's consent page sends the browser back to, once it was agreed to. */
export function consent(location: string, answer: Record<string, string> = { code: 'the-code' }): string {
  const { searchParams } = new URL(location);
  const query = new URLSearchParams({ state: searchParams.get('state') ?? '', ...answer });
  return `${searchParams.get('redirect_uri')}?${query}`;
}
