import { defineConfig } from "vitest/config";
import { assetsInVite } from "./scripts/assets.mjs";
import { clientScripts } from "./scripts/client-bundle.mjs";
import { shippedInstead, shippedModules } from "./scripts/shipped-modules.mjs";

/** Folders whose modules are pure: they need neither Node nor a browser. */
export const PURE_FOLDERS = [
  ...["units", "options", "demangle", "profile", "transforms", "formats"],
  ...["view", "graph", "report", "render"],
];

/** Exports that only the library, browsers or the tests use, so dist/ has them in no chunk. */
const UNUSED = {
  "src/profile/wire/encode.ts": ["encodeProfile"],
  "src/profile/wire/decode.ts": ["decodeProfile"],
  "src/graph/flame-tree.ts": ["flameTree"],
  "src/report/flame.ts": ["sandwich"],
  "src/render/flame/frames.ts": ["Callers"],
  "src/render/flame/page.ts": ["decodePage"],
  "src/render/flame/digits.ts": ["decodeNumbers", "decodeBigInts"],
};

/**
 * Two tests need copies of modules: `sortStacks` is for browsers only and changes the state of its
 * module, and one test compares two copies.
 */
const WITHOUT_COPIES =
  /^(?!.*(?:has the same frames if the stacks are sorted|another copy of the module))/;

// Runs the unit tests of the pure folders on the modules in dist/, as they are shipped.
export default defineConfig(async () => ({
  plugins: [shippedInstead(await shippedModules(), UNUSED), assetsInVite, clientScripts],
  define: { TSPROF_VERSION: JSON.stringify("0.0.0-test") },
  test: {
    include: [`test/{${PURE_FOLDERS}}/**/*.test.ts`],
    // The modules are pure, so tests cannot influence each other; a worker loads the chunks once.
    isolate: false,
    testNamePattern: WITHOUT_COPIES,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
}));
