import { say } from "../words.js";

/** Under a field stands that more was typed than it holds; nothing is ever cut. */
export default function length() {
  document.addEventListener("input", (event) => {
    const field = /** @type {HTMLInputElement} */ (event.target);
    const limit = Number(field.dataset.most);
    const place = limit ? field.closest(".field") : null;
    if (!place) return;
    const count = [...field.value.normalize("NFC").trim()].length;
    const said = place.querySelector("[data-over]");
    if (count <= limit) return said?.remove();
    const line = said ?? document.createElement("p");
    line.className = "error";
    line.setAttribute("data-over", "");
    line.setAttribute("role", "status");
    line.textContent = say("too_long", { length: count, limit });
    if (!said) place.append(line);
  });
}
