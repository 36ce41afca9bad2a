/** The scripts of the page, by name. Each is loaded at its first request, because some are large. */
export const BUNDLES = {
  app: async () => (await import("./bundles/app.js")).script,
  engine: async () => (await import("./bundles/engine.js")).script,
  graph: async () => (await import("./bundles/graph.js")).script,
} as const;
