import { send } from "../net.js";

const PLACE = "krug:scroll";
const here = () => location.pathname + location.search;

/** The page in another language stands where it stood. */
function stand() {
  const [where, top] = JSON.parse(sessionStorage.getItem(PLACE) ?? "[]");
  sessionStorage.removeItem(PLACE);
  if (where === here()) window.scrollTo({ top, behavior: "instant" });
}
stand();

/** Theme, density and the folded menu change at once; the language needs the page again. @param {HTMLFormElement} form */
export default function preference(form) {
  form.addEventListener("submit", (event) => {
    const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
    if (button?.name === "language") sessionStorage.setItem(PLACE, JSON.stringify([here(), window.scrollY]));
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
