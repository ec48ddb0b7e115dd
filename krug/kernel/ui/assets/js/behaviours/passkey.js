import { send } from "../net.js";
import { say } from "../words.js";

/**
 * A form whose answer is a passkey: the server asks, the browser makes or shows one, the form is sent.
 * @param {HTMLFormElement} form
 */
export default function passkey(form) {
  if (!window.PublicKeyCredential) {
    form.hidden = true;
    return;
  }
  form.querySelector("[data-passkey]")?.addEventListener("click", async () => {
    form.querySelector(":scope > .banner")?.remove();
    try {
      const asked = await send(form.dataset.ask ?? "", { method: "POST", body: new FormData(form) });
      const away = asked.headers.get("X-Location") ?? asked.headers.get("HX-Redirect");
      if (away) return location.assign(away);
      if (!asked.ok) throw new Error(String(asked.status));
      const publicKey = readable(await asked.json());
      const isNew = form.dataset.new !== undefined;
      const given = isNew ? await navigator.credentials.create({ publicKey }) : await navigator.credentials.get({ publicKey });
      const answer = /** @type {HTMLInputElement} */ (form.elements.namedItem("answer"));
      answer.value = JSON.stringify(told(/** @type {any} */ (given)));
      form.requestSubmit();
    } catch {
      complain(form);
    }
  });
}

/** @param {HTMLFormElement} form */
function complain(form) {
  const box = document.createElement("div");
  box.className = "banner danger";
  box.setAttribute("role", "alert");
  box.textContent = say("no_passkey");
  form.prepend(box);
}

/** The server's question with its texts as bytes. @param {any} asked */
function readable(asked) {
  const listed = (/** @type {any[] | undefined} */ list) => list?.map((each) => ({ ...each, id: bytes(each.id) }));
  return {
    ...asked,
    challenge: bytes(asked.challenge),
    ...(asked.user && { user: { ...asked.user, id: bytes(asked.user.id) } }),
    ...(asked.excludeCredentials && { excludeCredentials: listed(asked.excludeCredentials) }),
    ...(asked.allowCredentials && { allowCredentials: listed(asked.allowCredentials) }),
  };
}

/** The browser's answer with its bytes as text. @param {any} given */
function told(given) {
  /** @type {Record<string, string>} */
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (given.response[name]) response[name] = text(given.response[name]);
  }
  return { id: given.id, rawId: text(given.rawId), type: given.type, clientExtensionResults: {}, response };
}

/** @param {string} written */
function bytes(written) {
  const plain = atob(written.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

/** @param {ArrayBuffer} raw */
function text(raw) {
  const plain = btoa(String.fromCharCode(...new Uint8Array(raw)));
  return plain.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
