import { fill, parts, request } from "../net.js";

/**
 * Open a fragment in a dialog host; focus goes to the first field and back to where it was.
 * @param {HTMLDialogElement} host
 * @param {string} url
 * @param {Element | null} [opener]
 */
export async function openLayer(host, url, opener = document.activeElement) {
  const answer = await request(url, { target: host.id });
  const { rest, empty } = parts(await answer.text());
  if (empty || (!answer.ok && answer.status !== 422)) return location.assign(url);
  showLayer(host, rest, opener);
}

/**
 * @param {HTMLDialogElement} host
 * @param {DocumentFragment} fragment
 * @param {Element | null} [opener]
 */
export function showLayer(host, fragment, opener = document.activeElement) {
  const caret = caretOf(opener);
  fill(host, fragment);
  host.setAttribute("aria-label", host.querySelector("h1, h2")?.textContent ?? "");
  for (const other of document.querySelectorAll("dialog[open]")) {
    if (other !== host) /** @type {HTMLDialogElement} */ (other).close();
  }
  if (!host.open) host.showModal();
  const first = ["[autofocus]", ".field :is(input:not([type=hidden]), textarea, select)", "h1, h2"].map((one) => host.querySelector(one)).find(Boolean);
  if (first instanceof HTMLElement) first.focus();
  host.addEventListener("close", () => restore(opener, caret), { once: true });
}

/** @param {Element | null} element */
export function caretOf(element) {
  const field = /** @type {HTMLInputElement | null} */ (element);
  try {
    return field && typeof field.selectionStart === "number" ? [field.selectionStart, field.selectionEnd ?? 0] : null;
  } catch {
    return null;
  }
}

/**
 * @param {Element | null} element
 * @param {number[] | null} caret
 */
export function restore(element, caret) {
  if (!(element instanceof HTMLElement) || !element.isConnected) return;
  element.focus();
  if (caret) /** @type {HTMLInputElement} */ (element).setSelectionRange(caret[0] ?? 0, caret[1] ?? 0);
}

/**
 * What every dialog does: [data-close] and a click beside it close it.
 * @param {HTMLDialogElement} host
 */
export function closable(host) {
  host.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (!target.closest("[data-close]") && target !== host) return;
    if (target === host && host.querySelector("form.form")) return;
    event.preventDefault();
    host.close();
  });
  host.addEventListener("krug:done", () => host.close());
}
