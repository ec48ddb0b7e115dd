import { request, send, token } from "../net.js";
import { before, settled } from "./submit.js";

const REST = 2000;

/** Long text is kept on the server two seconds after the typing stops, and comes back. @param {HTMLFormElement} form */
export default function draft(form) {
  const url = form.dataset.draftUrl;
  const note = form.querySelector("[data-draft-note]");
  if (!url) return;
  let timer = 0;
  let waiting = false;
  let sent = false;
  const save = async (keepalive = false) => {
    window.clearTimeout(timer);
    if (!waiting || sent) return;
    waiting = false;
    const answer = await (keepalive ? send(url, { method: "POST", body: contents(form), keepalive }) : request(url, { method: "POST", body: contents(form) }));
    if (!answer.ok) return;
    settled(form);
    if (note) note.textContent = (await answer.json()).note ?? "";
  };
  form.addEventListener("input", () => {
    waiting = true;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => before(form, save().catch(() => (waiting = true))), REST);
  });
  form.addEventListener("submit", () => window.clearTimeout(timer));
  for (const name of ["krug:done", "krug:sent"]) {
    form.addEventListener(name, () => {
      sent = true;
      window.clearTimeout(timer);
    });
  }
  form.closest("dialog")?.addEventListener("close", () => save(true).catch(() => undefined), { once: true });
  window.addEventListener("pagehide", () => void save(true).catch(() => undefined));
  if (!form.querySelector(".error-summary, .conflict")) void bringBack(form, url, note);
}

/** @param {HTMLFormElement} form */
function contents(form) {
  const body = new FormData(form);
  body.set("csrfmiddlewaretoken", token());
  for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
  return body;
}

/**
 * @param {HTMLFormElement} form
 * @param {string} url
 * @param {Element | null} note
 */
async function bringBack(form, url, note) {
  const answer = await send(url, {}).catch(() => null);
  if (!answer?.ok || answer.status === 204) return;
  /** @type {{ fields?: Record<string, string>, note?: string }} */
  const kept = await answer.json();
  for (const [name, value] of Object.entries(kept.fields ?? {})) {
    const field = form.elements.namedItem(name);
    const writable = field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement || (field instanceof HTMLInputElement && ["text", "hidden", "tel", "email"].includes(field.type));
    if (!writable || ["csrfmiddlewaretoken", "once", "version"].includes(name)) continue;
    if (field.value && field.value !== field.getAttribute("value") && document.activeElement === field) continue;
    field.value = value;
  }
  if (note && kept.note) note.textContent = kept.note;
}
