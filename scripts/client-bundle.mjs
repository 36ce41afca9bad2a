// Bundles code for browsers, which is TypeScript under src/ui. The pictures and pages that tsprof
// writes contain it as text: `import script from "client:NAME"` gives the source of
// src/ui/entries/NAME.ts, bundled and minified. The build and the tests share this. esbuild bundles
// it, because its output can be plain ASCII: a page may be served with any encoding.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { withoutGraphvizWasm } from "./graphviz-wasm.mjs";
import { once } from "./once.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const PREFIX = "client:";

/** d3-graphviz imports Graphviz from another package, which contains the same program. */
const ALIASES = { "@hpcc-js/wasm/graphviz": "@hpcc-js/wasm-graphviz" };

/** The files of the scripts that were bundled so far. */
export const bundledFiles = new Set();

/** A package that is equal text at the beginning of each script that uses it, and its variable. */
const SHARED = { name: "re2js", variable: "tsprofRe2" };

const SETTINGS = {
  absWorkingDir: root,
  bundle: true,
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
};

/** Bundles a script. Returns its text and the files that it consists of. */
export function bundleClient(name) {
  return once(`script ${name}`, () => bundle(name));
}

async function bundle(name) {
  const own = await build({
    ...SETTINGS,
    entryPoints: [path.join(root, "src/ui/entries", `${name}.ts`)],
    // A script may contain another script: the engine writes pages that have scripts.
    plugins: [clientScriptsInEsbuild, withoutGraphvizWasm, withoutShared],
  });
  const parts = [own];
  if (Object.keys(own.metafile.inputs).some((file) => file.startsWith("shared:"))) {
    parts.unshift(await shared());
  }
  const inputs = parts.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  for (const file of inputs) bundledFiles.add(file);
  return {
    script: parts.map(({ outputFiles }) => outputFiles[0].text.trim()).join("\n"),
    files: inputs.map((file) => path.join(root, file)),
  };
}

/** Bundles the shared package. Compression of both scripts together stores equal text once. */
function shared() {
  return once(`package ${SHARED.name}`, bundleShared);
}

function bundleShared() {
  const contents = `export * from ${JSON.stringify(SHARED.name)};`;
  return build({
    ...SETTINGS,
    stdin: { contents, resolveDir: root },
    globalName: SHARED.variable,
  });
}

/** Takes the shared package from its variable. */
const withoutShared = {
  name: "without-shared",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`^${SHARED.name}$`) }, () => ({
      path: SHARED.name,
      namespace: "shared",
    }));
    onLoad({ filter: /.*/, namespace: "shared" }, () => ({
      contents: `module.exports = ${SHARED.variable};`,
    }));
  },
};

/** For esbuild. */
export const clientScriptsInEsbuild = {
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

/** For Rolldown, and for Vite and Vitest, which use the same plugins. */
export const clientScripts = {
  name: "client-scripts",
  resolveId: (request) => (request.startsWith(PREFIX) ? `\0${request}` : undefined),
  async load(id) {
    if (!id.startsWith(`\0${PREFIX}`)) return undefined;
    const { script } = await bundleClient(id.slice(PREFIX.length + 1));
    return `export default ${JSON.stringify(script)};`;
  },
};
