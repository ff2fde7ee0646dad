import type { User } from '../world.ts';

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:4rem auto;padding:0 1rem;color-scheme:light dark}
button,select{font:inherit;padding:.5rem .75rem;margin:.25rem 0;width:100%}label{display:block;margin:1rem 0 .25rem}`;

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(title)}</title><style>${STYLE}</style></head><body><main><h1>${escape(title)}</h1>${body}</main></body></html>`;
}

/** What a browser sees when an authorization request is not usable. */
export function problemPage(problem: string): string {
  return page('Slack sandbox', `<p>${escape(problem)}</p><p>Go back to the app and start again.</p>`);
}

/** Asks who this browser is. With `chosen` only that person is offered and the form sends itself. */
export function choicePage(options: {
  readonly kind: 'sign-in' | 'install';
  readonly people: readonly User[];
  readonly teams: readonly { readonly id: string; readonly name: string }[];
  readonly chosen: string | null;
}): string {
  const people = options.people.filter((user) => options.chosen === null || user.id === options.chosen);
  const title = options.kind === 'sign-in' ? 'Sign in with Slack' : 'Add AgentDesk to Slack';
  const buttons = people.map(
    (user) => `<button name="user" value="${user.id}">Continue as ${escape(user.realName)}</button>`,
  );
  const teams = options.teams.map((team) => `<option value="${team.id}">${escape(team.name)}</option>`);
  const choice =
    teams.length > 1
      ? `<label for="team">Workspace</label><select id="team" name="team">${teams.join('')}</select>`
      : '';
  const only = people.length === 1 && options.chosen !== null ? people[0] : undefined;
  const hidden = only === undefined ? '' : `<input type="hidden" name="user" value="${only.id}">`;
  const send = only === undefined ? '' : '<script>document.forms[0].submit()</script>';
  return page(
    title,
    `<p>This is the sandbox: there is no password. Choose who this browser belongs to.</p>
<form method="post">${choice}${hidden}${buttons.join('')}<button name="answer" value="cancel">Cancel</button></form>${send}`,
  );
}
