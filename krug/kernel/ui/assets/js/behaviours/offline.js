/** A calm strip while the server can not be reached. @param {HTMLElement} strip */
export default function offline(strip) {
  const tell = () => {
    strip.hidden = navigator.onLine;
  };
  window.addEventListener("online", tell);
  window.addEventListener("offline", tell);
  tell();
}
