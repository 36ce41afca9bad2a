// Compares tsprof's output with pprof's, on the conformance set in ../shared/conformance (or
// $TSPROF_SHARED/conformance).
//
//   npm run conformance                          every case: reports, broken input, bad options
//   npm run conformance -- --filter top          the cases whose names match
//   npm run conformance -- --cases errors        broken input and bad options only
//
// Broken input and bad options get a process for each case, and most other cases share processes.
// All other options are passed to the runner there; its --help lists them.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const shared = process.env.TSPROF_SHARED ?? path.join(root, "../shared");
const set = path.join(shared, "conformance");
if (!existsSync(set)) {
  console.error(`no conformance set in ${set}; set TSPROF_SHARED to the folder that holds it`);
  process.exit(2);
}

const FEW_PROCESSES = new URL("conformance/few-processes.mjs", import.meta.url).href;
const args = process.argv.slice(2);
const runner = path.join(set, "conformance.mjs");
const command = `${process.execPath} ${path.join(root, "bin/tsprof.js")}`;

function run(options) {
  const { status } = spawnSync(
    process.execPath,
    [
      ...(options.includes("errors") ? [] : ["--import", FEW_PROCESSES]),
      ...[runner, "--set", set, "--cmd", command, ...options],
    ],
    { stdio: "inherit" },
  );
  return status ?? 1;
}

const kinds = args.includes("--cases")
  ? [[]]
  : [
      ["--cases", "all"],
      ["--cases", "errors"],
    ];
process.exit(Math.max(...kinds.map((kind) => run([...kind, ...args]))));
