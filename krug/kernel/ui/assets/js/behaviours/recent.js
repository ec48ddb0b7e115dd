const KEPT = "krug:recent";
const MOST = 8;

/** @typedef {{ url: string, label: string, kind: string, icon: string }} Seen */

/** @returns {Seen[]} */
export function seen() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "[]");
  } catch {
    return [];
  }
}

/** Remember that this record was opened; the list is wiped at sign-out. @param {HTMLElement} element */
export default function recent(element) {
  const { url = location.pathname, label = "", kind = "", icon = "dot" } = element.dataset;
  const others = seen().filter((one) => one.url !== url);
  localStorage.setItem(KEPT, JSON.stringify([{ url, label, kind, icon }, ...others].slice(0, MOST)));
}

document.addEventListener("submit", (event) => {
  const action = /** @type {HTMLFormElement} */ (event.target).getAttribute("action") ?? "";
  if (action.startsWith("/sign-out")) localStorage.removeItem(KEPT);
});
