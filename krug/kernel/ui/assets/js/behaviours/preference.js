import { send } from "../net.js";

/** Theme, density and the folded menu change at once; the language needs the page again. @param {HTMLFormElement} form */
export default function preference(form) {
  form.addEventListener("submit", (event) => {
    const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
    if (!button || button.name === "language") return;
    event.preventDefault();
    document.documentElement.dataset[button.name] = button.value;
    for (const other of form.querySelectorAll("[aria-pressed]")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
    void send(form.getAttribute("action") ?? "", { method: "POST", body: new FormData(form, button) });
    if (button.name === "nav") button.value = button.value === "folded" ? "wide" : "folded";
  });
}
