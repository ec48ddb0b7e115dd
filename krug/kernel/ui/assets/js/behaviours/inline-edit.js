import { fill, parts, refresh, request } from "../net.js";

/**
 * Change one value where it stands: leaving saves, Esc gives the old one back.
 * @param {HTMLElement} cell
 */
export async function editInPlace(cell) {
  const url = cell.dataset.editUrl;
  if (!url || cell.dataset.editing) return;
  cell.dataset.editing = "yes";
  const old = [...cell.childNodes];
  const link = cell.querySelector("a[data-open]");
  const answer = await request(url, { target: "cell" });
  if (!answer.ok) return void delete cell.dataset.editing;
  fill(cell, parts(await answer.text()).rest);
  const form = cell.querySelector("form");
  const control = /** @type {HTMLInputElement | null} */ (form?.querySelector("input:not([type=hidden]), select, textarea"));
  if (!form || !control) return;
  const given = control.value;
  let over = false;
  const giveBack = () => {
    over = true;
    delete cell.dataset.editing;
    cell.replaceChildren(...old);
  };
  const save = async () => {
    if (over) return;
    if (control.value === given) return giveBack();
    over = true;
    const reply = await request(form.getAttribute("action") ?? url, { method: "POST", body: new FormData(form), target: "cell" });
    if (reply.headers.has("X-Location") || reply.headers.has("HX-Redirect")) return void refresh();
    fill(cell, parts(await reply.text()).rest);
    if (reply.status === 422 || reply.status === 409) {
      over = false;
      cell.querySelector("input:not([type=hidden]), select")?.dispatchEvent(new Event("focus"));
      wire(/** @type {HTMLFormElement} */ (cell.querySelector("form")));
      return;
    }
    if (link) {
      link.textContent = cell.textContent?.trim() ?? "";
      cell.replaceChildren(link);
    }
    delete cell.dataset.editing;
  };
  /** @param {HTMLFormElement} live */
  const wire = (live) => {
    live.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      void save();
    }, { capture: true });
    live.addEventListener("focusout", (event) => {
      if (!live.contains(/** @type {Node | null} */ (event.relatedTarget))) void save();
    });
    live.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      giveBack();
      /** @type {HTMLElement | null} */ (cell.closest("[data-row]")?.querySelector("[data-open]") ?? null)?.focus();
    });
  };
  wire(form);
  control.focus();
  if (control instanceof HTMLInputElement && control.type === "text") control.select();
}

document.addEventListener("dblclick", (event) => {
  const cell = /** @type {Element} */ (event.target).closest("[data-edit-url]");
  if (cell instanceof HTMLElement) void editInPlace(cell);
});
