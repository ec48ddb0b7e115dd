import { openDrawer } from "./drawer.js";
import { editInPlace } from "./inline-edit.js";
import { isTyping, keyOf, keysAreOn } from "./shortcuts.js";

const PLACE = "krug:place:";

/** Walk, open, look into and tick the rows of a list from the keyboard. @param {HTMLElement} table */
export default function list(table) {
  const rows = () => /** @type {HTMLElement[]} */ ([...table.querySelectorAll("[data-row]")]);
  let last = -1;
  const at = () => {
    const row = document.activeElement?.closest("[data-row]");
    return row ? rows().indexOf(/** @type {HTMLElement} */ (row)) : -1;
  };
  /** @param {number} index */
  const stand = (index) => {
    const row = rows().at(Math.max(0, Math.min(index, rows().length - 1)));
    /** @type {HTMLElement | null | undefined} */ (row?.querySelector("[data-open]") ?? row?.querySelector("a"))?.focus();
    row?.scrollIntoView({ block: "nearest" });
  };
  /** @param {number} index @param {boolean} range */
  const tick = (index, range) => {
    const box = ticked(rows()[index]);
    if (!box) return;
    box.checked = !box.checked;
    if (range && last >= 0) for (const row of rows().slice(Math.min(last, index), Math.max(last, index) + 1)) set(ticked(row), box.checked);
    last = index;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  };
  /** With the drawer open J and K look into the next and the previous row. @param {KeyboardEvent} event */
  const peek = (event) => {
    const step = { KeyJ: 1, KeyK: -1 }[keyOf(event)] ?? 0;
    const now = rows().findIndex((row) => row.getAttribute("aria-current") === "true");
    const next = rows()[now + step];
    if (!step || now < 0 || !next?.dataset.drawer || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    next.scrollIntoView({ block: "nearest" });
    void openDrawer(next);
  };
  document.addEventListener("keydown", (event) => {
    if (!table.isConnected || event.defaultPrevented || event.altKey || isTyping(event.target) || !keysAreOn()) return;
    if (document.querySelector("dialog[open], :popover-open") || document.activeElement?.closest("[data-card]")) return;
    if (document.activeElement?.closest("#drawer")) return peek(event);
    const inside = table.contains(document.activeElement);
    const key = keyOf(event);
    if ((event.ctrlKey || event.metaKey) && !(key === "KeyA" && inside && table.querySelector("[data-select]"))) return;
    const index = at();
    /** @type {Record<string, (() => void) | false>} */
    const deeds = {
      KeyJ: () => stand(index + 1),
      KeyK: () => stand(index < 0 ? 0 : index - 1),
      ArrowDown: inside && (() => stand(index + 1)),
      ArrowUp: inside && (() => stand(index - 1)),
      Home: inside && (() => stand(0)),
      End: inside && (() => stand(rows().length - 1)),
      Space: index >= 0 && Boolean(rows()[index]?.dataset.drawer) && document.activeElement?.matches("a") ? () => void openDrawer(/** @type {HTMLElement} */ (rows()[index])) : false,
      KeyX: index >= 0 && (() => tick(index, event.shiftKey)),
      KeyA: event.ctrlKey && (() => /** @type {HTMLElement | null} */ (table.querySelector("[data-select-all]"))?.click()),
      KeyE: index >= 0 && Boolean(editable(rows()[index])) && (() => void editInPlace(/** @type {HTMLElement} */ (editable(rows()[index])))),
    };
    const deed = deeds[key];
    if (!deed) return;
    event.preventDefault();
    deed();
  });
  table.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const row = /** @type {HTMLElement | null} */ (target.closest("[data-row]"));
    if (!row) return;
    if (target.closest("[data-open]")) return remember(row);
    if (target.closest("a, button, input, label, select, textarea, form") || String(window.getSelection())) return;
    if (row.dataset.drawer && !target.closest("[data-edit-url]")) void openDrawer(row);
  });
  comeBack(table);
}

/** @param {HTMLElement | undefined} row */
function ticked(row) {
  return /** @type {HTMLInputElement | null | undefined} */ (row?.querySelector("[data-select]"));
}

/** @param {HTMLInputElement | null | undefined} box @param {boolean} value */
function set(box, value) {
  if (box) box.checked = value;
}

/** @param {HTMLElement | undefined} row */
function editable(row) {
  return row?.querySelector("[data-edit-url]");
}

/** @param {HTMLElement} row */
function remember(row) {
  sessionStorage.setItem(PLACE + location.pathname, row.dataset.row ?? "");
}

/** Back from a record: the focus stands on its row again. @param {HTMLElement} table */
function comeBack(table) {
  const id = sessionStorage.getItem(PLACE + location.pathname);
  const [entry] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  if (!id || entry?.type !== "back_forward") return;
  sessionStorage.removeItem(PLACE + location.pathname);
  /** @type {HTMLElement | null} */ (table.querySelector(`[data-row="${CSS.escape(id)}"] [data-open]`))?.focus();
}
