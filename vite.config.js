import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig } from "vite";

const krug = resolve(import.meta.dirname, "krug");
const ui = resolve(krug, "kernel/ui");

/** The style sheets and scripts that a domain keeps beside its own screens: krug/sales/static/sales/forecast.css. */
function ofDomains() {
  const files = readdirSync(krug, { recursive: true }).map(String);
  return files.filter((file) => /^\w+[\\/]static[\\/].+\.(css|js)$/.test(file)).map((file) => resolve(krug, file));
}

export default defineConfig({
  root: resolve(ui, "assets"),
  base: "/static/ui/",
  publicDir: false,
  build: {
    outDir: resolve(ui, "bundle/ui"),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    target: "es2022",
    cssTarget: ["chrome125", "firefox128", "safari17.5"],
    rolldownOptions: {
      input: [resolve(ui, "assets/js/core.js"), resolve(ui, "assets/css/core.css"), ...ofDomains()],
      onwarn(warning, warn) {
        // htmx keeps one eval; it is switched off by allowEval and refused by the content policy.
        if (warning.code !== "EVAL") warn(warning);
      },
    },
  },
});
