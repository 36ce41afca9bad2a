// Builds dist/: the chunks of the command line (command-bundle.mjs), the library in dist/library
// (library-bundle.mjs) with its types in dist/types, and the licenses of everything in the bundles.
// The new dist/ takes the place of the old one at the end, so tsprof can run during the build.
//
// npm runs this after `npm install` in a clone (postprepare), and before it packs. It is not
// called "prepare" because npm warns about that script wherever the packed file is installed.
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { bundledFiles } from "./client-bundle.mjs";
import { bundleCommand } from "./command-bundle.mjs";
import { bundleLibrary } from "./library-bundle.mjs";
import { licenseNotices } from "./licenses.mjs";
import { newFolder } from "./swap-folder.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const { folder: dist, place } = newFolder(path.join(root, "dist"));
const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));

const types = writeTypes();
const command = await bundleCommand({ version });
for (const file of command.files) {
  write(file.fileName, file.type === "chunk" ? file.code : file.source);
}
const library = await bundleLibrary();
await types;
for (const [name, text] of library.files) write(name, text);
// `tsprof/auto` is loaded for its effect; it exports nothing.
write("types/auto.d.cts", "export {};\n");

write(
  "THIRD-PARTY-LICENSES.txt",
  licenseNotices([...command.modules, ...library.modules, ...bundledFiles]),
);
place();

function write(name, content) {
  const file = path.join(dist, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
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
