import { createHash } from 'node:crypto';
import type { Html } from './html.ts';
import { html } from './html.ts';
import type { Reply } from './reply.ts';
import { STYLE } from './style.ts';

interface Page {
  readonly title: string;
  readonly body: Html;
  readonly status?: number;
  /** Where a form of the page may lead (CSP `form-action`); nowhere when absent. */
  readonly formAction?: string;
  readonly cookie?: string;
  /** The absolute URL of the one script it runs, which may send to its own origin; none when absent. */
  readonly script?: string;
}

/** A whole page. It loads nothing, but perhaps one script of ours by its full name; its style is allowed by its hash. */
export function replyPage({ title, body, status = 200, formAction = "'none'", cookie, script }: Page): Reply {
  // Neither the style sheet nor anything else of ours holds a character that markup would change.
  const style: Html = { markup: `<style>${STYLE}</style>` };
  const { markup } = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title} · AgentDesk</title>
        ${style} ${script === undefined ? '' : html`<script src="${script}" defer></script>`}
      </head>
      <body>
        <main>
          <p class="brand">AgentDesk</p>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html> `;
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
    ...(script === undefined ? [] : [`script-src ${script}`, "connect-src 'self'"]),
    `form-action ${formAction}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return {
    status,
    type: 'text/html; charset=utf-8',
    body: markup,
    policy,
    ...(cookie === undefined ? {} : { cookie }),
  };
}
