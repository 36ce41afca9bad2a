// Bundles files that the program reads unchanged (a font, WebAssembly). `import file from
// "asset:PACKAGE/FILE"` gives the path of that file in an installed package. The build copies the
// file beside the chunks. The build and the tests share this plugin.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const PREFIX = "asset:";
const root = createRequire(import.meta.url);

/** Searches the folders of packages, because packages do not export all of their files. */
function locate(file) {
  for (const folder of root.resolve.paths(file)) {
    try {
      return root.resolve(path.join(folder, file));
    } catch {
      // The file is in another folder.
    }
  }
  throw new Error(`no file ${file} in any package`);
}

/** Vite treats modules whose names end in .woff2 or .wasm specially, so the names end in .js. */
const ENDING = ".js";

const resolveId = (request) => (request.startsWith(PREFIX) ? `\0${request}${ENDING}` : undefined);

/** Returns the asset that a module represents, or undefined for all other modules. */
const fileOf = (id) =>
  id.startsWith(`\0${PREFIX}`) ? id.slice(PREFIX.length + 1, -ENDING.length) : undefined;

/** For Rolldown. */
export const assets = {
  name: "assets",
  resolveId,
  load(id) {
    const file = fileOf(id);
    if (file === undefined) return undefined;
    const fileName = path.basename(file);
    this.emitFile({ type: "asset", fileName, source: readFileSync(locate(file)) });
    return `import { join } from "node:path"; export default join(__dirname, ${JSON.stringify(fileName)});`;
  },
};

/** For Vite, and so for Vitest. */
export const assetsInVite = {
  name: "assets",
  resolveId,
  load(id) {
    const file = fileOf(id);
    return file === undefined ? undefined : `export default ${JSON.stringify(locate(file))};`;
  },
};
