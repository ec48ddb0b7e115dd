import { parts, refresh, request } from "../net.js";
import { announce } from "../live.js";
import { say } from "../words.js";
import { openDrawer } from "./drawer.js";
import { showLayer } from "./layers.js";
import { isTyping, keyOf, keysAreOn } from "./shortcuts.js";

/** Cards move by drag, by M and a digit, or by their menu; a refusal puts the card back and says why. @param {HTMLElement} board */
export default function board(board) {
  if (board.dataset.moveUrl) void draggable(board);
  keys(board);
  picker(board);
  board.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const card = /** @type {HTMLElement | null} */ (target.closest("[data-card]"));
    if (card?.dataset.drawer && !target.closest("a, button, input, form, label")) void openDrawer(card);
  });
}

/** @param {HTMLElement} board */
async function draggable(board) {
  if (window.matchMedia("(pointer: coarse)").matches) return;
  const { default: Sortable } = await import("sortablejs");
  for (const cards of /** @type {NodeListOf<HTMLElement>} */ (board.querySelectorAll("[data-cards]"))) {
    new Sortable(cards, {
      group: board.id,
      draggable: "[data-card]",
      ghostClass: "ghost",
      animation: window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
      onEnd: ({ item, from, to, oldDraggableIndex = 0 }) => {
        if (from !== to) void move(board, item, from, from.querySelectorAll("[data-card]")[oldDraggableIndex] ?? null);
      },
    });
  }
}

/**
 * The card already stands in its new column; ask the server, and put it back when it refuses.
 * @param {HTMLElement} board
 * @param {HTMLElement} card
 * @param {Element} from
 * @param {Element | null} next
 */
async function move(board, card, from, next) {
  const column = /** @type {HTMLElement} */ (card.closest("[data-column]"));
  const putBack = () => from.insertBefore(card, next?.isConnected ? next : null);
  const body = new FormData();
  for (const name of ["csrfmiddlewaretoken", "once"]) {
    const field = /** @type {HTMLInputElement | null} */ (board.querySelector(`input[name="${name}"]`));
    body.set(name, name === "once" ? crypto.randomUUID() : (field?.value ?? ""));
  }
  body.set("card", card.dataset.card ?? "");
  body.set("version", card.dataset.version ?? "");
  body.set("column", column.dataset.column ?? "");
  body.set("before", /** @type {HTMLElement | null} */ (card.nextElementSibling)?.dataset.card ?? "");
  card.classList.add("moving");
  try {
    const answer = await request(board.dataset.moveUrl ?? "", { method: "POST", body, target: "dialog" });
    const { rest } = parts(await answer.text());
    if (answer.ok) {
      card.dataset.version = answer.headers.get("X-Version") ?? "";
      return announce(say("moved", { column: column.querySelector("h2")?.textContent?.trim() ?? "" }));
    }
    if (answer.status === 422 && rest.querySelector("form")) return askMore(rest, card, putBack);
    putBack();
    if (answer.status === 409) await refresh();
    banner(document.getElementById(board.id) ?? board, saidIn(rest), answer.status !== 409);
  } catch {
    putBack();
    banner(board, /** @type {HTMLElement} */ (board.querySelector("[data-board-banner]")).dataset.offline ?? "");
  } finally {
    card.classList.remove("moving");
  }
}

/**
 * @param {DocumentFragment} form
 * @param {HTMLElement} card
 * @param {() => void} putBack
 */
function askMore(form, card, putBack) {
  const host = /** @type {HTMLDialogElement} */ (document.getElementById("dialog"));
  let saved = false;
  host.addEventListener("krug:done", () => (saved = true), { once: true });
  host.addEventListener("close", () => !saved && putBack(), { once: true });
  showLayer(host, form, card.querySelector("[data-open]"));
}

/** The sentences of a refusal, without its code. @param {DocumentFragment} refusal */
function saidIn(refusal) {
  const said = [...refusal.querySelectorAll("strong, p:not(.code)")].map((part) => part.textContent?.trim() ?? "");
  return said.map((part) => (/[.!?…]$/.test(part) ? part : `${part}.`)).join(" ") || (refusal.textContent?.trim() ?? "");
}

