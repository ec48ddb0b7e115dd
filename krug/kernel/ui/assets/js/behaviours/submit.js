import { fill, parts, refresh, request } from "../net.js";
import { say } from "../words.js";
import { openLayer } from "./layers.js";

const busy = new WeakSet();
const changed = new Set();
const LONGEST_WAIT = 5000;
/** @type {WeakMap<HTMLFormElement, Promise<unknown>>} */
const underway = new WeakMap();

/**
 * A form is sent once, keeps what was typed whatever happens, and never leaves the page in the dark.
 * @param {HTMLFormElement} form
 */
export default function submit(form) {
  if (form.getAttribute("method") !== "post") return;
  const guarded = form.classList.contains("form") && form.dataset.unguarded === undefined;
  form.addEventListener("input", () => guarded && changed.add(form));
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("[data-submit]"));
  });
  form.addEventListener("submit", (event) => {
    if (busy.has(form)) return event.preventDefault();
    if (form.dataset.native !== undefined || form.hasAttribute("hx-post") || event.defaultPrevented) {
      changed.delete(form);
      return;
    }
    event.preventDefault();
    void deliver(form, /** @type {HTMLButtonElement | null} */ (event.submitter));
  });
}

/** The text is kept elsewhere: leaving would lose nothing. @param {HTMLFormElement} form */
export function settled(form) {
  changed.delete(form);
}

/**
 * The form waits for this, so that a draft on its way never arrives after what it became.
 * @param {HTMLFormElement} form
 * @param {Promise<unknown>} sending
 */
export function before(form, sending) {
  underway.set(form, sending);
}

function holdsTyping() {
  return [...changed].some((form) => form.isConnected);
}

window.addEventListener("beforeunload", (event) => {
  if (holdsTyping()) event.preventDefault();
});

/**
 * @param {HTMLFormElement} form
 * @param {HTMLButtonElement | null} button
 */
async function deliver(form, button) {
  busy.add(form);
  const slow = window.setTimeout(() => button?.setAttribute("aria-busy", "true"), 300);
  const layer = form.closest("#sheet, #dialog, #drawer");
  try {
    const sending = underway.get(form);
    if (sending) await Promise.race([sending, new Promise((resolve) => window.setTimeout(resolve, LONGEST_WAIT))]);
    const url = button?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href;
    const body = new FormData(form, button);
    await receive(form, layer, await request(url, { method: "POST", body, target: layer?.id ?? "main" }));
  } catch {
    complain(form, say("not_sent"), say("not_sent_help"));
  } finally {
    window.clearTimeout(slow);
    button?.removeAttribute("aria-busy");
    busy.delete(form);
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {Element | null} layer
 * @param {Response} answer
 */
async function receive(form, layer, answer) {
  const away = answer.headers.get("X-Location") ?? answer.headers.get("HX-Redirect");
  if (answer.ok || answer.status === 204) {
    changed.delete(form);
    form.dispatchEvent(new CustomEvent("krug:sent"));
    form.closest("[data-toast]")?.remove();
  }
  if (away) return leave(form, layer, new URL(away, location.href));
  const { rest, title, empty } = parts(await answer.text());
  if (!answer.ok && !empty && [...rest.children].every((child) => child.matches(".banner"))) return show(form, rest);
  if (empty) return done(form, layer, answer);
  const host = layer ?? document.getElementById("main");
  if (!host) return;
  changed.delete(form);
  fill(host, rest);
  if (title && !layer) document.title = title;
  const first = [".error-summary", ".conflict", "h1, h2"].map((one) => host.querySelector(one)).find(Boolean);
  if (first instanceof HTMLElement) {
    first.tabIndex = -1;
    first.focus();
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {Element | null} layer
 * @param {URL} url
 */
async function leave(form, layer, url) {
  if (layer instanceof HTMLDialogElement && form.dataset.walk !== undefined) return openLayer(layer, url.href);
  const here = url.pathname === location.pathname;
  if (layer || here) form.dispatchEvent(new CustomEvent("krug:done", { bubbles: true }));
  if (!here || form.dataset.reload !== undefined) return location.assign(url);
  if (url.search !== location.search) history.replaceState(history.state, "", url);
  await refresh();
}

/**
 * @param {HTMLFormElement} form
 * @param {Element | null} layer
 * @param {Response} answer
 */
function done(form, layer, answer) {
  form.dispatchEvent(new CustomEvent("krug:done", { bubbles: true }));
  document.body.dispatchEvent(new CustomEvent("changed"));
  const name = answer.headers.get("HX-Trigger");
  if (name && !name.startsWith("{")) document.body.dispatchEvent(new CustomEvent(name));
  changed.delete(form);
  const isShown = form.dataset.refresh !== undefined || document.querySelector("#main [data-current]");
  if (isShown && !holdsTyping()) void refresh();
}

/**
 * @param {HTMLFormElement} form
 * @param {string} title
 * @param {string} text
 */
function complain(form, title, text) {
  const box = document.createElement("div");
  box.className = "banner danger";
  box.setAttribute("role", "alert");
  const strong = document.createElement("strong");
  strong.textContent = `${title} `;
  box.append(strong, text);
  show(form, box);
}

/**
 * @param {HTMLFormElement} form
 * @param {Node} what
 */
function show(form, what) {
  form.querySelector(":scope > [data-trouble]")?.remove();
  const place = document.createElement("div");
  place.dataset.trouble = "";
  place.append(what);
  if (form.classList.contains("form")) form.prepend(place);
  else form.after(place);
}
