// Compares tsprof with what pprof prints, on the conformance set that lies beside the
// project (../shared/conformance, or $TSPROF_SHARED/conformance).
//
//   npm run conformance                          every case of pprof's reports
//   npm run conformance -- --filter top          those whose name matches
//   npm run conformance -- --cases errors        broken input and bad options
//   npm run conformance -- --supported           what tsprof claims to do today: must all pass
//
// Other options go to the runner there, which lists them with --help.
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const shared = process.env.TSPROF_SHARED ?? path.join(root, "../shared");
const set = path.join(shared, "conformance");
if (!existsSync(set)) {
  console.error(`no conformance set in ${set}; set TSPROF_SHARED to the folder that holds it`);
  process.exit(2);
}

const COMMANDS = ["-top", "-text"];

/** Reports on one profile. */
function isSupported({ args, profile }) {
  const sources = [profile].flat();
  return (
    args.some((arg) => COMMANDS.includes(arg)) &&
    sources.length === 1 &&
    !args.some((arg) => /^-(diff_)?base=/.test(arg))
  );
}

const args = process.argv.slice(2);
const runner = path.join(set, "conformance.mjs");
const command = `${process.execPath} ${path.join(root, "bin/tsprof.js")}`;

function run(setFolder, options) {
  const { status } = spawnSync(
    process.execPath,
    [runner, "--set", setFolder, "--cmd", command, ...options],
    { stdio: "inherit" },
  );
  return status ?? 1;
}

if (!args.includes("--supported")) {
  process.exit(run(set, args.includes("--cases") ? args : ["--cases", "all", ...args]));
}

// The same set, with only the cases that are supported.
const part = mkdtempSync(path.join(os.tmpdir(), "tsprof-conformance-"));
for (const name of readdirSync(set)) {
  const from = path.join(set, name);
  if (!name.endsWith(".jsonl")) {
    symlinkSync(from, path.join(part, name));
    continue;
  }
  const lines = readFileSync(from, "utf8").split("\n").filter(Boolean);
  const kept = lines.filter((line) => isSupported(JSON.parse(line)));
  writeFileSync(path.join(part, name), kept.map((line) => `${line}\n`).join(""));
}
const rest = args.filter((arg) => arg !== "--supported");
const results = ["all", "errors"].map((cases) => run(part, ["--cases", cases, ...rest]));
rmSync(part, { recursive: true });
process.exit(Math.max(...results));
