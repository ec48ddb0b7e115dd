import { renewToken, signInOver } from "./behaviours/sign-in.js";
import { mount } from "./mount.js";
import htmx from "htmx.org";

/** @typedef {{ method?: string, body?: BodyInit | null, target?: string, signal?: AbortSignal, keepalive?: boolean, page?: boolean }} Ask */

/** The token of this page; it changes at sign-in. */
export function token() {
  return document.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? "";
}

/**
 * Ask the server for a part; an expired sign-in is renewed over the page and the same request is sent again.
 * @param {string} url
 * @param {Ask} [ask]
 * @returns {Promise<Response>}
 */
export async function request(url, ask = {}) {
  const answer = await send(url, ask);
  if (answer.status === 403 && answer.headers.has("X-CSRFToken")) await renewToken(answer);
  else if (wantsSignIn(answer)) await signInOver();
  else return answer;
  if (ask.body instanceof FormData && ask.body.has("csrfmiddlewaretoken")) ask.body.set("csrfmiddlewaretoken", token());
  return send(url, ask);
}

const PATIENCE = { tries: 2, seconds: 5 };

/**
 * A server that is full and says when to come again is asked again; forms carry a key, so nothing is done twice.
 * @param {string} url
 * @param {Ask} ask
 */
export async function send(url, ask) {
  for (let tries = 0; ; tries += 1) {
    const answer = await once(url, ask);
    const wait = Number(answer.headers.get("Retry-After"));
    const isFull = [429, 503].includes(answer.status) && wait > 0 && wait <= PATIENCE.seconds;
    if (!isFull || tries >= PATIENCE.tries || ask.keepalive) return answer;
    await new Promise((resolve) => window.setTimeout(resolve, wait * 1000));
  }
}

/**
 * @param {string} url
 * @param {Ask} ask
 */
function once(url, ask) {
  /** @type {Record<string, string>} */
  const headers = { "HX-Request": "true", "X-Submit": "1", "X-CSRFToken": token() };
  if (ask.target) headers["HX-Target"] = ask.target;
  const { method = "GET", body = null, signal, keepalive = false } = ask;
  return fetch(url, { method, body, signal, keepalive, headers, credentials: "same-origin" });
}

/** @param {Response} answer */
function wantsSignIn(answer) {
  const door = document.getElementById("sign-in")?.dataset.url;
  return answer.status === 401 || Boolean(door && answer.redirected && new URL(answer.url).pathname === door && location.pathname !== door);
}

/**
 * Put a fragment where it belongs: marked parts to their places, the rest is returned.
 * @param {string} html
 */
export function parts(html) {
  const page = new DOMParser().parseFromString(`<body>${html}</body>`, "text/html");
  const title = page.querySelector("title")?.textContent ?? "";
  page.querySelectorAll("title, script").forEach((element) => element.remove());
  for (const part of page.querySelectorAll("[hx-swap-oob]")) place(part);
  const rest = document.createDocumentFragment();
  rest.append(...[...page.body.childNodes].map((node) => document.adoptNode(node)));
  return { rest, title, empty: !rest.textContent?.trim() };
}

/** @param {Element} part */
function place(part) {
  const [how, selector] = (part.getAttribute("hx-swap-oob") ?? "true").split(":");
  const old = document.querySelector(selector ?? `#${CSS.escape(part.id)}`);
  part.remove();
  part.removeAttribute("hx-swap-oob");
  if (!old) return;
  if (how === "beforeend") {
    const children = [...part.children].map((child) => document.adoptNode(child));
    old.append(...children);
    children.forEach(enliven);
  } else {
    const fresh = document.adoptNode(part);
    old.replaceWith(fresh);
    enliven(fresh);
  }
}

/**
 * Replace what stands in `host` by the fragment and bring it to life.
 * @param {Element} host
 * @param {DocumentFragment} fragment
 */
export function fill(host, fragment) {
  host.replaceChildren(fragment);
  enliven(host);
}

/** @param {Element} element */
function enliven(element) {
  htmx.process(/** @type {HTMLElement} */ (element));
  mount(element);
}

/**
 * htmx met an expired sign-in: renew it and send the same again.
 * @param {Event} event
 */
export function answerNeedsSignIn(event) {
  const { xhr, requestConfig, elt, target } = /** @type {CustomEvent} */ (event).detail;
  if (xhr.status !== 401) return;
  event.preventDefault();
  signInOver().then(() => htmx.ajax(requestConfig.verb, requestConfig.path, { source: elt, target, values: requestConfig.parameters }));
}

/** Fetch this page again and change only its content; scroll and frame stay. */
export async function refresh() {
  const answer = await request(location.href, { target: "main" });
  const main = document.getElementById("main");
  if (!answer.ok || !main) return location.reload();
  const { rest, title } = parts(await answer.text());
  fill(main, rest);
  if (title) document.title = title;
}
