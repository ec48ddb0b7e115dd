/** The bar of bulk deeds shows while something is ticked. @param {HTMLFormElement} bar */
export default function selection(bar) {
  const id = bar.getAttribute("id") ?? "";
  const ticks = () => /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll(`[data-select][form="${CSS.escape(id)}"]`)]);
  const head = /** @type {HTMLInputElement | null} */ (document.querySelector(`[data-select-all][form="${CSS.escape(id)}"]`));
  const count = bar.querySelector("[data-selected-count]");
  const tell = () => {
    const chosen = ticks().filter((tick) => tick.checked).length;
    bar.classList.toggle("showing", chosen > 0);
    if (count) count.textContent = /** @type {HTMLElement} */ (count).dataset.words?.replace("{}", String(chosen)) ?? "";
    if (head) {
      head.checked = chosen > 0 && chosen === ticks().length;
      head.indeterminate = chosen > 0 && !head.checked;
    }
  };
  document.addEventListener("change", (event) => {
    const box = /** @type {HTMLInputElement} */ (event.target);
    if (box === head) for (const tick of ticks()) tick.checked = box.checked;
    if (box === head || (box.matches("[data-select]") && box.getAttribute("form") === id)) tell();
  });
  tell();
}
