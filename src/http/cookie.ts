const NAME = 'agentdesk_connect';
const SECONDS = 900;

/**
 * The cookie that binds a connection to the browser which began it. Lax, because the way back from Slack and
 * the provider is a navigation from another site.
 */
export function writeCookie(publicUrl: string, value: string): string {
  return format(publicUrl, value, SECONDS);
}

export function clearCookie(publicUrl: string): string {
  return format(publicUrl, '', 0);
}

/** @param header the Cookie header */
export function readCookie(header: string): string | null {
  for (const part of header.split(';')) {
    const [name, value = ''] = part.trim().split('=');
    if (name === NAME && /^[\w-]{43}$/.test(value)) return value;
  }
  return null;
}

function format(publicUrl: string, value: string, seconds: number): string {
  const secure = new URL(publicUrl).protocol === 'https:' ? '; Secure' : '';
  return `${NAME}=${value}; Path=/connect; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`;
}
