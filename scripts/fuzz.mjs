// Generates small adversarial inputs for every reader, and runs tsprof on them. Each run must end
// with a result or an error of one line, within limits on CPU time and memory, and must not print
// internal error texts of the engine.
//
//   node scripts/fuzz.mjs                        for a minute
//   node scripts/fuzz.mjs --seconds 600          longer
//   TSPROF_SEED=123 node scripts/fuzz.mjs        the run that printed this seed
//   node scripts/fuzz.mjs --format callgrind     inputs for one reader
//   node scripts/fuzz.mjs --case 456             the case that printed this number
//   node scripts/fuzz.mjs --verbose              counts each kind of error
//   node scripts/fuzz.mjs --large                more inputs that inflate to many megabytes
//
// TSPROF_RANDOM=0.3 shortens the run to 30% of the time.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { compose, FORMATS } from "./hostile/compose/index.mjs";
import { problemsOf } from "./hostile/limits.mjs";
import { Runner } from "./hostile/pool.mjs";
import { Random } from "./hostile/random.mjs";
import { runOnce } from "./hostile/run-once.mjs";

const COMMANDS = [
  ...[["top"], ["top"], ["top", "-cum"], ["tree"], ["raw"], ["tags"], ["flame"], ["svg"], ["dot"]],
  ...[["list", "."], ["peek", "."], ["traces"], ["folded"], ["callgrind"], ["comments"], ["info"]],
];

/** The sizes of inputs after inflation, and how often each occurs. */
const SIZES = [
  { bytes: 2_000, weight: 4 },
  { bytes: 20_000, weight: 3 },
  { bytes: 200_000, weight: 2 },
  { bytes: 2_000_000, weight: 0.5 },
  { bytes: 20_000_000, weight: 0.1 },
  { bytes: 80_000_000, weight: 0.02 },
];

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    format: { type: "string" },
    case: { type: "string" },
    command: { type: "string" },
    large: { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
    keep: { type: "string" },
  },
});
const seed = Number(process.env.TSPROF_SEED ?? Date.now() % 2 ** 31);
const share = Number(process.env.TSPROF_RANDOM ?? 1);
const deadline = performance.now() + Number(values.seconds) * 1000 * share;
const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-fuzz-"));

/** Makes the case with this number: writes its input to a file, and chooses a command line. */
function makeCase(number) {
  const random = new Random(number);
  const format = values.format ?? FORMATS[random.below(FORMATS.length)];
  const bytes = compose(random, format, pickSize(random));
  const file = path.join(values.keep ?? folder, "input");
  writeFileSync(file, bytes);
  const command =
    values.command?.split(" ") ??
    random.pick([...COMMANDS, ["proto", "-output", path.join(folder, "out.pb.gz")]]);
  return { format, bytes: bytes.length, args: [...command, file] };
}

function pickSize(random) {
  const weights = SIZES.map(({ weight }) => (values.large ? 1 : weight));
  let at = random.fraction() * weights.reduce((sum, weight) => sum + weight, 0);
  const index = weights.findIndex((weight) => {
    at -= weight;
    return at < 0;
  });
  return SIZES[Math.max(0, index)].bytes;
}

const runner = new Runner(folder);
const ends = new Map();
let cases = 0;
let failed = 0;
const numbers = values.case ? [Number(values.case)] : caseNumbers();
for (const number of numbers) {
  const { format, bytes, args } = makeCase(number);
  let run = await runner.run(args);
  // Run it again in a new process, to be sure that this input is the cause.
  if (problemsOf(run).length > 0) run = await runOnce(args, folder);
  const problems = problemsOf(run);
  cases++;
  const end = `${format}: ${run.code === 0 ? "result" : values.verbose ? errorKind(run.stderr) : "error"}`;
  ends.set(end, (ends.get(end) ?? 0) + 1);
  if (values.case || problems.length > 0) {
    const took = `${(run.cpuMs / 1000).toFixed(1)} s, ${Math.round(run.peakMb)} MB`;
    console.log(
      `case ${number}: ${format} of ${bytes} bytes, ${args.slice(0, -1).join(" ")}: ${took}`,
    );
    for (const problem of problems) console.log(`  ${problem}`);
    if (values.case) console.log(`  ${run.stderr || `${run.stdoutBytes} bytes`}`);
  }
  if (problems.length > 0) failed++;
}
runner.stop();
rmSync(folder, { recursive: true });
console.log(`seed ${seed}: ${cases} cases, ${failed} failed`);
for (const [end, count] of [...ends].sort()) console.log(`  ${String(count).padStart(6)} ${end}`);
if (failed > 0) console.log("run one again with: node scripts/fuzz.mjs --case NUMBER");
process.exit(failed > 0 ? 1 : 0);

/** Returns the last line of `stderr` without the parts that differ between cases. */
function errorKind(stderr) {
  const line = stderr.trimEnd().split("\n").at(-1);
  return line.replaceAll(folder, "").replace(/\d+/g, "N").slice(0, 120);
}

/** Yields the case numbers that follow from the seed, until the time is over. */
function* caseNumbers() {
  const random = new Random(seed);
  while (performance.now() < deadline) yield random.below(2 ** 31);
}
