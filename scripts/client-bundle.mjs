// What runs in a browser is written in TypeScript under src/ui, and reaches the
// pictures and pages that tsprof writes as text: `import script from "client:NAME"` is the
// source of src/ui/entries/NAME.ts, bundled and minified. The build and the tests share this.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const PREFIX = "client:";

/** d3-graphviz's own Graphviz is the same program in another package: one of them will do. */
const ALIASES = { "@hpcc-js/wasm/graphviz": "@hpcc-js/wasm-graphviz" };

/** The files that went into the bundles so far. */
export const bundledFiles = new Set();

async function bundleClient(name) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [path.join(root, "src/ui/entries", `${name}.ts`)],
    bundle: true,
    // A program may hold another one: the engine makes pages with scripts of their own.
    plugins: [clientScripts],
    format: "iife",
    platform: "browser",
    target: "es2022",
    charset: "ascii",
    legalComments: "none",
    minify: true,
    write: false,
    metafile: true,
    alias: ALIASES,
    logLevel: "warning",
  });
  for (const file of Object.keys(metafile.inputs)) bundledFiles.add(file);
  const files = Object.keys(metafile.inputs).map((file) => path.join(root, file));
  return { script: outputFiles[0].text.trim(), files };
}

/** For esbuild. */
export const clientScripts = {
  name: "client-scripts",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`^${PREFIX}`) }, ({ path: request }) => ({
      path: request.slice(PREFIX.length),
      namespace: "client-script",
    }));
    onLoad({ filter: /.*/, namespace: "client-script" }, async ({ path: name }) => {
      const { script, files } = await bundleClient(name);
      return { contents: script, loader: "text", watchFiles: files };
    });
  },
};

/** For vite, and so for vitest. */
export const clientScriptsInVite = {
  name: "client-scripts",
  resolveId: (request) => (request.startsWith(PREFIX) ? `\0${request}` : undefined),
  async load(id) {
    if (!id.startsWith(`\0${PREFIX}`)) return undefined;
    const { script } = await bundleClient(id.slice(PREFIX.length + 1));
    return `export default ${JSON.stringify(script)};`;
  },
};
