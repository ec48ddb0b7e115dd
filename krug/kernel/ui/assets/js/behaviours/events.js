const POLL = 15_000;

/**
 * News of the topics named reach the page as events live:TOPIC on the body; parts listen by hx-trigger.
 * Without a stream the page asks every fifteen seconds.
 * @param {HTMLElement} element
 */
export default function events(element) {
  const url = element.dataset.eventsUrl;
  const poll = () => !document.hidden && tell("poll", "");
  let timer = 0;
  const startPolling = () => {
    timer ||= window.setInterval(poll, POLL);
  };
  if (!url || !("EventSource" in window)) return startPolling();
  const stream = new EventSource(url, { withCredentials: true });
  stream.addEventListener("open", () => {
    window.clearInterval(timer);
    timer = 0;
  });
  stream.addEventListener("error", startPolling);
  for (const topic of (element.dataset.topics ?? "").split(" ")) {
    if (topic) stream.addEventListener(topic, (event) => tell(topic, String(event.data)));
  }
  window.addEventListener("pagehide", () => stream.close());
}

/**
 * @param {string} topic
 * @param {string} id
 */
function tell(topic, id) {
  document.body.dispatchEvent(new CustomEvent(`live:${topic}`, { detail: { id } }));
  if (id) document.body.dispatchEvent(new CustomEvent(`live:${topic}:${id}`));
}
