import htmx from "htmx.org";
import icons from "../icons.svg?url";
import mark from "../mark.svg?url";
import { mount } from "./mount.js";
import { answerNeedsSignIn } from "./net.js";
import { announceSwap } from "./live.js";
import length from "./behaviours/length.js";
import shortcuts from "./behaviours/shortcuts.js";

document.documentElement.dataset.script = "on";
document.documentElement.dataset.files = [icons, mark].join(" ");

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  selfRequestsOnly: true,
  includeIndicatorStyles: false,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  scrollIntoViewOnBoost: false,
  responseHandling: [
    { code: "204", swap: false },
    { code: "(409|422)", swap: true },
    { code: "[23]..", swap: true },
    { code: "[45]..", swap: false, error: true },
  ],
});

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector('meta[name="csrf-token"]')?.getAttribute("content");
  /** @type {CustomEvent} */ (event).detail.headers["X-CSRFToken"] = token ?? "";
});
document.addEventListener("htmx:beforeSwap", answerNeedsSignIn);
document.addEventListener("htmx:afterSettle", announceSwap);
htmx.onLoad((element) => mount(/** @type {HTMLElement} */ (element)));

shortcuts();
length();
mount(document.documentElement);
