import path from "node:path";
import { ROOT } from "./proto.js";

/** The packages of `test/support/runners/package.json`, which scripts/test-tools.sh installs. */
export const RUNNER_PACKAGES = path.join(ROOT, "node_modules/.cache/tsprof-runners/node_modules");