/**
 * @param {HTMLElement} board
 * @param {string} reason
 * @param {boolean} [isBack] whether the card stands where it stood
 */
function banner(board, reason, isBack = true) {
  const place = /** @type {HTMLElement} */ (board.querySelector("[data-board-banner]"));
  const box = document.createElement("div");
  box.className = "banner danger";
  box.setAttribute("role", "alert");
  const title = document.createElement("strong");
  title.textContent = `${place.dataset.title ?? ""} `;
  box.append(...(isBack ? [title] : []), reason);
  place.replaceChildren(box);
}

/** @param {HTMLElement} board */
function keys(board) {
  let awaiting = 0;
  document.addEventListener("keydown", (event) => {
    if (!board.isConnected || event.altKey || event.ctrlKey || event.metaKey || isTyping(event.target) || !keysAreOn()) return;
    if (document.querySelector("dialog[open]")) return;
    const card = /** @type {HTMLElement | null} */ (document.activeElement?.closest("[data-card]") ?? null);
    const key = keyOf(event);
    const digit = /^(Digit|Numpad)([1-9])$/.exec(event.code)?.[2];
    if (card && digit && Date.now() - awaiting < 4000) {
      event.preventDefault();
      awaiting = 0;
      return send(board, card, digit);
    }
    awaiting = 0;
    if (card && key === "KeyM" && board.dataset.moveUrl) {
      event.preventDefault();
      awaiting = Date.now();
      return announce(say("press_number"));
    }
    const step = { KeyJ: 1, KeyK: -1, ArrowDown: 1, ArrowUp: -1 }[key];
    if (step && (card || (key.startsWith("Key") && !document.querySelector('[data-behaviour~="list"]')))) {
      event.preventDefault();
      return walk(board, card, step);
    }
    const side = card && { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (side) {
      event.preventDefault();
      return aside(board, card, side);
    }
    if (card?.dataset.drawer && key === "Space" && document.activeElement?.matches("[data-open]")) {
      event.preventDefault();
      void openDrawer(card);
    }
  });
}

/**
 * @param {HTMLElement} board
 * @param {HTMLElement} card
 * @param {string} digit
 */
function send(board, card, digit) {
  const to = board.querySelector(`[data-column][data-number="${digit}"] [data-cards]`);
  const from = card.parentElement;
  if (!to || !from || to === from) return;
  const next = card.nextElementSibling;
  to.prepend(card);
  focusOn(card);
  void move(board, card, from, next).then(() => focusOn(document.getElementById(card.id)));
}

/** @param {Element | null | undefined} card */
function focusOn(card) {
  /** @type {HTMLElement | null} */ (card?.querySelector("[data-open]") ?? null)?.focus();
}

/**
 * @param {HTMLElement} board
 * @param {Element | null} card
 * @param {number} step
 */
function walk(board, card, step) {
  const all = [...board.querySelectorAll("[data-card]")];
  focusOn(all[Math.max(0, Math.min(all.length - 1, card ? all.indexOf(card) + step : 0))]);
}

/**
 * @param {HTMLElement} board
 * @param {Element} card
 * @param {number} side
 */
function aside(board, card, side) {
  const columns = [...board.querySelectorAll("[data-column]")].filter((column) => column.contains(card) || column.querySelector("[data-card]"));
  const column = columns[columns.findIndex((one) => one.contains(card)) + side];
  focusOn(column?.querySelector("[data-card]"));
}

/** On a phone the picker shows which column is in view. @param {HTMLElement} board */
function picker(board) {
  const picks = /** @type {HTMLElement[]} */ ([...board.querySelectorAll("[data-pick]")]);
  const watch = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        const id = /** @type {HTMLElement} */ (entry.target).dataset.column;
        const pick = picks.find((one) => one.dataset.pick === id);
        if (!entry.isIntersecting) pick?.removeAttribute("aria-current");
        else {
          pick?.setAttribute("aria-current", "true");
          if (pick?.parentElement) pick.parentElement.scrollLeft = pick.offsetLeft - pick.parentElement.offsetWidth / 2 + pick.offsetWidth / 2;
        }
      }
    },
    { root: board.querySelector(".board"), threshold: 0.6 },
  );
  for (const column of board.querySelectorAll("[data-column]")) watch.observe(column);
}
