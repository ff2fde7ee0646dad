import type { Presentation } from '../../approvals/presentation.ts';
import { reveal, revealTarget } from '../../approvals/presentation-size.ts';
import { describeProvenance } from '../../approvals/provenance-words.ts';
import { foreign, html, type Html } from '../html.ts';

/** Everything the card showed, in full: text as text, with what is hidden made visible. */
export function showPresentation(shown: Presentation): Html {
  return html`<dl>
      <dt>What</dt>
      <dd><strong>${text(shown.title)}</strong></dd>
      <dt>Code</dt>
      <dd><code>${shown.code}</code></dd>
      <dt>${text(shown.service)} account</dt>
      <dd>${text(shown.account)}</dd>
    </dl>
    ${shown.targets.length === 0 ? '' : html`<h2>To</h2>`}
    ${
      shown.targets.length === 0
        ? ''
        : html`<ul>
            ${shown.targets.map(showTarget)}
          </ul>`
    }
    ${shown.fields.map(showField)}
    ${
      shown.notes.length === 0
        ? ''
        : html`<h2>Note</h2>
            <ul>
              ${shown.notes.map((note) => html`<li>${text(note)}</li>`)}
            </ul>`
    }
    <h2>Why</h2>
    <p>${text(shown.why)}</p>
    ${shown.rules.map((rule) => html`<p><small>${text(rule)}</small></p>`)}`;
}

function showTarget(target: Presentation['targets'][number]): Html {
  const flags = target.flags.map((flag) => html` <strong>⚠ ${text(flag)}</strong>`);
  return html`<li>
    <strong>${foreign(revealTarget(target))}</strong> – ${text(describeProvenance(target))}${flags}
  </li>`;
}

function showField({ label, value, before }: Presentation['fields'][number]): Html {
  const old =
    before === null
      ? ''
      : html`<p><small>before</small></p>
          <pre>${foreign(reveal(before))}</pre>
          <p><small>after</small></p>`;
  return html`<h2>${text(label)}</h2>
    ${old}
    <pre>${foreign(reveal(value))}</pre>`;
}

const text = (value: string): Html => foreign(reveal(value));
