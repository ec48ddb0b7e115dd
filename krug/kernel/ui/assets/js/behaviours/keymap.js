import { pageCommands } from "./shortcuts.js";

/** A link that shows the map of keys of this page. @param {HTMLElement} opener */
export default function keymapOpener(opener) {
  opener.addEventListener("click", (event) => {
    const map = /** @type {HTMLDialogElement | null} */ (document.getElementById("keymap"));
    if (!map) return;
    event.preventDefault();
    draw(map);
    map.showModal();
  });
}

document.getElementById("keymap")?.addEventListener("krug:map", (event) => draw(/** @type {HTMLElement} */ (event.target)));

/** @param {HTMLElement} map */
function draw(map) {
  const body = /** @type {HTMLElement} */ (map.querySelector("[data-keymap]"));
  const words = body.dataset;
  const always = [
    ["Ctrl K", words.wordsSearch], ["Ctrl Enter", words.wordsSave], ["Esc", words.wordsClose], ["?", words.wordsMap],
    ["J  K", words.wordsRows], ["Space", words.wordsPeek], ["X", words.wordsSelect], ["E", words.wordsEdit], ["M 1–9", words.wordsMove],
  ];
  const page = pageCommands().map((command) => [command.keys, command.label]);
  const box = document.createElement("div");
  box.className = "keymap";
  box.append(column(words.wordsAlways ?? "", always), column(words.wordsPage ?? "", page));
  body.replaceChildren(box);
}

/**
 * @param {string} title
 * @param {(string | undefined)[][]} pairs
 */
function column(title, pairs) {
  const part = document.createElement("section");
  const head = Object.assign(document.createElement("h3"), { textContent: title });
  const list = document.createElement("dl");
  for (const [keys = "", label = ""] of pairs) {
    const term = document.createElement("dt");
    term.append(Object.assign(document.createElement("kbd"), { textContent: keys }));
    list.append(term, Object.assign(document.createElement("dd"), { textContent: label }));
  }
  part.append(head, list);
  return part;
}
