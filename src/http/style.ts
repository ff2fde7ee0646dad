/** The one style sheet of our pages, inside the page. */
export const STYLE = `
:root { color-scheme: light dark; --paper: light-dark(#f5f4f0, #141618); --card: light-dark(#fff, #1c1f22);
  --line: light-dark(#e2dfd7, #2d3135); --text: light-dark(#22262a, #e7e6e2); --muted: light-dark(#5c605a, #a8aca9);
  --accent: light-dark(#1b6a57, #2b7d67); --focus: light-dark(#1a6fb0, #7cc0f5); }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: start center; padding: clamp(16px, 8vh, 96px) 16px;
  background: var(--paper); color: var(--text); font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; }
main { width: 100%; max-width: 34rem; padding: clamp(20px, 5vw, 36px); background: var(--card);
  border: 1px solid var(--line); border-radius: 14px; overflow-wrap: anywhere; }
h1 { margin: 0 0 12px; font-size: 1.4rem; line-height: 1.25; }
h2 { margin: 24px 0 4px; font-size: 1rem; }
p, ul, dl { margin: 0 0 12px; }
ul { padding-left: 1.2em; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; padding: 12px 16px;
  border: 1px solid var(--line); border-radius: 10px; }
dt, small { color: var(--muted); }
dd { margin: 0; }
code { font: 0.92em ui-monospace, Menlo, Consolas, monospace; }
bdi { white-space: pre-wrap; }
pre { margin: 0 0 12px; padding: 12px 16px; border: 1px solid var(--line); border-radius: 10px; white-space: pre-wrap;
  font: 0.92em/1.5 ui-monospace, Menlo, Consolas, monospace; }
#said { font-weight: 600; }
.brand { margin: 0 0 20px; color: var(--muted); font-weight: 600; }
button { width: 100%; margin: 12px 0; padding: 12px 20px; border: 0; border-radius: 10px; background: var(--accent);
  color: #fff; font: inherit; font-weight: 600; cursor: pointer; }
button:hover { filter: brightness(1.1); }
button:disabled { opacity: 0.6; cursor: default; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
@media (max-width: 26rem) { dl { grid-template-columns: 1fr; gap: 0; } dd + dt { margin-top: 8px; } }
`;
