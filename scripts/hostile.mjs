// Runs the commands that suffer most from hostile inputs on every file of ../shared/hostile (or
// $TSPROF_SHARED/hostile). Each run must end with a result or an error of one line, within limits
// on CPU time and memory.
//
//   node scripts/hostile.mjs                     every file there, every command
//   node scripts/hostile.mjs FILE...             other files
//   node scripts/hostile.mjs --commands top,svg  only these commands
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { CPU_LIMIT_MS, MEMORY_LIMIT_MB, problemsOf } from "./hostile/limits.mjs";
import { runOnce } from "./hostile/run-once.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const shared = process.env.TSPROF_SHARED ?? path.join(root, "../shared");
const { values, positionals } = parseArgs({
  options: { commands: { type: "string" } },
  allowPositionals: true,
});

const COMMANDS = {
  top: (file) => ["top", file],
  flame: (file) => ["flame", file],
  proto: (file, out) => ["proto", "-output", out, file],
  svg: (file) => ["svg", file],
  list: (file) => ["list", ".", file],
  tags: (file) => ["tags", file],
  tree: (file) => ["tree", file],
  raw: (file) => ["raw", file],
};
const DEFAULT_COMMANDS = "top,flame,proto,svg,list,tags";

const folder = path.join(shared, "hostile");
if (positionals.length === 0 && !existsSync(folder)) {
  console.error(`no hostile inputs in ${folder}; set TSPROF_SHARED to the folder that holds them`);
  process.exit(2);
}
const files =
  positionals.length > 0
    ? positionals.map((file) => path.resolve(file))
    : readdirSync(folder)
        .sort()
        .map((name) => path.join(folder, name));
const names = (values.commands ?? DEFAULT_COMMANDS).split(",");

const out = mkdtempSync(path.join(os.tmpdir(), "tsprof-hostile-"));
let failed = 0;
console.log(`limits: ${CPU_LIMIT_MS / 1000} s of CPU time, ${MEMORY_LIMIT_MB} MB of memory`);
for (const file of files) {
  console.log(path.basename(file));
  for (const name of names) {
    const run = await runOnce(COMMANDS[name](file, path.join(out, "out.pb.gz")), out);
    const problems = problemsOf(run);
    if (problems.length > 0) failed++;
    const took = `${(run.cpuMs / 1000).toFixed(2)} s ${Math.round(run.peakMb)} MB`;
    const end = run.code === 0 ? `${run.stdoutBytes} bytes` : run.stderr.trimEnd().slice(0, 200);
    console.log(`  ${problems.length > 0 ? "FAIL" : "ok  "} ${name.padEnd(6)} ${took}  ${end}`);
    for (const problem of problems) console.log(`       ${problem}`);
  }
}
rmSync(out, { recursive: true });
console.log(failed === 0 ? "all within the limits" : `${failed} runs failed`);
process.exit(failed === 0 ? 0 : 1);
