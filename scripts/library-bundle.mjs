// Bundles the library, for programs that import or require it. It is not minified.
//
// For Node.js it consists of CommonJS chunks, which require() loads in all versions and test runners.
// The ES entry points export the same objects again, so that a process has one copy of the state
// (labels, running profiles), however its modules load the library. Browsers get one ES module.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { listModules } from "./command-bundle.mjs";
import { threadScripts } from "./thread-bundle.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** The entry points for Node.js: files of src/library/. package.json exports them. */
const NODE_ENTRIES = ["node", "profiler", "http"];

const OUTPUT = { comments: { annotation: true, jsdoc: false, legal: false }, minify: false };

/**
 * Bundles the library.
 * @returns {Promise<{ files: Map<string, string>, modules: Set<string> }>} the texts of files by
 *   their paths in dist/, and all modules that were read, as `bundleCommand` returns them
 */
export async function bundleLibrary() {
  const modules = new Set();
  const files = new Map([["types/package.json", '{ "type": "commonjs" }\n']]);
  const chunks = await bundle(modules, {
    input: Object.fromEntries(NODE_ENTRIES.map((name) => [name, `src/library/${name}.ts`])),
    platform: "node",
    transform: { target: "node20.19" },
    output: { format: "cjs", entryFileNames: "[name].cjs", chunkFileNames: "shared-[name].cjs" },
  });
  for (const { fileName, name, code, isEntry, exports } of chunks) {
    files.set(`library/${fileName}`, code);
    if (!isEntry) continue;
    const names = exports.join(", ");
    files.set(`library/${name}.js`, `export { ${names} } from "./${name}-exports.cjs";\n`);
    files.set(`library/${name}-exports.cjs`, exportsAgain(fileName, exports));
    files.set(`types/library/${name}.d.mts`, `export * from "./${name}.js";\n`);
  }
  const [browser] = await bundle(modules, {
    input: { browser: "src/library/browser.ts" },
    platform: "browser",
    transform: { target: "es2022" },
    output: { format: "esm", entryFileNames: "[name].js", codeSplitting: false },
  });
  files.set("library/browser.js", browser.code);
  files.set("types/library/browser.d.mts", 'export * from "./browser.js";\n');
  return { files, modules };
}

/**
 * Returns a module that only exports the names of a CommonJS chunk again. Node.js parses each
 * CommonJS module that an ES module imports to find its names, which is slow for large chunks.
 */
function exportsAgain(fileName, names) {
  const lines = names.map((name) => `exports.${name} = library.${name};\n`);
  return `const library = require("./${fileName}");\n${lines.join("")}`;
}

/** Returns the chunks of a bundle. Adds all modules that were read to `modules`. */
async function bundle(modules, { output, ...input }) {
  const bundle = await rolldown({
    ...input,
    cwd: root,
    plugins: [threadScripts, listModules(modules)],
    checks: { bundlerTimings: false },
  });
  const { output: chunks } = await bundle.generate({ ...OUTPUT, ...output });
  await bundle.close();
  return chunks;
}
