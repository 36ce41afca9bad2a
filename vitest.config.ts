import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { assetsInVite } from "./scripts/assets.mjs";
import { clientScripts } from "./scripts/client-bundle.mjs";

/** Files that take longest, the longest first: none of them is to run alone in the end. */
const LONGEST = [
  "extremes.test.ts",
  "engine.browser.test.ts",
  "interface-edges.browser.test.ts",
  "interface.browser.test.ts",
  "table-views.browser.test.ts",
  "graph-view.browser.test.ts",
  "single-file.browser.test.ts",
  "servers.test.ts",
  "servers-hostile.test.ts",
  "server-limits.test.ts",
  "server-start.test.ts",
  "server.test.ts",
  "machine-code.test.ts",
  "pictures.browser.test.ts",
  "flame-canvas.browser.test.ts",
  "flame-picture.browser.test.ts",
  "symbolize.test.ts",
  "readme.test.ts",
  "package.test.ts",
  "read.test.ts",
  "weblist.test.ts",
  "engine.test.ts",
  "svg.browser.test.ts",
  "command.test.ts",
  "terminal.test.ts",
  "pprof.test.ts",
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = LONGEST.findIndex((name) => moduleId.endsWith(`/${name}`));
      return at < 0 ? LONGEST.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

// Each start of Node would read it, and nothing of the tests is signed by these authorities.
delete process.env.NODE_EXTRA_CA_CERTS;

export default defineConfig({
  plugins: [assetsInVite, clientScripts],
  define: { TSPROF_VERSION: JSON.stringify("0.0.0-test") },
  test: {
    include: ["test/**/*.test.ts"],
    // More than there are processors: much of the time is waiting, for servers, browsers, terminals.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    sequence: { sequencer: LongestFirst },
    // Real programs (Go, tmux, the command line) take their time on a small machine.
    testTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
    hookTimeout: 120_000,
  },
});
