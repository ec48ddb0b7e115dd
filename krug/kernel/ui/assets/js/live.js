/**
 * Say something to those who listen and do not look.
 * @param {string} text
 */
export function announce(text) {
  const region = document.getElementById("live");
  if (!region) return;
  region.textContent = "";
  window.setTimeout(() => {
    region.textContent = text;
  }, 50);
}

/**
 * After a swap the part may say its result by data-announce.
 * @param {Event} event
 */
export function announceSwap(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  const said = target.dataset?.announce ?? target.querySelector?.("[data-announce]")?.getAttribute("data-announce");
  if (said) announce(said);
}
