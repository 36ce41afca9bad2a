// Bundles the command line into dist/: one small entry that starts fast, and the
// parts that only some runs need as chunks beside it. The licenses of all that went
// into the bundle are written next to it.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));

rmSync(path.join(root, "dist"), { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { tsprof: "src/cli/main.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  minify: true,
  keepNames: false,
  sourcemap: false,
  chunkNames: "chunks/[name]-[hash]",
  define: { TSPROF_VERSION: JSON.stringify(version) },
  // Some bundled packages are CommonJS and ask for Node's modules with require.
  banner: {
    js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  },
  metafile: true,
  logLevel: "warning",
});

const packages = new Set();
for (const input of Object.keys(metafile.inputs)) {
  const match = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
  if (match) packages.add(match[1]);
}
const notices = [...packages].sort().map((name) => {
  const folder = path.join(root, "node_modules", name);
  const { license } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
  return `${name} (${license})\n\n${licenseText(folder)}`;
});
writeFileSync(path.join(root, "dist", "THIRD-PARTY-LICENSES.txt"), notices.join("\n\n---\n\n"));

function licenseText(folder) {
  for (const name of ["LICENSE", "LICENSE.md", "license", "LICENSE.txt", "LICENCE"]) {
    try {
      return readFileSync(path.join(folder, name), "utf8").trim();
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
    }
  }
  throw new Error(`no license file in ${folder}`);
}
