/**
 * Goes through a connect link the way a browser does: keeps cookies, follows redirects by hand, presses the one button
 * of each page.
 * @param choices what the person picks on the pages of others: their Slack user, their provider account
 */
export async function followConnectLink(
  link: string,
  choices: { user: string; account: string },
): Promise<string> {
  const cookies = new Map<string, string>();
  const visit = async (url: string, form?: Record<string, string>): Promise<Response> => {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: {
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(form === undefined ? {} : { origin: new URL(url).origin }),
      },
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=');
      cookies.set(name, value);
    }
    return response;
  };
  const page = await visit(link);
  if (page.status !== 200) throw new Error(`the link answers ${page.status}: ${await page.text()}`);
  let response = await visit(link, {});
  for (let hop = 0; hop < 10; hop += 1) {
    const location = response.headers.get('location');
    if (location === null) break;
    const url = new URL(location, link).href;
    response = await visit(url);
    if (response.status !== 200 || new URL(url).origin === new URL(link).origin) continue;
    // A page of Slack or of the provider that asks who one is.
    response = await visit(url, { user: choices.user, account: choices.account, decision: 'allow' });
  }
  const text = (await response.text())
    .replace(/<style[\s\S]*?<\/style>|<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (response.status !== 200)
    throw new Error(`connecting ended with ${response.status}: ${text.slice(0, 300)}`);
  return text;
}
