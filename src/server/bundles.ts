/**
 * The files of the page, by the last part of their address. Each is loaded at its first request,
 * because some are large.
 */
export const BUNDLES: Readonly<Record<string, () => Promise<string | Uint8Array>>> = {
  "app.js": async () => (await import("./bundles/app.js")).script,
  "engine.js": async () => (await import("./bundles/engine.js")).script,
  "graph.js": async () => (await import("./bundles/graph.js")).script,
  "graphviz.lzma": async () => (await import("./bundles/graphviz.js")).read(),
};
