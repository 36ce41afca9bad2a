// Bundles the command line into CommonJS chunks. A module is in exactly one chunk, so each process
// has one copy of its state and of its classes. Modules that are imported dynamically, because only
// some runs need them, are in chunks of their own. The build and the tests share this.
//
// CommonJS is used because Node starts it several milliseconds sooner than ES modules.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { assets } from "./assets.mjs";
import { clientScripts } from "./client-bundle.mjs";
import { packedFiles } from "./packed-files.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const START = path.join(root, "src/cli/main.ts");

/** The programs that share chunks with the command line, by the name of their chunk. */
const WORKERS = {
  "report-worker": "src/server/workers/worker.ts",
  "auto-writer": "src/record/auto/auto-writer.ts",
};

/** Recorded programs load one of these files, so each must need no other file. */
const PRELOAD = [
  { "record-preload": "src/record/preload.ts" },
  { "record-auto": "src/record/auto/auto.ts" },
];

/**
 * Removes white space only. All names stay, so that stack traces and profiles of tsprof are readable
 * and tests can read the variables of chunks (shipped-modules.mjs). Shorter names would make the
 * package 2 % smaller and tsprof no faster.
 */
const MINIFY = { compress: false, mangle: false, codegen: true };

/**
 * Bundles the command line.
 * @param {{ version: string, plugins?: import("rolldown").Plugin[] }} options `plugins` see the
 *   chunks before they are minified
 * @returns {Promise<{ files: (import("rolldown").OutputChunk | import("rolldown").OutputAsset)[],
 *   modules: Set<string> }>} the files of dist/, and all modules that were read, even unused ones:
 *   paths relative to the root of the project, and "asset:PACKAGE/FILE"
 */
export async function bundleCommand({ version, plugins = [] }) {
  const modules = new Set();
  const files = [];
  for (const input of [{ tsprof: START }, ...PRELOAD]) {
    const isSplit = "tsprof" in input;
    const bundle = await rolldown({
      cwd: root,
      input,
      platform: "node",
      transform: { target: "node20.19", define: { TSPROF_VERSION: JSON.stringify(version) } },
      // pdfkit's ES module looks for files beside itself even when it is not used.
      resolve: { alias: { pdfkit: path.join(root, "node_modules/pdfkit/js/pdfkit.js") } },
      // Other chunks may import from the chunk of src/cli/main.ts, so start-up needs one chunk only.
      preserveEntrySignatures: "allow-extension",
      plugins: [
        clientScripts,
        assets,
        packedFiles,
        listModules(modules),
        ...(isSplit ? [workers] : []),
      ],
      checks: { bundlerTimings: false },
    });
    const { output } = await bundle.generate({
      format: "cjs",
      entryFileNames: "[name].cjs",
      chunkFileNames: chunkName,
      assetFileNames: "[name][extname]",
      codeSplitting: isSplit ? { groups: [startUp()] } : false,
      comments: false,
      minify: MINIFY,
      plugins,
    });
    await bundle.close();
    files.push(...output);
  }
  return { files, modules };
}

/**
 * Adds the other programs. No chunk may import from theirs, because they start when they are loaded.
 */
const workers = {
  name: "workers",
  buildStart() {
    for (const [name, id] of Object.entries(WORKERS)) {
      this.emitFile({ type: "chunk", fileName: `${name}.cjs`, id, preserveSignature: "strict" });
    }
  },
};

/** Puts everything that src/cli/main.ts imports statically into the chunk "tsprof". */
function startUp() {
  let needed;
  return {
    name(id, context) {
      needed ??= staticImports(START, context);
      return needed.has(id) ? "tsprof" : null;
    },
    debugName: "start-up",
  };
}

function staticImports(start, context) {
  const found = new Set([start]);
  for (const id of found) {
    for (const imported of context.getModuleInfo(id)?.importedIds ?? []) found.add(imported);
  }
  return found;
}

/** Names chunks after the module that is imported dynamically: src/session/flame.ts, "session-flame". */
function chunkName({ facadeModuleId: id }) {
  if (!id?.startsWith(path.join(root, "src"))) return "shared-[name].cjs";
  const file = path.relative(path.join(root, "src"), id);
  return `${file.replace(/\.ts$/, "").replaceAll(path.sep, "-")}.cjs`;
}

/**
 * A plugin that adds all modules that are read to a set: paths relative to the root, and
 * "asset:PACKAGE/FILE".
 */
export function listModules(modules) {
  return {
    name: "list-modules",
    buildEnd() {
      for (const id of this.getModuleIds()) {
        const [, asset] = /^\0(asset:.*)\.js$/.exec(id) ?? [];
        if (asset) modules.add(asset);
        else if (!id.startsWith("\0")) modules.add(path.relative(root, id));
      }
    },
  };
}
