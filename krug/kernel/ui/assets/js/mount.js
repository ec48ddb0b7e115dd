import board from "./behaviours/board.js";
import combobox from "./behaviours/combobox.js";
import dialog, { dialogOpener } from "./behaviours/dialog.js";
import draft from "./behaviours/draft.js";
import drawer from "./behaviours/drawer.js";
import errorSummary from "./behaviours/error-summary.js";
import events from "./behaviours/events.js";
import keymapOpener from "./behaviours/keymap.js";
import list from "./behaviours/list.js";
import menu from "./behaviours/menu.js";
import offline from "./behaviours/offline.js";
import palette, { paletteOpener } from "./behaviours/palette.js";
import passkey from "./behaviours/passkey.js";
import plainDate from "./behaviours/plain-date.js";
import preference from "./behaviours/preference.js";
import print from "./behaviours/print.js";
import recent from "./behaviours/recent.js";
import selection from "./behaviours/selection.js";
import { sheet, sheetOpener } from "./behaviours/sheet.js";
import signIn from "./behaviours/sign-in.js";
import submit from "./behaviours/submit.js";
import toasts from "./behaviours/toasts.js";
import tree from "./behaviours/tree.js";

/** @type {Record<string, (element: any) => void>} */
const behaviours = {
  board,
  combobox,
  dialog,
  "dialog-opener": dialogOpener,
  draft,
  drawer,
  "error-summary": errorSummary,
  events,
  "keymap-opener": keymapOpener,
  list,
  menu,
  offline,
  palette,
  "palette-opener": paletteOpener,
  passkey,
  "plain-date": plainDate,
  preference,
  print,
  recent,
  selection,
  sheet,
  "sheet-opener": sheetOpener,
  "sign-in": signIn,
  submit,
  toasts,
  tree,
};

/** @type {WeakMap<Element, Set<string>>} */
const mounted = new WeakMap();

/**
 * Bring the elements under `root` to life; each behaviour once per element.
 * @param {ParentNode & Node} root
 */
export function mount(root) {
  const found = [...root.querySelectorAll("[data-behaviour]")];
  if (root instanceof HTMLElement && root.dataset.behaviour) found.unshift(root);
  for (const element of /** @type {HTMLElement[]} */ (found)) {
    const done = mounted.get(element) ?? new Set();
    mounted.set(element, done);
    for (const name of (element.dataset.behaviour ?? "").split(/\s+/)) {
      if (!name || done.has(name)) continue;
      done.add(name);
      behaviours[name]?.(element);
    }
  }
}
