import { request } from "../net.js";

/** Search as you type for one record or several. @param {HTMLElement} box */
export default function combobox(box) {
  const input = /** @type {HTMLInputElement | null} */ (box.querySelector("[role=combobox]"));
  const list = /** @type {HTMLElement | null} */ (box.querySelector("[role=listbox]"));
  if (!input || !list) return;
  let timer = 0;
  /** @type {AbortController | null} */
  let asking = null;

  const options = () => /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[role=option]")]);
  const current = () => list.querySelector('[aria-selected="true"]');
  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  /** @param {number} step */
  const walk = (step) => {
    const all = options();
    if (!all.length) return;
    const at = all.indexOf(/** @type {HTMLElement} */ (current()));
    point(all[(at + step + all.length) % all.length] ?? all[0]);
  };
  /** @param {HTMLElement | undefined} option */
  const point = (option) => {
    current()?.setAttribute("aria-selected", "false");
    if (!option) return;
    option.id ||= `${list.id}-${options().indexOf(option)}`;
    option.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  const look = async () => {
    asking?.abort();
    asking = new AbortController();
    try {
      const url = new URL(box.dataset.url ?? "", location.href);
      url.searchParams.set("q", input.value.trim());
      const answer = await request(url.href, { signal: asking.signal });
      if (!answer.ok) return close();
      list.innerHTML = await answer.text();
      if (!options().length) list.replaceChildren(empty(box.dataset.empty ?? ""));
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      point(options()[0]);
    } catch {
      return;
    }
  };
  /** @param {Element | null} option */
  const take = (option) => {
    if (!(option instanceof HTMLElement)) return;
    choose(box, input, option.dataset.value ?? "", option.dataset.label ?? option.textContent?.trim() ?? "");
    close();
  };

  input.addEventListener("input", () => {
    if (!box.dataset.several) /** @type {HTMLInputElement} */ (box.querySelector("[data-value]")).value = "";
    window.clearTimeout(timer);
    timer = window.setTimeout(look, 80);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) void look();
      else walk(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Enter" && !list.hidden && current() && !event.ctrlKey) {
      event.preventDefault();
      take(current());
    } else if (event.key === "Tab" && !list.hidden && current() && input.value.trim()) {
      take(current());
    } else if (event.key === "Backspace" && !input.value && box.dataset.several) {
      box.querySelector("[data-picked] > :last-child")?.remove();
    }
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => take(/** @type {Element} */ (event.target).closest("[role=option]")));
  input.addEventListener("blur", close);
  box.querySelector("[data-picked]")?.addEventListener("change", (event) => {
    const tick = /** @type {HTMLInputElement} */ (event.target);
    if (!tick.checked) tick.closest(".pick")?.remove();
    input.focus();
  });
}

/**
 * @param {HTMLElement} box
 * @param {HTMLInputElement} input
 * @param {string} value
 * @param {string} label
 */
function choose(box, input, value, label) {
  if (!box.dataset.several) {
    /** @type {HTMLInputElement} */ (box.querySelector("[data-value]")).value = value;
    input.value = label;
  } else {
    input.value = "";
    const picked = box.querySelector("[data-picked]");
    if (picked && !picked.querySelector(`input[value="${CSS.escape(value)}"]`)) picked.append(pick(box.dataset.several, value, label));
  }
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

/**
 * @param {string} name
 * @param {string} value
 * @param {string} label
 */
function pick(name, value, label) {
  const made = document.createElement("label");
  made.className = "pick";
  const tick = Object.assign(document.createElement("input"), { type: "checkbox", name, value, checked: true });
  const words = document.createElement("span");
  words.textContent = label;
  made.append(tick, words);
  return made;
}

/** @param {string} text */
function empty(text) {
  const note = document.createElement("li");
  note.className = "listbox-note";
  note.textContent = text;
  return note;
}
