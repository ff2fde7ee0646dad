const SECONDS = 900;

interface Cookie {
  /** A Set-Cookie header. */
  write(publicUrl: string, value: string): string;
  clear(publicUrl: string): string;
  /** @param header the Cookie header */
  read(header: string): string | null;
}

/**
 * Binds a connection to the browser which began it; each request has its own, so that several can go on in one
 * browser. Lax, because the way back from Slack and the provider is a navigation from another site.
 * @param requestId a UUID
 */
export const connectCookie = (requestId: string): Cookie =>
  createCookie(`agentdesk_connect_${requestId}`, '/connect', 'Lax');

/** Binds a change of passkeys to the browser which began it. */
export const passkeyCookie = createCookie('agentdesk_passkey', '/passkey', 'Strict');

function createCookie(name: string, path: string, sameSite: 'Lax' | 'Strict'): Cookie {
  const format = (publicUrl: string, value: string, seconds: number): string => {
    const secure = new URL(publicUrl).protocol === 'https:' ? '; Secure' : '';
    return `${name}=${value}; Path=${path}; Max-Age=${seconds}; HttpOnly; SameSite=${sameSite}${secure}`;
  };
  return {
    write: (publicUrl, value) => format(publicUrl, value, SECONDS),
    clear: (publicUrl) => format(publicUrl, '', 0),
    read(header) {
      for (const part of header.split(';')) {
        const [key, value = ''] = part.trim().split('=');
        if (key === name && /^[\w-]{43}$/.test(value)) return value;
      }
      return null;
    },
  };
}
