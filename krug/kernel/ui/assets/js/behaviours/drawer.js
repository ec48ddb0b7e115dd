import { fill, parts, request } from "../net.js";

/** @type {HTMLElement | null} */
let opener = null;

/** Beside the list, with its own address: ?open=ID. @param {HTMLElement} host */
export default function drawer(host) {
  host.addEventListener("click", (event) => {
    if (!(/** @type {Element} */ (event.target).closest("[data-close]"))) return;
    event.preventDefault();
    closeDrawer();
  });
  host.addEventListener("krug:done", () => closeDrawer());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || host.hidden || document.querySelector("dialog[open], :popover-open")) return;
    event.preventDefault();
    closeDrawer();
  });
  window.addEventListener("popstate", () => follow(host));
  follow(host);
}

/**
 * Look at a record without leaving the list.
 * @param {HTMLElement} row
 */
export async function openDrawer(row) {
  opener = row;
  const id = row.dataset.row ?? row.dataset.card ?? "";
  const address = new URL(location.href);
  const already = address.searchParams.has("open");
  address.searchParams.set("open", id);
  history[already ? "replaceState" : "pushState"]({ drawer: true }, "", address);
  await show(row);
}

/** Close it and go back to the address of the list. */
export function closeDrawer() {
  if (history.state?.drawer) return history.back();
  const address = new URL(location.href);
  address.searchParams.delete("open");
  history.replaceState(null, "", address);
  hide();
}

/** @param {HTMLElement} host */
function follow(host) {
  const id = new URL(location.href).searchParams.get("open");
  if (!id) return hide();
  const row = /** @type {HTMLElement | null} */ (document.querySelector(`[data-row="${CSS.escape(id)}"], [data-card="${CSS.escape(id)}"]`));
  if (row?.dataset.drawer && host.dataset.shown !== id) void show(row);
}

/** @param {HTMLElement} row */
async function show(row) {
  const host = document.getElementById("drawer");
  const url = row.dataset.drawer;
  if (!host || !url) return;
  const answer = await request(url, { target: "drawer" });
  if (!answer.ok) return location.assign(url);
  fill(host, parts(await answer.text()).rest);
  host.dataset.shown = row.dataset.row ?? row.dataset.card ?? "";
  host.hidden = false;
  for (const other of document.querySelectorAll('[data-row][aria-current="true"]')) other.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
  host.focus();
}

function hide() {
  const host = document.getElementById("drawer");
  if (!host || host.hidden) return;
  host.hidden = true;
  host.dataset.shown = "";
  host.replaceChildren();
  const back = opener?.querySelector("[data-open]") ?? opener;
  if (back instanceof HTMLElement) back.focus();
  opener = null;
}
