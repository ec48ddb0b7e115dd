/** Arrow keys walk a menu; choosing closes it. @param {HTMLElement} menu */
export default function menu(menu) {
  const items = () => /** @type {HTMLElement[]} */ ([...menu.querySelectorAll("a, button")]);
  menu.addEventListener("toggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState !== "open") return;
    if (!CSS.supports("position-area", "bottom")) placeUnder(menu);
    if (document.activeElement?.matches(":focus-visible")) items()[0]?.focus();
  });
  menu.addEventListener("keydown", (event) => {
    const all = items();
    const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    all.at(next % all.length)?.focus();
  });
  menu.addEventListener("click", (event) => {
    if (/** @type {Element} */ (event.target).closest("a.menu-item, button.menu-item")) menu.hidePopover();
  });
}

/** @param {HTMLElement} menu */
function placeUnder(menu) {
  const opener = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
  if (!opener) return;
  const box = opener.getBoundingClientRect();
  menu.style.setProperty("--menu-left", `${Math.max(8, Math.min(box.left, window.innerWidth - menu.offsetWidth - 8))}px`);
  menu.style.setProperty("--menu-top", `${Math.min(box.bottom, window.innerHeight - menu.offsetHeight - 8)}px`);
}
