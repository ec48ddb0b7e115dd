import { fill, parts, send, token } from "../net.js";

/** @type {Promise<void> | null} */
let running = null;

/** The dialog itself needs nothing until somebody asks. @param {HTMLDialogElement} _dialog */
export default function signIn(_dialog) {}

/** Ask to sign in again over the page; what was typed stays. One dialog, however many requests wait. */
export function signInOver() {
  running ??= ask().finally(() => {
    running = null;
  });
  return running;
}

/** @returns {Promise<void>} */
async function ask() {
  const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("sign-in"));
  const url = dialog?.dataset.url;
  if (!dialog || !url) throw new Error("no sign-in here");
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  const over = `${url}?over=1&as=${dialog.dataset.person ?? ""}`;
  const answer = await send(over, { target: "dialog" });
  fill(dialog, parts(await answer.text()).rest);
  if (!dialog.open) dialog.showModal();
  fillIn(dialog);
  return new Promise((resolve, reject) => {
    dialog.addEventListener("close", () => reject(new Error("sign-in was put off")), { once: true });
    dialog.addEventListener(
      "submit",
      async (event) => {
        event.preventDefault();
        event.stopImmediatePropagation();
        const form = /** @type {HTMLFormElement} */ (event.target);
        const reply = await send(form.getAttribute("action") || over, { method: "POST", body: new FormData(form), target: "dialog" });
        if (!(reply.ok || reply.headers.has("X-Location")) || reply.status === 422) {
          fill(dialog, parts(await reply.text()).rest);
          return;
        }
        await renewToken(reply);
        resolve();
        dialog.close();
        dialog.replaceChildren();
        before?.focus();
      },
      { capture: true },
    );
  });
}

/** The one who opened the page types only the password. @param {HTMLDialogElement} dialog */
function fillIn(dialog) {
  const email = /** @type {HTMLInputElement | null} */ (dialog.querySelector("[name=email]"));
  if (!email || email.value || !dialog.dataset.email) return;
  email.value = dialog.dataset.email;
  /** @type {HTMLElement | null} */ (dialog.querySelector("[name=password]"))?.focus();
}

/** @param {Response} reply */
export async function renewToken(reply) {
  let fresh = reply.headers.get("X-CSRFToken");
  if (!fresh) {
    const page = await fetch(location.href, { credentials: "same-origin" });
    const parsed = new DOMParser().parseFromString(await page.text(), "text/html");
    fresh = parsed.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? token();
  }
  document.querySelector('meta[name="csrf-token"]')?.setAttribute("content", fresh);
  for (const field of document.querySelectorAll('input[name="csrfmiddlewaretoken"]')) {
    /** @type {HTMLInputElement} */ (field).value = fresh;
  }
}
