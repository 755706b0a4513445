// Passkeys: asks the device, and hands its answer to the form. Without this script the form stays hidden, and the link that
// comes by mail is the way in.
//
// A form says by `data-passkey` what its device is to do (`create`, `get`) and by `data-begin` where the question comes from.
// What the device answers is sent as an ordinary form, so the page that follows is an ordinary page.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (sign) => sign.charCodeAt(0));

function text(buffer) {
  const signs = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join('');
  return btoa(signs).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

// What JSON cannot hold is written in base64url.
function read(options) {
  const listed = (list) => list && list.map((key) => ({ ...key, id: bytes(key.id) }));
  const read = { ...options, challenge: bytes(options.challenge) };
  if (options.user) read.user = { ...options.user, id: bytes(options.user.id) };
  if (options.excludeCredentials) read.excludeCredentials = listed(options.excludeCredentials);
  if (options.allowCredentials) read.allowCredentials = listed(options.allowCredentials);
  return read;
}

function written(credential) {
  const response = {};
  for (const name of ['attestationObject', 'authenticatorData', 'clientDataJSON', 'signature', 'userHandle']) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
}

async function question(form) {
  const body = new URLSearchParams({ form: form.elements.form.value });
  const answer = await fetch(form.dataset.begin, { method: 'POST', headers: { accept: 'application/json' }, body });
  if (!answer.ok) throw new Error(`the question is answered ${answer.status}`);
  return answer.json();
}

async function ask(form) {
  const { question: name, options } = await question(form);
  const publicKey = read(options);
  const credential = await navigator.credentials[form.dataset.passkey]({ publicKey });
  form.elements.question.value = name;
  form.elements.answer.value = written(credential);
  form.submit();
}

function take(form) {
  const failed = form.querySelector('[data-failed]');
  const button = form.querySelector('button');
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    failed.hidden = true;
    button.disabled = true;
    try {
      await ask(form);
    } catch {
      // Somebody thought better of it, the device has no key for this page, or the question was refused: all the same to see.
      failed.hidden = false;
      button.disabled = false;
      button.focus();
    }
  });
  form.hidden = false;
}

if (window.PublicKeyCredential && navigator.credentials) {
  document.querySelectorAll('form[data-passkey]').forEach(take);
  document.querySelectorAll('[data-without-passkey]').forEach((words) => { words.hidden = true; });
}
