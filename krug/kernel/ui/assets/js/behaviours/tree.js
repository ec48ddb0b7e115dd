import { request } from "../net.js";

/**
 * A tree walked by arrows: right opens a node or steps into it, left closes it or steps out, Enter narrows the list.
 * The nodes under a node are fetched when it is opened first.
 * @param {HTMLElement} tree
 */
export default function tree(tree) {
  const items = () => /** @type {HTMLElement[]} */ ([...tree.querySelectorAll("[role=treeitem]")]).filter((item) => item.offsetParent);
  /** @param {HTMLElement | null | undefined} item */
  const stand = (item) => {
    if (!item) return;
    for (const other of tree.querySelectorAll("[role=treeitem][tabindex='0']")) other.setAttribute("tabindex", "-1");
    item.tabIndex = 0;
    item.focus();
  };
  const chosen = /** @type {HTMLElement | null} */ (tree.querySelector("[aria-selected=true]"));
  if (chosen) {
    for (const other of tree.querySelectorAll("[role=treeitem][tabindex='0']")) other.setAttribute("tabindex", "-1");
    chosen.tabIndex = 0;
  }
  tree.addEventListener("keydown", (event) => {
    const item = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[role=treeitem]"));
    if (!item || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = items();
    const at = all.indexOf(item);
    const isOpen = item.getAttribute("aria-expanded");
    /** @type {Record<string, (() => void) | undefined>} */
    const deeds = {
      ArrowDown: () => stand(all[at + 1]),
      ArrowUp: () => stand(all[at - 1]),
      Home: () => stand(all[0]),
      End: () => stand(all.at(-1)),
      ArrowRight: () => (isOpen === "false" ? void turn(item, true) : isOpen ? stand(all[at + 1]) : undefined),
      ArrowLeft: () => (isOpen === "true" ? void turn(item, false) : stand(above(item))),
      Space: () => item.click(),
    };
    const deed = deeds[event.code === "Space" ? "Space" : event.key];
    if (!deed) return;
    event.preventDefault();
    event.stopPropagation();
    deed();
  });
  tree.addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest("[data-turn]");
    const item = /** @type {HTMLElement | null} */ (button?.parentElement?.querySelector("[role=treeitem]") ?? null);
    if (item) void turn(item, item.getAttribute("aria-expanded") !== "true");
  });
}

/** Open or close a node; a first opening fetches what stands under it. @param {HTMLElement} item @param {boolean} opens */
async function turn(item, opens) {
  const group = item.closest("li")?.querySelector(":scope > ul");
  if (!group || !item.dataset.nodes) return;
  if (opens && !group.childElementCount) {
    item.setAttribute("aria-busy", "true");
    const answer = await request(item.dataset.nodes, { target: "tree-nodes" });
    item.removeAttribute("aria-busy");
    if (!answer.ok) return;
    const part = new DOMParser().parseFromString(await answer.text(), "text/html");
    group.append(...[...part.querySelectorAll("li")].filter((line) => !line.parentElement?.closest("li")));
  }
  /** @type {HTMLElement} */ (group).hidden = !opens;
  item.setAttribute("aria-expanded", String(opens));
}

/** @param {HTMLElement} item */
function above(item) {
  const group = item.closest("ul[role=group]");
  return /** @type {HTMLElement | null} */ (group?.closest("li")?.querySelector("[role=treeitem]") ?? null);
}
