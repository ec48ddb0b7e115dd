/** @type {Record<string, string>} */
const words = JSON.parse(document.body.dataset.words ?? "{}");

/**
 * One phrase in the language of the page.
 * @param {string} name
 * @param {Record<string, string | number>} [values]
 */
export function say(name, values = {}) {
  return (words[name] ?? name).replace(/\{(\w+)\}/g, (_, key) => String(values[key] ?? ""));
}
