import { request } from "../net.js";

/** Plain words are read while they are typed, and the reading with its weekday is shown. @param {HTMLElement} box */
export default function plainDate(box) {
  const text = /** @type {HTMLInputElement} */ (box.querySelector('input[type="text"]'));
  const reading = /** @type {HTMLElement} */ (box.querySelector("[data-reading]"));
  const picker = /** @type {HTMLInputElement | null} */ (box.querySelector("[data-picker]"));
  let timer = 0;
  /** @type {AbortController | null} */
  let asking = null;
  const read = async () => {
    asking?.abort();
    const url = box.dataset.url;
    if (!url || !text.value.trim()) return reading.replaceChildren();
    asking = new AbortController();
    const body = new FormData();
    body.set("text", text.value);
    body.set("field", text.name);
    try {
      const answer = await request(url, { method: "POST", body, signal: asking.signal });
      reading.textContent = (await answer.text()).trim();
      reading.classList.toggle("unread", !answer.ok);
    } catch {
      reading.textContent = "";
    }
  };
  text.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(read, 120);
  });
  box.querySelector("[data-open-picker]")?.addEventListener("click", () => picker?.showPicker());
  picker?.addEventListener("change", () => {
    text.value = picker.value.replace("T", " ");
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.focus();
  });
  if (text.value && text.getAttribute("aria-invalid") !== "true") void read();
}
