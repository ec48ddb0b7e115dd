import { closable, openLayer } from "./layers.js";

/** A form beside the work: from the side, on a phone from below. @param {HTMLDialogElement} host */
export function sheet(host) {
  closable(host);
}

/** A link that opens its page in the sheet; the focus returns to where the person was. @param {HTMLAnchorElement} opener */
export function sheetOpener(opener) {
  let before = /** @type {Element | null} */ (null);
  opener.addEventListener("mousedown", () => {
    before = document.activeElement;
  });
  opener.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const host = /** @type {HTMLDialogElement} */ (document.getElementById("sheet"));
    const active = document.activeElement;
    void openLayer(host, opener.href, active && active !== document.body ? active : (before ?? opener));
    before = null;
  });
}
