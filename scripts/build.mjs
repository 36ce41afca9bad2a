// Builds dist/: the chunks of the command line (command-bundle.mjs), the library in dist/library
// with its types in dist/types, and the licenses of everything in the bundles. The new dist/ takes
// the place of the old one at the end, so tsprof can run during the build.
//
// npm runs this after `npm install` in a clone (postprepare), and before it packs. It is not
// called "prepare" because npm warns about that script wherever the packed file is installed.
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { bundledFiles } from "./client-bundle.mjs";
import { bundleCommand } from "./command-bundle.mjs";
import { licenseNotices } from "./licenses.mjs";
import { newFolder } from "./swap-folder.mjs";
import { threadScriptsInEsbuild } from "./thread-bundle.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const { folder: dist, place } = newFolder(path.join(root, "dist"));
const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));

const types = writeTypes();
/** The files that went into all bundles: paths relative to the root, and "asset:PACKAGE/FILE". */
const inputs = new Set();

const { files, modules } = await bundleCommand({ version });
for (const file of files) {
  writeFileSync(path.join(dist, file.fileName), file.type === "chunk" ? file.code : file.source);
}
for (const file of modules) inputs.add(file);

/** The library, for programs that import it. It is not minified. */
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
// The profiler and its HTTP handler share modules: labels must be the same in both.
const { metafile: forNode } = await build({
  absWorkingDir: root,
  entryPoints: ["src/library/profiler.ts", "src/library/http.ts"],
  outdir: path.join(dist, "library"),
  bundle: true,
  splitting: true,
  plugins: [threadScriptsInEsbuild],
  // Programs import the reports from this file, too.
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
// `tsprof/auto` is loaded for its effect; it exports nothing.
writeFileSync(path.join(dist, "types/auto.d.cts"), "export {};\n");
place();

function addInputs(metafile) {
  for (const file of Object.keys(metafile.inputs)) inputs.add(file);
}

/** Writes the types of the library. Type errors are printed and end the build. */
async function writeTypes() {
  const compiler = path.join(root, "node_modules/typescript/bin/tsc");
  const config = path.join(root, "tsconfig.library.json");
  const args = [compiler, "-p", config, "--outDir", path.join(dist, "types")];
  try {
    await promisify(execFile)(process.execPath, args);
  } catch (error) {
    process.stderr.write(error.stdout ?? "");
    console.error(`cannot write the types of the library: ${error.message}`);
    process.exit(1);
  }
}
