// Compresses the scripts of pages when tsprof is built. `import file from "packed:NAME"` gives the
// path of a compressed file; the build copies it beside the chunks. Servers send scripts in gzip,
// and pages that are files contain them in LZMA, which is a quarter smaller (src/page/lzma.ts) but
// needs seconds, so results are kept in node_modules/.cache. The build and the tests share this.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { gzipSync } from "node:zlib";
import { bundleClient } from "./client-bundle.mjs";
import { graphvizWasm } from "./graphviz-wasm.mjs";

const PREFIX = "packed:";
const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const cache = path.join(root, "node_modules/.cache/tsprof-packed");

/** The scripts of the page: src/ui/entries/NAME.ts. */
const SCRIPTS = ["app", "engine", "graph"];

const script = async (name) => (await bundleClient(name)).script;

/** The files before compression, by the names of the compressed ones. */
const FILES = {
  ...Object.fromEntries(SCRIPTS.map((name) => [`${name}.js.gz`, () => script(name)])),
  /** All scripts as JSON, by name: together they are a quarter smaller than apart. */
  "scripts.lzma": async () => {
    const entries = await Promise.all(SCRIPTS.map(async (name) => [name, await script(name)]));
    return JSON.stringify(Object.fromEntries(entries));
  },
  /** The WebAssembly code of Graphviz. */
  "graphviz.lzma": graphvizWasm,
};

const FORMATS = { ".gz": (content) => gzipSync(content, { level: 9 }), ".lzma": lzma };

/** Compresses in a thread, because it needs seconds. */
async function lzma(content) {
  const thread = new Worker(path.join(root, "scripts/lzma-thread.mjs"), { workerData: content });
  const [result] = await once(thread, "message");
  return result;
}

/** Compresses a file unless an earlier run did. Returns the path of the result. */
async function packedFile(name) {
  const content = Buffer.from(await FILES[name]());
  const format = path.extname(name);
  const hash = createHash("sha256").update(content).digest("hex");
  const file = path.join(cache, hash + format);
  if (!existsSync(file)) {
    mkdirSync(cache, { recursive: true });
    const part = `${file}.${process.pid}`;
    writeFileSync(part, await FORMATS[format](content));
    renameSync(part, file);
  }
  return file;
}

/** Module names end in .js, because bundlers treat other endings specially. */
const ENDING = ".js";

const resolveId = (request) => (request.startsWith(PREFIX) ? `\0${request}${ENDING}` : undefined);
const nameOf = (id) =>
  id.startsWith(`\0${PREFIX}`) ? id.slice(PREFIX.length + 1, -ENDING.length) : undefined;

/** For Rolldown. */
export const packedFiles = {
  name: "packed-files",
  resolveId,
  async load(id) {
    const fileName = nameOf(id);
    if (fileName === undefined) return undefined;
    this.emitFile({ type: "asset", fileName, source: readFileSync(await packedFile(fileName)) });
    return `import { join } from "node:path"; export default join(__dirname, ${JSON.stringify(fileName)});`;
  },
};

/** For Vite, and so for Vitest. */
export const packedFilesInVite = {
  name: "packed-files",
  resolveId,
  async load(id) {
    const name = nameOf(id);
    return name && `export default ${JSON.stringify(await packedFile(name))};`;
  },
};
