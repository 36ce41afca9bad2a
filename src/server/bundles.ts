/**
 * The programs of the page, by their names in it. Each is in a file of its own, and loaded when
 * it is first asked for: some are large.
 */
export const BUNDLES = {
  app: async () => (await import("./bundles/app.js")).script,
  engine: async () => (await import("./bundles/engine.js")).script,
  graph: async () => (await import("./bundles/graph.js")).script,
} as const;
