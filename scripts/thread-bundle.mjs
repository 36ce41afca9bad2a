// Bundles scripts for worker threads of the library, which are TypeScript under src/profiler. The
// library contains them as text, so that bundlers of programs keep them: `import script from
// "thread:event-loop/watcher"` gives the source of src/profiler/event-loop/watcher.ts as a CommonJS
// script. The build and the tests share this.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const PREFIX = "thread:";

async function bundleThread(name) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [path.join(root, "src/profiler", `${name}.ts`)],
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node20.19",
    charset: "ascii",
    legalComments: "none",
    minifyWhitespace: true,
    write: false,
    logLevel: "warning",
  });
  return outputFiles[0].text.trim();
}

/** For Rolldown, Vite and Vitest. */
export const threadScripts = {
  name: "thread-scripts",
  resolveId: (request) => (request.startsWith(PREFIX) ? `\0${request}` : undefined),
  async load(id) {
    if (!id.startsWith(`\0${PREFIX}`)) return undefined;
    const script = await bundleThread(id.slice(PREFIX.length + 1));
    return `export default ${JSON.stringify(script)};`;
  },
};
