import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchRequest, type RequestRule } from '../../src/vault/match-request.ts';

const HOST = 'gmail.googleapis.com';
const GET: RequestRule = { method: 'GET', host: HOST, path: '/gmail/v1/users/me/messages/{message}', max: 1 };
const POST: RequestRule = { method: 'POST', host: HOST, path: '/gmail/v1/users/me/drafts', max: 1 };
const RULES = [GET, POST];
const BASE = `https://${HOST}/gmail/v1/users/me`;

const match = (url: string, method = 'GET') => matchRequest(RULES, method, new URL(url));

describe('which request a rule permits', () => {
  it.each<[string, string, RequestRule]>([
    ['GET', `${BASE}/messages/18f`, GET],
    ['GET', `${BASE}/messages/18f?format=full`, GET],
    ['GET', `${BASE}/messages/a%40b`, GET],
    ['GET', `https://${HOST.toUpperCase()}/gmail/v1/users/me/messages/x`, GET],
    ['GET', `https://${HOST}:443/gmail/v1/users/me/messages/x`, GET],
    ['POST', `${BASE}/drafts`, POST],
  ])('%s %s', (method, url, rule) => {
    expect(match(url, method)).toBe(rule);
  });

  it.each<[string, string]>([
    ['DELETE', `${BASE}/messages/18f`],
    ['get', `${BASE}/messages/18f`],
    ['HEAD', `${BASE}/messages/18f`],
    ['POST', `${BASE}/messages/18f`],
    ['GET', `${BASE}/messages/`],
    ['GET', `${BASE}/messages/18f/`],
    ['GET', `${BASE}/messages//18f`],
    ['GET', `${BASE}/messages/18f/trash`],
    ['GET', `${BASE}/messages/..`],
    ['GET', `${BASE}/messages/%2e%2e`],
    ['GET', `${BASE}/messages/a%2Fb`],
    ['GET', `${BASE}/messages/a%5cb`],
    ['GET', `${BASE}/messages/a\\b`],
    ['GET', `${BASE}/messages/a%00`],
    ['GET', `${BASE}/Messages/18f`],
    ['GET', `https://${HOST}/gmail/v1/users/eve@evil.example/messages/18f`],
    ['GET', `http://${HOST}/gmail/v1/users/me/messages/18f`],
    ['GET', `https://${HOST}:8443/gmail/v1/users/me/messages/18f`],
    ['GET', `https://${HOST}./gmail/v1/users/me/messages/18f`],
    ['GET', `https://${HOST}.evil.example/gmail/v1/users/me/messages/18f`],
    ['GET', `https://evil.example/?${HOST}/gmail/v1/users/me/messages/18f`],
    ['GET', `https://me@${HOST}/gmail/v1/users/me/messages/18f`],
    ['GET', `https://me:pw@${HOST}/gmail/v1/users/me/messages/18f`],
    ['GET', `https://${HOST}@evil.example/gmail/v1/users/me/messages/18f`],
    ['GET', 'file:///gmail/v1/users/me/messages/18f'],
    ['GET', 'data:text/plain,x'],
  ])('and not %s %s', (method, url) => {
    expect(typeof match(url, method)).toBe('string');
  });

  it('keeps whatever an id is, encoded as a client does, inside its one segment', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (id) => {
        fc.pre(id.isWellFormed());
        const url = new URL(`${BASE}/messages/${encodeURIComponent(id)}`);
        const rule = matchRequest(RULES, 'GET', url);
        if (rule !== GET) return;
        expect(url.pathname.split('/')).toHaveLength(GET.path.split('/').length);
        expect(decodeURIComponent(url.pathname.split('/').at(-1) ?? '')).toBe(id);
      }),
    );
  });

  it('never permits what is raw, unencoded text from a model, outside the segment it was put into', () => {
    const hostile = fc.array(
      fc.constantFrom('..', '/', '\\', '%2f', '%2e', '?', '#', '@', ';', 'a', ':', ' ', '\t', '\n', '%00'),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(hostile, (parts) => {
        const text = `${BASE}/messages/${parts.join('')}`;
        if (!URL.canParse(text)) return;
        const url = new URL(text);
        if (matchRequest(RULES, 'GET', url) !== GET) return;
        expect(url.host).toBe(HOST);
        expect(url.pathname).toMatch(/^\/gmail\/v1\/users\/me\/messages\/[^/]+$/);
        expect(decodeURIComponent(url.pathname)).toMatch(/^\/gmail\/v1\/users\/me\/messages\/[^/\\\0]+$/);
      }),
    );
  });
});
