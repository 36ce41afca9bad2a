// Times tsprof beside `go tool pprof` and beside the floor (starting Node and inflating
// the file), with the script and the generator that lie beside the project
// (../shared/bench, or $TSPROF_SHARED/bench). Prints medians and ratios of one run.
//
//   npm run bench                                      top and top -cum, tiny to mid
//   npm run bench -- --sizes tiny,large --runs 5       options of that script
//   npm run bench -- --peer none                       without Go
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const shared = process.env.TSPROF_SHARED ?? path.join(root, "../shared");
const script = path.join(shared, "bench/compare.mjs");
if (!existsSync(script)) {
  console.error(`no ${script}; set TSPROF_SHARED to the folder that holds bench/`);
  process.exit(2);
}
const args = process.argv.slice(2);
const defaults = [
  ["--tsprof", `${process.execPath} ${path.join(root, "bin/tsprof.js")}`],
  ["--only", "top,top -cum"],
  ["--sizes", "tiny,small,mid-nolabels,mid"],
].filter(([name]) => !args.includes(name));
const { status } = spawnSync(process.execPath, [script, ...defaults.flat(), ...args], {
  stdio: "inherit",
});
process.exit(status ?? 1);
