const LASTS = 10_000;

/** Each message stays ten seconds, longer while looked at or pointed at. @param {HTMLElement} region */
export default function toasts(region) {
  for (const toast of region.querySelectorAll("[data-toast]")) live(/** @type {HTMLElement} */ (toast));
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.addedNodes) if (node instanceof HTMLElement && node.matches("[data-toast]")) live(node);
    }
  }).observe(region, { childList: true });
  region.addEventListener("click", (event) => {
    if (/** @type {Element} */ (event.target).closest("[data-toast-close]")) /** @type {Element} */ (event.target).closest("[data-toast]")?.remove();
  });
}

/** @param {HTMLElement} toast */
function live(toast) {
  let timer = 0;
  const start = () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => toast.remove(), LASTS);
  };
  const stay = () => window.clearTimeout(timer);
  const leave = () => {
    if (!toast.matches(":hover, :focus-within")) start();
  };
  toast.addEventListener("pointerenter", stay);
  toast.addEventListener("focusin", stay);
  toast.addEventListener("pointerleave", leave);
  toast.addEventListener("focusout", leave);
  start();
}
