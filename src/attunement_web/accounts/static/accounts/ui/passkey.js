/** Asks the browser to make or to show a passkey, and sends its answer with the form. Without passkeys the form stays hidden. */

const toBytes = text => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), sign => sign.charCodeAt(0));
const toText = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** What the server sends as text, and the browser wants as bytes. */
function inBytes(options) {
  const described = one => ({ ...one, id: toBytes(one.id) });
  return {
    ...options,
    challenge: toBytes(options.challenge),
    ...(options.user && { user: described(options.user) }),
    ...(options.excludeCredentials && { excludeCredentials: options.excludeCredentials.map(described) }),
    ...(options.allowCredentials && { allowCredentials: options.allowCredentials.map(described) }),
  };
}

/** And back: every part of an answer that is bytes, as text. */
function asText(credential) {
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const response = Object.fromEntries(
    parts.filter(name => credential.response[name]).map(name => [name, toText(credential.response[name])]));
  return JSON.stringify({
    id: credential.id, rawId: toText(credential.rawId), type: credential.type, response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

async function ask(form) {
  const answer = await fetch(form.dataset.options, { headers: { Accept: "application/json" } });
  if (!answer.ok || answer.redirected) return location.reload(); // the server wants something else first, and says so
  const { publicKey } = await answer.json();
  const wanted = { publicKey: inBytes(publicKey) };
  const { credentials } = navigator;
  const credential = await (form.dataset.passkey === "make" ? credentials.create(wanted) : credentials.get(wanted));
  form.elements.credential.value = asText(credential);
  form.submit();
}

function mount(form) {
  const told = form.querySelector("[data-told]");
  form.hidden = false;
  form.addEventListener("submit", event => {
    event.preventDefault();
    told.textContent = "";
    ask(form).catch(error => { told.textContent = error instanceof TypeError ? told.dataset.offline : told.dataset.stopped; });
  });
}

const isAddress = /^[\d.]+$|^\[/.test(location.hostname); // passkeys belong to a name
if (window.PublicKeyCredential && !isAddress) {
  document.querySelectorAll("[data-passkey]").forEach(mount);
  document.querySelectorAll("[data-no-passkey]").forEach(one => one.remove());
}
