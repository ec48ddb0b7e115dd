import { closable, openLayer } from "./layers.js";

/** A question that blocks. @param {HTMLDialogElement} host */
export default function dialog(host) {
  closable(host);
}

/**
 * A link that opens its page in the dialog, or a button that opens the dialog named by data-opens.
 * @param {HTMLElement} opener
 */
export function dialogOpener(opener) {
  opener.addEventListener("click", (event) => {
    const named = opener.dataset.opens ? document.getElementById(opener.dataset.opens) : null;
    const mouse = /** @type {MouseEvent} */ (event);
    if (mouse.ctrlKey || mouse.metaKey || mouse.shiftKey) return;
    event.preventDefault();
    if (named instanceof HTMLDialogElement) return named.showModal();
    const host = /** @type {HTMLDialogElement} */ (document.getElementById("dialog"));
    void openLayer(host, /** @type {HTMLAnchorElement} */ (opener).href, opener);
  });
}
