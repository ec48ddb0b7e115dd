import { globSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig } from "vite";

const ui = resolve(import.meta.dirname, "krug/kernel/ui");
const ofScreens = globSync("krug/*/static/*/*.{css,js}", { cwd: import.meta.dirname }).map((file) => resolve(import.meta.dirname, file));

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
      input: [resolve(ui, "assets/js/core.js"), resolve(ui, "assets/css/core.css"), ...ofScreens],
    },
  },
});
