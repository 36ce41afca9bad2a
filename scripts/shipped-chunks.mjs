// Reads top-level variables of the chunks in dist/, for tests (shipped-modules.mjs). Node runs the
// chunks unchanged, except for an additional last line that gives access to their variables.
import Module, { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const dist = path.join(path.dirname(path.dirname(fileURLToPath(import.meta.url))), "dist");
const require = createRequire(import.meta.url);
const READ = "tsprof:read";

const compile = Module.prototype._compile;
Module.prototype._compile = function (code, file, ...rest) {
  const isChunk = path.dirname(file) === dist;
  const access = `\nexports[Symbol.for("${READ}")] = (name) => eval(name);`;
  return compile.call(this, isChunk ? code + access : code, file, ...rest);
};

/**
 * Loads a chunk.
 * @param {string} chunk its file name
 * @returns {(name: string) => unknown} reads a top-level variable
 */
export function variablesOf(chunk) {
  return require(path.join(dist, chunk))[Symbol.for(READ)];
}
