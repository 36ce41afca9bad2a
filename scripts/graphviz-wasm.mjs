// Takes Graphviz's WebAssembly code out of its package, where it is text in a script. Pages load the
// code as a file of its own, which is smaller and can be compressed better.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const PACKAGE = "@hpcc-js/wasm-graphviz";

/** The global variable in which a page provides the code, as a Uint8Array: see src/ui/entries/graph.ts. */
const GLOBAL = "globalThis.tsprofGraphvizWasm";

/** The package decodes its text as `NAME??=INFLATE(DECODE(TEXT))` and uses it as `wasmBinary`. */
const DECODING = /(?<=[\w$]\?\?=)[\w$]+\([\w$]+\([\w$]+\)\)(?=,[\w$]+\(\{wasmBinary:)/;

const EXPORTS = /export\{[^}]*\};?\s*(\/\/.*)?$/;

function source() {
  const file = createRequire(import.meta.url).resolve(PACKAGE);
  const text = readFileSync(file, "utf8");
  const [decoding] = DECODING.exec(text) ?? [];
  if (!decoding || !EXPORTS.test(text.trim())) {
    throw new Error(`${PACKAGE} keeps its WebAssembly code in another way than before`);
  }
  return { text: text.trim(), decoding };
}

/** Returns the WebAssembly code. */
export async function graphvizWasm() {
  const { text, decoding } = source();
  const script = text.replace(EXPORTS, () => `export default ${decoding};`);
  const { default: code } = await import(`data:text/javascript,${encodeURIComponent(script)}`);
  return code;
}

/** For esbuild: leaves the code out of the package's script. */
export const withoutGraphvizWasm = {
  name: "without-graphviz-wasm",
  setup({ onLoad }) {
    onLoad({ filter: /wasm-graphviz\/dist\/index\.js$/ }, () => {
      const { text, decoding } = source();
      return { contents: text.replace(decoding, GLOBAL), loader: "js" };
    });
  },
};
