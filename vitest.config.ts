import { availableParallelism } from "node:os";
import type { ProvidedContext } from "vitest";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { assetsInVite } from "./scripts/assets.mjs";
import { clientScripts } from "./scripts/client-bundle.mjs";
import { packedFilesInVite } from "./scripts/packed-files.mjs";
import { threadScripts } from "./scripts/thread-bundle.mjs";

/** Folders whose modules are pure: they need neither Node nor a browser. */
const PURE_FOLDERS = [
  ...["units", "options", "demangle", "profile", "transforms", "formats"],
  ...["view", "graph", "report", "render"],
];

/** The test files that take longest, in the order of their start, so that none runs alone at the end. */
const LONGEST = [
  "extremes.test.ts",
  "interface-edges.browser.test.ts",
  "interface.browser.test.ts",
  "table-views.browser.test.ts",
  "engine.browser.test.ts",
  "graph-view.browser.test.ts",
  "single-file.browser.test.ts",
  "flame-canvas.browser.test.ts",
  "timeline.browser.test.ts",
  "flame-picture.browser.test.ts",
  "pictures.browser.test.ts",
  "svg.browser.test.ts",
  "javascript.test.ts",
  "record.test.ts",
  "record-attach.test.ts",
  "record-processes.test.ts",
  "record-runners.test.ts",
  "profiles.test.ts",
  "safe-writing.test.ts",
  "hostile-inputs.test.ts",
  "package.test.ts",
  "service-diff.test.ts",
  "weblist.test.ts",
  "servers-hostile.test.ts",
  "server-limits.test.ts",
  "terminal.test.ts",
  "servers.test.ts",
  "server-start.test.ts",
  "server.test.ts",
  "machine-code.test.ts",
  "symbolize.test.ts",
  "readme.test.ts",
  "engine.test.ts",
  "read.test.ts",
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = LONGEST.findIndex((name) => moduleId.endsWith(`/${name}`));
      return at < 0 ? LONGEST.length : at;
    };
    // Files of one project follow each other, so that a process goes on with the next of them. The
    // pure folders are last: their short files keep all processors busy until the end.
    const project = ({ project: { name } }: TestSpecification) => (name === "pure" ? "z" : name);
    return (await super.sort(files)).sort(
      (a, b) => rank(a) - rank(b) || project(a).localeCompare(project(b)),
    );
  }
}

// Node would read these certificates at every start. No test needs them.
delete process.env.NODE_EXTRA_CA_CERTS;

/** Tests that open pages in a real browser. The files of a process share one browser. */
export const BROWSER = ["test/**/*.browser.test.ts", "test/ui/weblist.test.ts"];

/**
 * Tests that change what all files of a process share (its folder, environment, signal handlers
 * or modules), or that measure the process they run in: each file gets a process of its own.
 */
const ISOLATED = [
  "test/{library,profiler}/**/*.test.ts",
  "test/platform/**/*.test.ts",
  "test/source-code/**/*.test.ts",
  "test/shipped/**/*.test.ts",
  "test/ui/engine.test.ts",
  "test/cli/viewers.test.ts",
];

/** Tests of pure folders. `npm test` runs them on the modules in dist/ (vitest.dist.config.ts). */
export const PURE = [`test/{${PURE_FOLDERS}}/**/*.test.ts`];

/** Tests of pure folders that `npm test` runs on src/, too, because dist/ lacks what they use. */
const NEED_SOURCE = ["test/graph/stack-rows.test.ts", "test/graph/flame-builder.test.ts"];

export default configWith(project("pure", PURE, { exclude: [...BROWSER, ...NEED_SOURCE] }));

/** Returns the configuration of all tests. `pure` is the project of the pure folders. */
export function configWith(pure: TestProjectInlineConfiguration) {
  return defineConfig({
    plugins: [assetsInVite, clientScripts, packedFilesInVite, threadScripts],
    define: { TSPROF_VERSION: JSON.stringify("0.0.0-test") },
    test: {
      // More workers than processors: tests often wait for servers, browsers and terminals.
      maxWorkers: 2 * availableParallelism(),
      sequence: { sequencer: LongestFirst },
      // Programs that tests start (Go, tmux, tsprof) are slow on a busy machine.
      testTimeout: 60_000,
      expect: { poll: { timeout: 15_000 } },
      hookTimeout: 120_000,
      // Keeps transformed modules: the projects share them, and so do the runs on other versions of
      // Node. The keys contain the text of the module, and of this file and what it imports.
      experimental: {
        fsModuleCache: true,
        fsModuleCachePath: "node_modules/.cache/tsprof-vitest",
      },
      projects: [
        pure,
        project(
          "shared",
          ["test/*.test.ts", `test/!(${PURE_FOLDERS.join("|")})/**/*.test.ts`, ...NEED_SOURCE],
          { exclude: [...BROWSER, ...ISOLATED] },
        ),
        project("browser", BROWSER),
        project("isolated", ISOLATED, { exclude: BROWSER, isolate: true }),
      ],
    },
  });
}

export function project(
  name: string,
  include: string[],
  options: { exclude?: string[]; isolate?: boolean; provide?: Partial<ProvidedContext> } = {},
) {
  return { extends: true as const, test: { isolate: false, ...options, name, include } };
}
