import { openPalette } from "./palette.js";

/** @typedef {{ label: string, keys: string, href: string, element: HTMLElement }} Command */

const WHILE_TYPING = new Set(["F8", "F9"]);
let chord = "";
let chordTimer = 0;

/**
 * The key as the trade names it: the letter on a Latin layout, else the place on the keyboard.
 * @param {KeyboardEvent} event
 */
export function keyOf(event) {
  const latin = /^[a-z]$/i.test(event.key);
  if (latin) return `Key${event.key.toUpperCase()}`;
  if (event.key === "/") return "Slash";
  return event.code;
}

/** @param {EventTarget | null} target */
export function isTyping(target) {
  const element = /** @type {HTMLElement} */ (target);
  if (!(element instanceof HTMLElement)) return false;
  if (element.isContentEditable || element.matches("textarea, select")) return true;
  return element instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit", "file"].includes(element.type);
}

/** Whether single keys are on: the person may switch them off. */
export function keysAreOn() {
  return document.documentElement.dataset.keys !== "off";
}

/** Where keys act: the top layer, else the page. */
export function topLayer() {
  const open = [...document.querySelectorAll("dialog[open]")];
  return open.at(-1) ?? document;
}

/** The commands this page declares by data-key, first of each key. @returns {Command[]} */
export function pageCommands() {
  /** @type {Map<string, Command>} */
  const found = new Map();
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-key]"))) {
    const keys = element.dataset.key ?? "";
    if (found.has(keys) || (element.closest("dialog:not([open])") && element.closest("dialog"))) continue;
    const label = (element.dataset.command ?? element.getAttribute("aria-label") ?? element.querySelector("span")?.textContent ?? element.textContent ?? "").trim();
    const href = element instanceof HTMLAnchorElement ? element.href : "";
    found.set(keys, { label, keys: shown(keys), href, element });
  }
  return [...found.values()];
}

/** @param {string} keys */
export function shown(keys) {
  return keys.replaceAll("Key", "").replaceAll("Digit", "").replace("Slash", "/").replace("Period", ".").replace(",", " · ");
}

/** Keys act everywhere, by place on the keyboard, never with Alt, and not while somebody types. */
export default function shortcuts() {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.getModifierState("AltGraph") || event.defaultPrevented) return;
    const key = keyOf(event);
    const control = event.ctrlKey || event.metaKey;
    if (control && key === "KeyK") {
      event.preventDefault();
      return openPalette();
    }
    if (control || !keysAreOn()) return;
    if (isTyping(event.target) && !WHILE_TYPING.has(event.key)) return;
    if (event.repeat) return;
    if (event.key === "?" || (event.shiftKey && event.code === "Slash")) return showMap(event);
    if (event.shiftKey) return;
    const wanted = chord ? `${chord} ${key}` : key;
    chord = "";
    window.clearTimeout(chordTimer);
    const element = declared(wanted);
    if (element) {
      event.preventDefault();
      return press(element);
    }
    if (!wanted.includes(" ") && begins(`${wanted} `)) {
      chord = wanted;
      chordTimer = window.setTimeout(() => (chord = ""), 1500);
    }
  });
}

/** @param {string} key */
function declared(key) {
  const all = /** @type {HTMLElement[]} */ ([...topLayer().querySelectorAll(`[data-key*="${CSS.escape(key)}"]`)]);
  const fits = all.filter((element) => (element.dataset.key ?? "").split(",").map((one) => one.trim()).includes(key) && !element.closest("dialog:not([open])") && !element.matches(":disabled"));
  return fits.find((element) => element.closest("#drawer")) ?? fits[0];
}

/** @param {string} start */
function begins(start) {
  return Boolean(topLayer().querySelector(`[data-key^="${start}"]`));
}

/** @param {HTMLElement} element */
function press(element) {
  if (element.matches("input, textarea, select")) return element.focus();
  element.click();
}

/** @param {KeyboardEvent} event */
function showMap(event) {
  const map = /** @type {HTMLDialogElement | null} */ (document.getElementById("keymap"));
  if (!map || map.open) return;
  event.preventDefault();
  map.dispatchEvent(new CustomEvent("krug:map"));
  map.showModal();
}
