// Bundles the command line into dist/: an entry that starts fast, and beside it, as
// files of their own, the parts that are imported dynamically because only some runs
// need them. The output is CommonJS, which Node starts several milliseconds sooner than
// ES modules. The library goes to dist/library, with its types in dist/types. The licenses of
// all that went into the bundle are written next to it. dist/ is replaced in the end, so that
// what runs it can go on meanwhile.
//
// npm runs this after `npm install` in a clone (postprepare), and before it packs. It is not
// called "prepare" because npm warns of that script wherever the packed file is installed.
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { assetsInto } from "./assets.mjs";
import { bundledFiles, clientScripts } from "./client-bundle.mjs";
import { licenseNotices } from "./licenses.mjs";
import { newFolder } from "./swap-folder.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const { folder: dist, place } = newFolder(path.join(root, "dist"));
const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));

/** Names of bundles by source file, those not built yet last. */
const bundles = new Map([
  [path.join(root, "src/cli/main.ts"), "tsprof"],
  // Not imported, but loaded into the programs that are recorded.
  [path.join(root, "src/record/preload.ts"), "record-preload"],
  // The program of processes that the server starts.
  [path.join(root, "src/server/workers/worker.ts"), "report-worker"],
]);

const dynamicImportsApart = {
  name: "dynamic-imports-apart",
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ path: request, kind, resolveDir }) => {
      if (kind !== "dynamic-import") return undefined;
      const source = path.resolve(resolveDir, request.replace(/\.js$/, ".ts"));
      const name = path
        .relative(path.join(root, "src"), source)
        .replace(/\.ts$/, "")
        .replaceAll(path.sep, "-");
      bundles.set(source, name);
      return { path: `./${name}.cjs`, external: true };
    });
  },
};

const types = writeTypes();
/** The files that went into all bundles, as esbuild's metafiles name them. */
const inputs = new Set();
// The map grows while it is walked, as bundles name the ones that they import.
for (const [source, name] of bundles) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [source],
    outfile: path.join(dist, `${name}.cjs`),
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node20.19",
    minify: true,
    define: { TSPROF_VERSION: JSON.stringify(version) },
    // What pdfkit has for ES modules looks for files beside itself, even unused.
    alias: { pdfkit: path.join(root, "node_modules/pdfkit/js/pdfkit.js") },
    plugins: [dynamicImportsApart, clientScripts, assetsInto(dist)],
    metafile: true,
    logLevel: "warning",
  });
  addInputs(metafile);
}

/** The library, for programs that import it: as it would be written by hand, not minified. */
const library = [
  { entry: "node", platform: "node", target: "node20.19" },
  { entry: "browser", platform: "browser", target: "es2022" },
];
for (const { entry, platform, target } of library) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [`src/library/${entry}.ts`],
    outfile: path.join(dist, "library", `${entry}.js`),
    bundle: true,
    format: "esm",
    platform,
    target,
    metafile: true,
    logLevel: "warning",
  });
  addInputs(metafile);
}
// Parts for Node share what they have in common: labels are to be the same in all of them.
const { metafile: forNode } = await build({
  absWorkingDir: root,
  entryPoints: ["src/library/profiler.ts", "src/library/http.ts"],
  outdir: path.join(dist, "library"),
  bundle: true,
  splitting: true,
  // Reports lie beside it, in a file that programs also import themselves.
  external: ["./node.js"],
  format: "esm",
  platform: "node",
  target: "node20.19",
  metafile: true,
  logLevel: "warning",
});
addInputs(forNode);

writeFileSync(
  path.join(dist, "THIRD-PARTY-LICENSES.txt"),
  licenseNotices([...inputs, ...bundledFiles]),
);
await types;
place();

function addInputs(metafile) {
  for (const file of Object.keys(metafile.inputs)) inputs.add(file);
}

/** The types of the library. What is wrong with them is printed, and ends the build. */
async function writeTypes() {
  const compiler = path.join(root, "node_modules/typescript/bin/tsc");
  const config = path.join(root, "tsconfig.library.json");
  const args = [compiler, "-p", config, "--outDir", path.join(dist, "types")];
  try {
    await promisify(execFile)(process.execPath, args);
  } catch (error) {
    process.stderr.write(error.stdout ?? "");
    console.error(`the types of the library were not made: ${error.message}`);
    process.exit(1);
  }
}
