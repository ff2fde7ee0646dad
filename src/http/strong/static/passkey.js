// The one script of the passkey pages: presses on through the steps the server names.
// A passkey belongs to a host name: a page opened by the machine's address moves to its name.
const home = new URL(document.currentScript.src).origin;
if (location.origin !== home) location.replace(home + location.pathname);

const button = document.querySelector('#go');
const said = document.querySelector('#said');
const [, page, reference] = location.pathname.split('/');

/** What the server asked for last and was not answered yet. */
let step = null;

async function post(what, body) {
  const response = await fetch(`/${page}/${what}/${reference}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.problem);
  return answer;
}

/** Asks the authenticator. JSON forms: WebAuthn §5.1.7, §5.1.9, §5.1.10. */
async function ask({ do: what, options }) {
  const publicKey =
    what === 'create'
      ? PublicKeyCredential.parseCreationOptionsFromJSON(options)
      : PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const credential = await navigator.credentials[what]({ publicKey });
  return credential.toJSON();
}

/** One press: what was asked for, or the first thing there is to ask for; then the next step. */
async function press() {
  const asked = step ?? (await post('begin', {}));
  step = null;
  said.textContent = asked.text;
  const next = await post('answer', { challenge: asked.challenge, credential: await ask(asked) });
  said.textContent = next.text;
  if (next.do === 'done') {
    button.hidden = true;
    return;
  }
  // Another passkey is asked for: a press of its own tells the person which.
  step = next;
  button.textContent = next.label;
}

function describe(error) {
  // What browsers throw when the person closes their question, or none of the passkeys is at hand.
  if (error.name === 'NotAllowedError')
    return 'That was cancelled, or the passkey is not on this device. Try again.';
  if (error.name === 'InvalidStateError')
    return 'This device holds a passkey of yours already. Use another device.';
  return error.message;
}

button.addEventListener('click', async () => {
  button.disabled = true;
  try {
    await press();
  } catch (error) {
    said.textContent = describe(error);
  }
  button.disabled = false;
});

if (typeof window.PublicKeyCredential?.parseRequestOptionsFromJSON !== 'function') {
  button.disabled = true;
  said.textContent = 'This browser is too old for passkeys here. Open the link in a newer one.';
}
