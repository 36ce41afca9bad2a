import { once } from "./scripts/once.mjs";
import { shippedInstead, shippedModules } from "./scripts/shipped-modules.mjs";
import { BROWSER, configWith, PURE, project } from "./vitest.config.js";

/** Exports that only the library, browsers or the tests use, so dist/ has them in no chunk. */
const UNUSED = {
  "src/profile/wire/encode.ts": ["encodeProfile"],
  "src/profile/wire/decode.ts": ["decodeProfile"],
  "src/graph/flame-tree.ts": ["flameTree"],
  "src/render/flame/colors.ts": ["isColorMode", "labelOf", "isMarked"],
  "src/report/flame.ts": ["sandwich"],
  "src/render/flame/frames.ts": ["Callers"],
  "src/render/flame/page.ts": ["decodePage"],
  "src/render/flame/digits.ts": ["decodeNumbers", "decodeBigInts"],
};

// Runs all tests. Those of the pure folders run on the modules in dist/, as they are shipped.
export default configWith({
  ...project("pure", PURE, { exclude: BROWSER, provide: { modules: "dist" } }),
  plugins: [shippedInstead(await once("shipped modules", shippedModules), UNUSED)],
});
