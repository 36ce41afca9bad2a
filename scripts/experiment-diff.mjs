// Measures what `tsprof diff` reports for profiles whose true difference is known: how often it
// reports a regression if nothing has changed (A/A), and how often it finds a function that has
// become slower (A/B). The figures are in docs/benchmarks.md. Needs Go, and a build of tsprof:
//
//   node scripts/build.mjs && nice node scripts/experiment-diff.mjs [--trials=40] [--runs=5]
//     [--slow=1.2] [--keep=FOLDER]
//
// Each trial makes three groups of profiles: A, another A, and B. The groups take turns, so that a
// machine that becomes slower affects all of them. --keep keeps the profiles for the next run.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), "..");
const TSPROF = path.join(ROOT, "bin/tsprof.js");

const { values } = parseArgs({
  options: {
    trials: { type: "string", default: "40" },
    runs: { type: "string", default: "5" },
    slow: { type: "string", default: "1.2" },
    rounds: { type: "string", default: "120000" },
    keep: { type: "string" },
  },
});
const trials = Number(values.trials);
const runs = Number(values.runs);

/** The function that is slowed down. */
const SLOWED = "main.order";
/** Its callers, whose cum grows with it. */
const CALLERS = ["main.query", "main.main", "runtime.main"];

const folder = values.keep ?? mkdtempSync(path.join(os.tmpdir(), "tsprof-experiment-"));
mkdirSync(folder, { recursive: true });
const mill = path.join(folder, "mill");
if (!existsSync(mill)) {
  execFileSync("go", ["build", "-trimpath", "-buildvcs=false", "-o", mill, "."], {
    cwd: path.join(ROOT, "scripts/experiment-diff"),
    stdio: "inherit",
  });
}

/** Makes a profile, unless the file exists. */
function profile(file, slow) {
  if (existsSync(file)) return;
  execFileSync(mill, ["-o", `${file}.part`, "-slow", slow, "-rounds", values.rounds], {
    stdio: "ignore",
  });
  renameSync(`${file}.part`, file);
}

/** Returns the functions that grew beyond noise, and whether the gate passed. */
function compare(base, next) {
  const args = [
    TSPROF,
    "diff",
    "-format=json",
    "-fail_on=flat>5%",
    ...base.flatMap((file) => ["-base", file]),
    ...next,
  ];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0 && status !== 3) throw new Error(stderr);
  const report = JSON.parse(stdout);
  const grew = ({ real, change }) => real && change > 0;
  const names = report.rows
    .filter(({ flat, cum }) => grew(flat) || grew(cum))
    .map(({ name }) => name);
  return { names, grew: names.length > 0 || grew(report.total), broken: status === 3, report };
}

function tally() {
  return { comparisons: 0, grew: 0, broken: 0, found: 0, wrong: 0 };
}

function add(tallied, { names, grew, broken }) {
  tallied.comparisons++;
  if (grew) tallied.grew++;
  if (broken) tallied.broken++;
  if (names.includes(SLOWED)) tallied.found++;
  if (names.some((name) => name !== SLOWED && !CALLERS.includes(name))) tallied.wrong++;
}

const all = {
  "A/A, several": tally(),
  "A/B, several": tally(),
  "A/A, one": tally(),
  "A/B, one": tally(),
};
let [samples, share] = [0, 0];
for (let trial = 1; trial <= trials; trial++) {
  const place = path.join(folder, String(trial));
  mkdirSync(place, { recursive: true });
  const files = { a: [], c: [], b: [] };
  for (let run = 1; run <= runs; run++) {
    for (const group of ["a", "c", "b"]) {
      const file = path.join(place, `${group}${run}.pb.gz`);
      profile(file, group === "b" ? values.slow : "1");
      files[group].push(file);
    }
  }
  add(all["A/A, several"], compare(files.a, files.c));
  const found = compare(files.a, files.b);
  add(all["A/B, several"], found);
  samples += found.report.base.samples / runs;
  share += found.report.rows.find(({ name }) => name === SLOWED).flat.base_share;
  for (let run = 0; run < runs; run++) {
    add(all["A/A, one"], compare([files.a[run]], [files.c[run]]));
    add(all["A/B, one"], compare([files.a[run]], [files.b[run]]));
  }
}
if (values.keep === undefined) rmSync(folder, { recursive: true });

console.log(
  `${trials} trials of ${runs} profiles a side; ${Math.round(samples / trials)} samples a profile, ` +
    `${Math.round((share / trials) * 100)} % of them in ${SLOWED}, slowed by ${values.slow}\n`,
);
const shares = (count, { comparisons }) => `${count} of ${comparisons}`.padStart(12);
console.log("comparison        regression   gate broken  slowed found  others called");
for (const [name, tallied] of Object.entries(all)) {
  const cells = [tallied.grew, tallied.broken, tallied.found, tallied.wrong];
  const [grew, broken, found, wrong] = cells.map((count) => shares(count, tallied));
  console.log(
    `${name.padEnd(16)}${grew}  ${broken}  ${found}  ${name.startsWith("A/B") ? wrong : "           -"}`,
  );
}
