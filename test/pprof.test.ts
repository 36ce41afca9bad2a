import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { useOneProcess } from "./support/one-process.js";
import { ROOT } from "./support/proto.js";
import { profileWithPositiveValues, profileWithStacks } from "./support/random-profile.js";
import { SEEDED, useRecordedPprof } from "./support/recorded-pprof.js";
import { tsprof } from "./support/run.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-pprof-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** `go tool pprof` of 2022 prints the time in another form than a current pprof. */
const withoutTime = (report: string) =>
  report.replace(/^Time: .*$/m, "Time: …").replace(/\\lTime: .*?\\l/, "\\lTime: …\\l");

/** The share of the random profiles to test: TSPROF_RANDOM=0.3. */
const SHARE = Number(process.env.TSPROF_RANDOM ?? 1);
const runs = (whole: number) => Math.ceil(whole * SHARE);

const inOneProcess = useOneProcess();
const pprof = useRecordedPprof("pprof");

let serial = 0;

/** Writes the bytes to a new file. */
function written(bytes: Uint8Array, name: string): string {
  const file = path.join(folder, `${name.replace(/\W/g, "")}-${serial++}.pb`);
  writeFileSync(file, bytes);
  return file;
}

/** Sorts the lines without their numbers: pprof has no order for nodes of equal name. */
const inAnyOrder = (report: string) =>
  report
    .replace(/\bN+\d+(_\d+)*|\bnode\d+/g, "N")
    .split("\n")
    .sort()
    .join("\n");

async function expectSameReport(
  args: string[],
  files: string[],
  run = inOneProcess,
): Promise<void> {
  const comparable = (report: string) => {
    const text = withoutTime(report);
    return args.includes("-dot") ? inAnyOrder(text) : text;
  };
  const env = { HOME: folder, PPROF_TMPDIR: folder };
  const [theirs, ours] = await Promise.all([
    pprof([...args, ...files], { env }),
    run([...args, ...files], { env }),
  ]);
  expect({ args, code: ours.code, report: comparable(ours.stdout) }).toEqual({
    args,
    // pprof exits with 2, but `go tool` with 1.
    code: theirs.code === 0 ? 0 : 1,
    report: theirs.stdout === undefined ? theirs.stdout : comparable(theirs.stdout),
  });
}

describe("reports equal those of the installed go tool pprof", () => {
  const fixture = (name: string) => path.join(ROOT, "fixtures", name);

  it.each([
    ["go-cpu.pb.gz", "-lines -cum -hide=^runtime -tagfocus=region=south"],
    ["go-cpu.pb.gz", "-addresses -noinlines -focus=pricing -relative_percentages"],
    ["go-cpu.pb.gz", "-tagroot=region,step -cum -show_from=main"],
    ["go-heap.pb.gz", "-alloc_space -files -tagignore=bytes=:1kb -unit=kb"],
    ["go-heap.pb.gz", "-inuse_objects -mean -trim=false"],
    ["go-block.pb.gz", "-mean_delay -nodefraction=0"],
    ["cpp-cpu.pb.gz", "-symbolize=none -filefunctions -prune_from=sky::"],
    ["v8-heap.pb.gz", "-lines -divide_by=7 -nodecount=9"],
  ])("%s %s", async (profile, args) => {
    await expectSameReport(["-top", ...args.split(" ")], [fixture(profile)], tsprof);
  });

  // -raw is missing: the report of 2022 differs from the current one.
  it.each([
    { command: "-top", numRuns: 80, hasCalls: false },
    { command: "-tree", numRuns: 40, hasCalls: true },
    { command: "-peek=[a-e]|main", numRuns: 15, hasCalls: true },
    { command: "-callgrind", numRuns: 15, hasCalls: true },
    { command: "-traces", numRuns: 15, hasCalls: false },
    { command: "-dot", numRuns: 25, hasCalls: true },
    { command: "-dot -call_tree", numRuns: 12, hasCalls: true },
  ])("$command on random profiles with random options", async ({ command, numRuns, hasCalls }) => {
    const option = fc.constantFrom(
      "-cum",
      "-noinlines",
      "-mean",
      "-trim=false",
      "-relative_percentages",
      "-drop_negative",
      "-nodecount=3",
      "-nodefraction=0.2",
      "-edgefraction=0.3",
      "-divide_by=3",
      "-unit=ms",
      "-focus=[ab]",
      "-ignore=c",
      "-hide=d|lib",
      "-show=[a-e]|lib",
      "-show_from=b",
      "-prune_from=[be]",
      "-tagfocus=k:x",
      "-tagfocus=bytes=1:100",
      "-tagroot=k",
      "-tagleaf=bytes",
      "-sample_index=0",
    );
    const granularity = fc.constantFrom(
      "-functions",
      "-filefunctions",
      "-files",
      "-lines",
      "-addresses",
    );
    await fc.assert(
      fc.asyncProperty(
        hasCalls ? profileWithPositiveValues : profileWithStacks,
        fc.uniqueArray(option, { maxLength: 4, selector: (text) => text.split("=")[0] }),
        granularity,
        async (bytes, given, rows) => {
          const isTree = command === "-dot -call_tree";
          const options: string[] = given.filter(
            (one) =>
              // At the granularity of addresses, the pprof of 2022 ignores -noinlines.
              (command !== "-callgrind" || one !== "-noinlines") &&
              // pprof chooses arbitrarily among nodes of equal name and value.
              (!isTree || !one.startsWith("-nodecount")),
          );
          if (isTree) options.push("-nodecount=500");
          await expectSameReport(
            [...command.split(" "), "-symbolize=none", rows, ...options],
            [written(bytes, command)],
          );
        },
      ),
      // The profiles are the same in every run; TSPROF_SEED=$RANDOM tests others.
      { ...SEEDED, numRuns: runs(numRuns) },
    );
  });

  it("on random profiles merged and compared", async () => {
    const command = fc.constantFrom("-top", "-traces", "-tree");
    await fc.assert(
      fc.asyncProperty(
        fc.array(profileWithPositiveValues, { minLength: 2, maxLength: 3 }),
        fc.constantFrom("", "-base=", "-diff_base="),
        fc.boolean(),
        command,
        async (profiles, comparison, normalizes, report) => {
          const files = profiles.map((bytes) => written(bytes, "merged"));
          const base = comparison === "" ? [] : [`${comparison}${files.pop()}`];
          const normalize = base.length > 0 && normalizes ? ["-normalize"] : [];
          // pprof does not define the order of calls of +n and -n.
          if (report === "-tree" && base.length > 0) return;
          const args = [report, "-symbolize=none", "-trim=false", ...base, ...normalize];
          await expectSameReport(args, files);
        },
      ),
      { ...SEEDED, numRuns: runs(40) },
    );
  });
});
