// Bundles the command line into dist/: an entry that starts fast, and beside it, as
// files of their own, the parts that are imported dynamically because only some runs
// need them. The output is CommonJS, which Node starts several milliseconds sooner than
// ES modules. The library goes to dist/library, with its types. The licenses of all that went into the bundle are written next to it.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { assetsInto } from "./assets.mjs";
import { bundledFiles, clientScripts } from "./client-bundle.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const dist = path.join(root, "dist");
const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));

/** Names of bundles by source file, those not built yet last. */
const bundles = new Map([
  [path.join(root, "src/cli/main.ts"), "tsprof"],
  // Not imported, but loaded into the programs that are recorded.
  [path.join(root, "src/record/preload.ts"), "record-preload"],
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

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
const packages = new Set();
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
  for (const input of [...Object.keys(metafile.inputs), ...bundledFiles]) {
    const match = /(?:(?:^|\/)node_modules\/|^asset:)((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match) packages.add(match[1]);
  }
}

/** The library, for programs that import it: as it would be written by hand, not minified. */
const library = [
  { entry: "node", platform: "node", target: "node20.19" },
  { entry: "browser", platform: "browser", target: "es2022" },
];
for (const { entry, platform, target } of library) {
  await build({
    absWorkingDir: root,
    entryPoints: [`src/library/${entry}.ts`],
    outfile: path.join(dist, "library", `${entry}.js`),
    bundle: true,
    format: "esm",
    platform,
    target,
    logLevel: "warning",
  });
}
execFileSync(process.execPath, [
  path.join(root, "node_modules/typescript/bin/tsc"),
  "-p",
  path.join(root, "tsconfig.library.json"),
]);

const notices = [...packages].sort().map((name) => {
  const folder = path.join(root, "node_modules", name);
  const { license, licenses, repository } = JSON.parse(
    readFileSync(path.join(folder, "package.json"), "utf8"),
  );
  const kind = license ?? licenses?.[0]?.type ?? "license below";
  return `${name} (${kind})\n\n${licenseText(folder, repository?.url ?? repository)}\n`;
});
writeFileSync(path.join(dist, "THIRD-PARTY-LICENSES.txt"), notices.join("\n---\n\n"));

/** Some packages only name their license. */
function licenseText(folder, source) {
  const name = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
  if (name) return readFileSync(path.join(folder, name), "utf8").trim();
  if (!source) throw new Error(`neither a license file nor a source in ${folder}`);
  return `The source, with its license: ${source}`;
}
