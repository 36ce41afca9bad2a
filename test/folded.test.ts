import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { profileWithPositiveValues } from "./support/random-profile.js";
import { runProgram, tsprof } from "./support/run.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-folded-"));
afterAll(() => rmSync(folder, { recursive: true }));
const env = { HOME: folder, PPROF_TMPDIR: folder };

let serial = 0;

function written(bytes: Uint8Array | string): string {
  const file = path.join(folder, `${serial++}.profile`);
  writeFileSync(file, bytes);
  return file;
}

/** Folds what `-traces` prints: for each sample its value, and its frames from the leaf down. */
function foldTraces(report: string): string[] {
  const sums = new Map<string, number>();
  for (const trace of report.split(/^-{11}\+-+\n/m).slice(1)) {
    const lines = trace.split("\n").filter((line) => line !== "");
    const stack = lines.filter((line) => /^.{10} {3}/.test(line));
    if (stack.length === 0) continue;
    const frames = stack.map((line) =>
      // Traces show paths of files as they are in the profile.
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
  it("has the stacks and values that go tool pprof -traces has", async () => {
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
          const [theirs, ours] = await Promise.all([
            runProgram("go", ["tool", "pprof", "-traces", ...args], { env }),
            tsprof(["folded", ...args], { env }),
          ]);
          const expected = foldTraces(theirs.stdout);
          longest = Math.max(longest, expected.length);
          expect({ args, stacks: ours.stdout }).toEqual({ args, stacks: expected.join("") });
        },
      ),
      { numRuns: 40, seed: Number(process.env.TSPROF_SEED ?? 1) },
    );
    expect(longest).toBeGreaterThan(4);
  });
});
