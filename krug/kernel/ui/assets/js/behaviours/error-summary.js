/** After a refused form the summary takes the focus, and its links go to the fields. @param {HTMLElement} summary */
export default function errorSummary(summary) {
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = /** @type {Element} */ (event.target).closest("a");
    const form = summary.closest("form") ?? document;
    const field = link && /** @type {HTMLElement | null} */ (form.querySelector(`#${CSS.escape(decodeURIComponent(link.hash.slice(1)))}`));
    if (!field) return;
    event.preventDefault();
    const control = field.matches("input, select, textarea") ? field : field.querySelector("input, select, textarea");
    field.scrollIntoView({ block: "center" });
    /** @type {HTMLElement} */ (control ?? field).focus();
  });
}
