// Files that programs read as they are (a font, WebAssembly): `import file from
// "asset:PACKAGE/FILE"` is the path of that file of an installed package, in dist/ once
// built. The build and the tests share this.
import { copyFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const PREFIX = "asset:";
const root = createRequire(import.meta.url);

/** Not resolved as a module: packages do not export all of their files. */
function locate(file) {
  for (const folder of root.resolve.paths(file)) {
    try {
      return root.resolve(path.join(folder, file));
    } catch {
      // It is in another of the folders.
    }
  }
  throw new Error(`no file ${file} in any package`);
}

/** For esbuild; copies the files into `folder`, where the bundles are. */
export function assetsInto(folder) {
  return {
    name: "assets",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: new RegExp(`^${PREFIX}`) }, ({ path: request }) => ({
        path: request.slice(PREFIX.length),
        namespace: "asset",
      }));
      onLoad({ filter: /.*/, namespace: "asset" }, ({ path: file }) => {
        const name = path.basename(file);
        copyFileSync(locate(file), path.join(folder, name));
        const contents = `module.exports = require("node:path").join(__dirname, ${JSON.stringify(name)});`;
        return { contents, loader: "js" };
      });
    },
  };
}

/** Vite has ideas of its own about modules that end as fonts and WebAssembly do. */
const ENDING = ".js";

/** For vite, and so for vitest. */
export const assetsInVite = {
  name: "assets",
  resolveId: (request) => (request.startsWith(PREFIX) ? `\0${request}${ENDING}` : undefined),
  load(id) {
    if (!id.startsWith(`\0${PREFIX}`)) return undefined;
    const file = id.slice(PREFIX.length + 1, -ENDING.length);
    return `export default ${JSON.stringify(locate(file))};`;
  },
};
