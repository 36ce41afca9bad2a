// Lets tests import the modules of dist/ instead of their sources: `import { x } from
// "../../src/graph/y.js"` is the `x` in the chunk that contains src/graph/y.ts. The chunks are the
// files that are shipped; shipped-chunks.mjs only reads their top-level variables.
import assert from "node:assert";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "rolldown/utils";
import { bundleCommand } from "./command-bundle.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const LOADER = path.join(root, "scripts/shipped-chunks.mjs");
const PREFIX = "\0shipped:";
const FROM_SOURCE = "?source";

/**
 * Finds the exports of src/ in dist/.
 * @returns {Promise<Map<string, { chunk: string, variables: Map<string, string> }>>} by absolute
 * path
 *   of the source file: the file name of its chunk, and the variable in the chunk for each export
 * @throws {Error} if dist/ was not built from the present sources
 */
export async function shippedModules() {
  const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  const modules = new Map();
  const { files } = await bundleCommand({
    version,
    plugins: [
      {
        name: "exports-of-modules",
        renderChunk(_, { fileName, isEntry, modules: parts }) {
          // The chunks of other entries start a program when they are loaded. The only pure module
          // that they contain is src/view/exact-filters.ts, which tests use from its source.
          if (isEntry && fileName !== "tsprof.cjs") return;
          for (const [file, { code }] of Object.entries(parts)) {
            if (!code || !file.startsWith(path.join(root, "src"))) continue;
            const variables = variablesOf(code);
            modules.set(file, { chunk: fileName, variables });
          }
        },
      },
    ],
  });
  for (const { type, fileName, code } of files) {
    if (type === "chunk" && code !== readFileSync(path.join(root, "dist", fileName), "utf8")) {
      throw new Error(`dist/${fileName} is not up to date; run: npm run build`);
    }
  }
  return modules;
}

/**
 * Finds the variables that a module declares, by their names in the source. Of equal names in one
 * chunk all but one end in "$" and a number. Constants are among them even if Rolldown has put their
 * values in place of all their uses.
 */
function variablesOf(code) {
  const declared = parseSync("module.js", code).program.body.flatMap(namesIn);
  return new Map(declared.map((variable) => [variable.replace(/\$\d+$/, ""), variable]));
}

/** Returns the names that a statement declares. */
function namesIn({ type, id, declarations }) {
  if (type === "VariableDeclaration") {
    return declarations.flatMap((one) =>
      one.id.type === "ObjectPattern"
        ? one.id.properties.map(({ value }) => value.name)
        : one.id.name,
    );
  }
  return type === "FunctionDeclaration" || type === "ClassDeclaration" ? [id.name] : [];
}

/**
 * For Vitest: replaces the modules of src/ with the modules of dist/.
 * @param {Awaited<ReturnType<typeof shippedModules>>} modules
 * @param {Record<string, string[]>} unused exports that only tests or the library use, by source
 *   file relative to the root. The command line lacks them, so tests use the sources.
 */
export function shippedInstead(modules, unused) {
  for (const [file, names] of Object.entries(unused)) {
    const { variables } =
      modules.get(path.join(root, file)) ?? assert.fail(`${file} is not in dist/`);
    for (const name of names) assert(!variables.has(name), `${name} of ${file} is in dist/ by now`);
  }
  return {
    name: "shipped-modules",
    enforce: "pre",
    resolveId(request, importer) {
      if (!request.startsWith(".") || importer === undefined) return undefined;
      const from = importer.replace(PREFIX, "").replace(FROM_SOURCE, "");
      const file = path.resolve(path.dirname(from), request).replace(/\.js$/, ".ts");
      // Only the module that requests both versions gets the source.
      if (request.endsWith(FROM_SOURCE)) return undefined;
      return modules.has(file) ? `${PREFIX}${file}` : undefined;
    },
    load(id) {
      if (!id.startsWith(PREFIX)) return undefined;
      const file = id.slice(PREFIX.length);
      const { chunk, variables } = modules.get(file);
      const lines = [...variables].map(
        ([name, variable]) => `export const ${name} = variable(${JSON.stringify(variable)});`,
      );
      const missing = unused[path.relative(root, file)];
      if (missing) lines.push(`export { ${missing} } from ${JSON.stringify(file + FROM_SOURCE)};`);
      return [
        `import { variablesOf } from ${JSON.stringify(LOADER)};`,
        `const variable = variablesOf(${JSON.stringify(chunk)});`,
        ...lines,
      ].join("\n");
    },
  };
}
