// Compresses large parts of pages with LZMA, which is a quarter smaller than gzip. `import file from
// "lzma:NAME"` gives the path of a file that src/page/lzma.ts decompresses; the build copies it
// beside the chunks. Compression needs seconds, so results are kept in node_modules/.cache. The
// build and the tests share this.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { bundleClient } from "./client-bundle.mjs";
import { graphvizWasm } from "./graphviz-wasm.mjs";
import { compressLzma } from "./lzma.mjs";

const PREFIX = "lzma:";
const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const cache = path.join(root, "node_modules/.cache/tsprof-lzma");

/** The files by name. */
const FILES = {
  /** All scripts of a page as JSON, by name: together they are a quarter smaller than apart. */
  async scripts() {
    const names = ["app", "engine", "graph"];
    const scripts = await Promise.all(names.map(bundleClient));
    const entries = names.map((name, i) => [name, scripts[i].script]);
    return Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  },
  /** The WebAssembly code of Graphviz. */
  graphviz: graphvizWasm,
};

/** Compresses a file unless an earlier run did. Returns the path of the result. */
async function compressedFile(name) {
  const content = await FILES[name]();
  const hash = createHash("sha256").update(content).digest("hex");
  const file = path.join(cache, `${hash}.lzma`);
  if (!existsSync(file)) {
    mkdirSync(cache, { recursive: true });
    const part = `${file}.${process.pid}`;
    writeFileSync(part, compressLzma(content));
    renameSync(part, file);
  }
  return file;
}

/** Module names end in .js, because bundlers treat other endings specially. */
const ENDING = ".lzma.js";

const resolveId = (request) => (request.startsWith(PREFIX) ? `\0${request}${ENDING}` : undefined);
const nameOf = (id) =>
  id.startsWith(`\0${PREFIX}`) ? id.slice(PREFIX.length + 1, -ENDING.length) : undefined;

/** For Rolldown. */
export const compressedFiles = {
  name: "compressed-files",
  resolveId,
  async load(id) {
    const name = nameOf(id);
    if (name === undefined) return undefined;
    const fileName = `${name}.lzma`;
    const source = readFileSync(await compressedFile(name));
    this.emitFile({ type: "asset", fileName, source });
    return `import { join } from "node:path"; export default join(__dirname, ${JSON.stringify(fileName)});`;
  },
};

/** For Vite, and so for Vitest. */
export const compressedFilesInVite = {
  name: "compressed-files",
  resolveId,
  async load(id) {
    const name = nameOf(id);
    if (name === undefined) return undefined;
    return `export default ${JSON.stringify(await compressedFile(name))};`;
  },
};
