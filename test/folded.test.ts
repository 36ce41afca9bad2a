import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { useOneProcess } from "./support/one-process.js";
import { encodeWithProtobufjs } from "./support/proto.js";
import { profileWithPositiveValues } from "./support/random-profile.js";
import { SEEDED, useRecordedPprof } from "./support/recorded-pprof.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-folded-"));
afterAll(() => rmSync(folder, { recursive: true }));
const tsprof = useOneProcess();
const pprof = useRecordedPprof("folded");
const env = { HOME: folder, PPROF_TMPDIR: folder };

let serial = 0;

function written(bytes: Uint8Array | string): string {
  const file = path.join(folder, `${serial++}.profile`);
  writeFileSync(file, bytes);
  return file;
}

/** Folds the output of `-traces`: a value and frames, leaf first, for each sample. */
function foldTraces(report: string): string[] {
  const sums = new Map<string, number>();
  for (const trace of report.split(/^-{11}\+-+\n/m).slice(1)) {
    const lines = trace.split("\n").filter((line) => line !== "");
    const stack = lines.filter((line) => /^.{10} {3}/.test(line));
    if (stack.length === 0) continue;
    const frames = stack.map((line) =>
      // -traces shows file paths as they are in the profile.
      line
        .slice(13)
        .replace(/ \(inline\)$/, "")
        .replace("/y/../", "/"),
    );
    const key = JSON.stringify(frames.reverse());
    sums.set(key, (sums.get(key) ?? 0) + Number(stack[0].slice(0, 10)));
  }
  const stacks = [...sums].map(([key, sum]) => ({ frames: JSON.parse(key) as string[], sum }));
  const byFrames = (a: string[], b: string[]) => {
    const i = a.findIndex((frame, depth) => frame !== b[depth]);
    if (i < 0) return a.length - b.length;
    return b[i] === undefined ? 1 : a[i] < b[i] ? -1 : 1;
  };
  return stacks
    .filter(({ sum }) => sum !== 0)
    .sort((a, b) => byFrames(a.frames, b.frames))
    .map(({ frames, sum }) => `${frames.join(";")} ${sum}\n`);
}

describe("tsprof folded", () => {
  it("has the same stacks and values as go tool pprof -traces", async () => {
    const option = fc.constantFrom(
      "-noinlines",
      "-lines",
      "-files",
      "-focus=[ab]",
      "-ignore=c",
      "-hide=d|lib",
      "-show_from=b",
      "-prune_from=[be]",
      "-tagfocus=k:x",
      "-tagroot=k",
      "-tagleaf=k",
    );
    let longest = 0;
    await fc.assert(
      fc.asyncProperty(
        profileWithPositiveValues,
        fc.uniqueArray(option, { maxLength: 3 }),
        async (bytes, given) => {
          fc.pre(!(given.includes("-lines") && given.includes("-files")));
          const args = ["-symbolize=none", "-sample_index=0", ...given, written(bytes)];
          // pprof prints the names of frames alone.
          const own = ["-identity=name", ...args];
          const [theirs, ours] = await Promise.all([
            pprof(["-traces", ...args], { env }),
            tsprof(["folded", ...own], { env }),
          ]);
          const expected = foldTraces(theirs.stdout ?? "");
          longest = Math.max(longest, expected.length);
          expect({ args, stacks: ours.stdout }).toEqual({ args, stacks: expected.join("") });
        },
      ),
      { ...SEEDED, numRuns: 25 },
    );
    expect(longest).toBeGreaterThan(4);
  });
});

type Line = readonly [stack: readonly string[], count: number];

const toFolded = (lines: readonly Line[]) =>
  lines.map(([stack, count]) => `${stack.join(";")} ${count}\n`).join("");

/** Returns the same stacks as profile.proto. */
function toProto(lines: readonly Line[]): Uint8Array {
  const names = [...new Set(lines.flatMap(([stack]) => stack))];
  const id = (name: string) => names.indexOf(name) + 1;
  return encodeWithProtobufjs({
    string_table: ["", ...names, "samples", "count"],
    sample_type: [{ type: names.length + 1, unit: names.length + 2 }],
    sample: lines.map(([stack, count]) => ({
      location_id: stack.map(id).reverse(),
      value: [count],
    })),
    location: names.map((name) => ({ id: id(name), line: [{ function_id: id(name) }] })),
    function: names.map((name) => ({ id: id(name), name: id(name), system_name: id(name) })),
  });
}

const lines = fc.uniqueArray(
  fc.tuple(
    fc.array(fc.constantFrom("a", "b", "c d", "e()", "f_[k]", "main"), {
      minLength: 2,
      maxLength: 7,
    }),
    fc.integer({ min: 1, max: 1000 }),
  ),
  { minLength: 1, maxLength: 12, selector: ([stack]) => stack.join() },
);

describe("reports of folded stacks equal those of go tool pprof for the same profile", () => {
  it.each(["-top", "-tree", "-traces"])("%s", async (report) => {
    await fc.assert(
      fc.asyncProperty(lines, async (stacks) => {
        const args = [report, "-trim=false"];
        const [theirs, ours] = await Promise.all([
          pprof([...args, written(toProto(stacks))], { env }),
          tsprof([...args, written(toFolded(stacks))], { env }),
        ]);
        expect(ours).toEqual({ code: 0, stdout: theirs.stdout, stderr: "" });
      }),
      { ...SEEDED, numRuns: 8 },
    );
  });

  it("-diff_base, with two files or with one file of two counts", async () => {
    await fc.assert(
      fc.asyncProperty(lines, lines, async (before, after) => {
        const files = [before, after].map((stacks) => written(toFolded(stacks)));
        const protos = [before, after].map((stacks) => written(toProto(stacks)));
        const [theirs, ours, both] = await Promise.all([
          pprof(["-top", "-diff_base", ...protos], { env }),
          tsprof(["top", "-diff_base", ...files], { env }),
          tsprof(["folded", "-diff_base", ...files], { env }),
        ]);
        expect(ours).toEqual({ code: 0, stdout: theirs.stdout, stderr: "" });
        expect(both.stdout).toMatch(/^(.+;.+ \d+ \d+\n)+$/);
        const one = await tsprof(["top", written(both.stdout)], { env });
        expect(one).toEqual(ours);
      }),
      { ...SEEDED, numRuns: 8 },
    );
  });
});
