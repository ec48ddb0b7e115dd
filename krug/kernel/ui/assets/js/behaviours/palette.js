import { fill, parts, request } from "../net.js";
import { say } from "../words.js";
import { caretOf, restore } from "./layers.js";
import { pageCommands } from "./shortcuts.js";
import { seen } from "./recent.js";

/** @type {Element | null} */
let before = null;
/** @type {number[] | null} */
let caret = null;

/** Open the one box for search and commands, from anywhere, also out of a text field. */
export function openPalette() {
  const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("palette"));
  if (!dialog || dialog.open) return;
  before = document.activeElement;
  caret = caretOf(before);
  dialog.showModal();
  dialog.dispatchEvent(new CustomEvent("krug:opened"));
}

/** @param {HTMLElement} opener */
export function paletteOpener(opener) {
  opener.addEventListener("click", (event) => {
    if (/** @type {MouseEvent} */ (event).ctrlKey || !document.getElementById("palette")) return;
    event.preventDefault();
    openPalette();
  });
}

/** @param {HTMLDialogElement} dialog */
export default function palette(dialog) {
  const input = /** @type {HTMLInputElement} */ (dialog.querySelector("input[role=combobox]"));
  const list = /** @type {HTMLElement} */ (dialog.querySelector("[role=listbox]"));
  const url = dialog.dataset.url ?? "";
  let timer = 0;
  /** @type {AbortController | null} */
  let asking = null;
  const found = () => /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[role=option]")]);
  const current = () => /** @type {HTMLElement | null} */ (list.querySelector('[aria-selected="true"]'));
  /** @param {HTMLElement | undefined} option */
  const point = (option) => {
    current()?.setAttribute("aria-selected", "false");
    if (!option) return input.removeAttribute("aria-activedescendant");
    option.id ||= `found-${found().indexOf(option)}`;
    option.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  const look = async () => {
    asking?.abort();
    const words = input.value.trim();
    if (!words || words.startsWith(">")) return offer(words.slice(1).trim());
    asking = new AbortController();
    try {
      const answer = await request(`${url}?q=${encodeURIComponent(words)}`, { signal: asking.signal, target: "palette-list" });
      if (!answer.ok) throw new Error(String(answer.status));
      fill(list, parts(await answer.text()).rest);
      point(found()[0]);
    } catch (trouble) {
      if (/** @type {Error} */ (trouble).name !== "AbortError") list.textContent = say("not_reached");
    }
  };
  /** @param {string} words */
  const offer = (words) => {
    const commands = pageCommands().filter((one) => one.keys !== "/" && one.label.toLowerCase().includes(words.toLowerCase()));
    const recents = input.value ? [] : seen();
    list.replaceChildren(
      ...group(say("recent"), recents.map((one) => line(one.label, one.kind, one.url, one.icon, ""))),
      ...group(say("commands"), commands.slice(0, input.value ? 30 : 5).map(commandLine)),
    );
    point(found()[0]);
    if (!recents.length && !input.value) void remembered();
  };
  const remembered = async () => {
    const answer = await request(`${url}?q=`, { target: "palette-list" }).catch(() => null);
    if (!answer?.ok || input.value || !dialog.open) return;
    const { rest } = parts(await answer.text());
    list.prepend(...group(say("recent"), /** @type {HTMLElement[]} */ ([...rest.children].filter((line) => line.matches("[role=option]")))));
    point(found()[0]);
  };
  dialog.addEventListener("krug:opened", () => {
    input.value = "";
    offer("");
    input.focus();
  });
  input.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(look, 80);
  });
  dialog.addEventListener("close", () => {
    asking?.abort();
    restore(before, caret);
  });
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const all = found();
    if (event.key === "Escape") {
      event.preventDefault();
      dialog.close();
    } else if (step) {
      event.preventDefault();
      point(all.at((all.indexOf(/** @type {HTMLElement} */ (current())) + step) % all.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      const option = current();
      if (option) go(dialog, list, option, event);
      else if (input.value.trim()) input.form?.submit();
    }
  });
  list.addEventListener("click", (event) => {
    const option = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[role=option]"));
    if (!option) return;
    event.preventDefault();
    go(dialog, list, option, event);
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || /** @type {Element} */ (event.target).closest("[data-close]")) dialog.close();
  });
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {HTMLElement} list
 * @param {HTMLElement} option
 * @param {MouseEvent | KeyboardEvent} event
 */
function go(dialog, list, option, event) {
  const deeds = /** @type {HTMLTemplateElement | null} */ (option.querySelector("template[data-actions]"));
  if (event.shiftKey && deeds) return actions(dialog, list, deeds);
  const href = option.dataset.href ?? "";
  const press = /** @type {{ press?: HTMLElement }} */ (option).press;
  if (event.ctrlKey || event.metaKey) return void window.open(href, "_blank", "noopener");
  dialog.close();
  if (press) press.click();
  else if (href) location.assign(href);
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {HTMLElement} list
 * @param {HTMLTemplateElement} deeds
 */
function actions(dialog, list, deeds) {
  fill(list, /** @type {DocumentFragment} */ (deeds.content.cloneNode(true)));
  dialog.querySelector("input")?.removeAttribute("aria-activedescendant");
  for (const deed of list.querySelectorAll("a")) {
    deed.setAttribute("role", "option");
    deed.addEventListener("click", () => dialog.close());
  }
  const all = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("a")]);
  all[0]?.focus();
  list.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    all.at((all.indexOf(/** @type {HTMLElement} */ (document.activeElement)) + step) % all.length)?.focus();
  };
}

/**
 * @param {string} title
 * @param {HTMLElement[]} lines
 */
function group(title, lines) {
  if (!lines.length) return [];
  const head = document.createElement("div");
  head.className = "palette-group";
  head.setAttribute("role", "presentation");
  head.textContent = title;
  return [head, ...lines];
}

/** @param {import("./shortcuts.js").Command} command */
function commandLine(command) {
  const made = line(command.label, "", command.href, "chevron-right", command.keys);
  Object.assign(made, { press: command.element });
  return made;
}

/**
 * @param {string} label
 * @param {string} kind
 * @param {string} url
 * @param {string} icon
 * @param {string} keys
 */
function line(label, kind, url, icon, keys) {
  const made = document.createElement("div");
  made.className = "found";
  made.setAttribute("role", "option");
  made.setAttribute("aria-selected", "false");
  made.dataset.href = url;
  const sprite = document.body.dataset.sprite ?? "";
  made.innerHTML = '<svg class="icon" width="20" height="20" aria-hidden="true"><use/></svg><span class="found-label"></span><span class="found-note"></span><span class="found-kind"></span>';
  made.querySelector("use")?.setAttribute("href", `${sprite}#${icon}`);
  const name = /** @type {HTMLElement} */ (made.querySelector(".found-label"));
  name.textContent = label;
  const last = /** @type {HTMLElement} */ (made.querySelector(".found-kind"));
  last.textContent = kind;
  if (keys) last.append(Object.assign(document.createElement("kbd"), { textContent: keys }));
  return made;
}
