import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// Nothing is inlined (no data: addresses, no inline script), so that the server's content
// security policy can be `default-src 'self'`.
export default defineConfig({
  plugins: [react()],
  build: {
    assetsInlineLimit: 0,
    emptyOutDir: true,
    license: { fileName: "assets/licences.md" },
    modulePreload: { polyfill: false },
    outDir: "../src/changeover/web/static",
    sourcemap: false,
  },
  css: {
    preprocessorOptions: {
      scss: { loadPaths: ["node_modules/@uswds/uswds/packages"], quietDeps: true },
    },
  },
  server: { host: "127.0.0.1", proxy: { "/api": "http://127.0.0.1:8080" } },
});
