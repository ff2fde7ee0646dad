import type { Reply } from './exchange.ts';

const STYLE = `
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{margin:0;display:grid;place-items:start center;padding:6vh 1rem;background:light-dark(#f3f4f6,#15171a)}
main{width:100%;max-width:27rem;background:light-dark(#fff,#202327);border:1px solid light-dark(#d9dce1,#363b42);
border-radius:12px;padding:1.75rem}
h1{font-size:1.3rem;margin:0 0 .25rem}p{margin:.25rem 0 1rem}
small{color:light-dark(#59606b,#a4abb6)}
fieldset{border:1px solid light-dark(#d9dce1,#363b42);border-radius:8px;margin:0 0 1rem;padding:.5rem .9rem}
legend{font-weight:600;padding:0 .3rem}label{display:flex;gap:.6rem;padding:.35rem 0;align-items:baseline}
.row{display:flex;gap:.75rem;justify-content:flex-end}
button{font:inherit;padding:.5rem 1.2rem;border-radius:8px;border:1px solid light-dark(#b9bec7,#4a515b);
background:transparent;color:inherit;cursor:pointer}
button.main{background:#1a5fd0;border-color:#1a5fd0;color:#fff}
:focus-visible{outline:3px solid #6aa0ff;outline-offset:2px}
code{overflow-wrap:anywhere}`;

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  // No form-action: browsers apply it to the redirect that follows the form as well.
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

/** `main` is HTML that is already escaped. */
export function replyPage(status: number, title: string, main: string): Reply {
  const body = `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><main>${main}</main></body></html>`;
  return { status, headers: HEADERS, body };
}

/** A page for an error that must not be sent to a redirect target that was not checked. */
export function replyErrorPage(provider: string, status: number, error: string, explanation: string): Reply {
  return replyPage(
    status,
    `${provider}: error`,
    `<h1>Access blocked</h1><p>${escapeHtml(explanation)}</p><p><small>Error ${status}: <code>${escapeHtml(error)}</code></small></p>`,
  );
}

interface ConsentPage {
  readonly provider: string;
  readonly app: string;
  /** Path and query of the authorization request, posted back as they came. */
  readonly action: string;
  readonly accounts: readonly { readonly id: string; readonly label: string }[];
  readonly chosen: string;
  /** `fixed` ones cannot be unticked. */
  readonly scopes: readonly { readonly name: string; readonly text: string; readonly fixed: boolean }[];
}

/** Posts `account`, `decision` (`allow` or `deny`), `chooses=yes` and one `scope` per ticked box. */
export function replyConsentPage(page: ConsentPage): Reply {
  const accounts = page.accounts.map(
    ({ id, label }) =>
      `<label><input type="radio" name="account" value="${escapeHtml(id)}" required${id === page.chosen ? ' checked' : ''}>${escapeHtml(label)}</label>`,
  );
  const scopes = page.scopes.map(
    ({ name, text, fixed }) =>
      `<label><input type="checkbox" name="scope" value="${escapeHtml(name)}" checked${fixed ? ' disabled' : ''}><span>${escapeHtml(text)}<br><small><code>${escapeHtml(name)}</code></small></span></label>`,
  );
  return replyPage(
    200,
    `${page.provider}: choose an account`,
    `<small>${escapeHtml(page.provider)} (sandbox stand-in, not the real one)</small>
<h1>${escapeHtml(page.app)} wants access to your account</h1>
<form method="post" action="${escapeHtml(page.action)}"><input type="hidden" name="chooses" value="yes">
<fieldset><legend>Account</legend>${accounts.join('')}</fieldset>
<fieldset><legend>It may then</legend>${scopes.join('') || '<p>read what is public about you</p>'}</fieldset>
<div class="row"><button name="decision" value="deny" formnovalidate>Deny</button>
<button class="main" name="decision" value="allow">Allow</button></div></form>`,
  );
}
