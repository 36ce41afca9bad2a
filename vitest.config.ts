import { defineConfig } from "vitest/config";
import { assetsInVite } from "./scripts/assets.mjs";
import { clientScriptsInVite } from "./scripts/client-bundle.mjs";

// Each start of Node would read it, and nothing of the tests is signed by these authorities.
delete process.env.NODE_EXTRA_CA_CERTS;

export default defineConfig({
  plugins: [assetsInVite, clientScriptsInVite],
  define: { TSPROF_VERSION: JSON.stringify("0.0.0-test") },
  test: {
    include: ["test/**/*.test.ts"],
    // Two at a time even where there are two processors: much of the time is waiting.
    maxWorkers: "100%",
    // Real programs (Go, tmux, the command line) take their time on a small machine.
    testTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
    hookTimeout: 120_000,
  },
});
