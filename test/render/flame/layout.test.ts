import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Callees, Callers, type Frame } from "../../../src/render/flame/frames.js";
import { type Layout, layOut } from "../../../src/render/flame/layout.js";
import { flame } from "../../../src/report/flame.js";
import { type PlainSample, plainSamples } from "../../graph/random-profile.js";
import { inputFor } from "../../support/report-input.js";

const EVERYTHING = { width: 1000, narrowest: 0, maxBoxes: 1e6, maxLevels: 1e6, maxParents: 1e6 };

/** Converts samples to a profile with values of very different sizes. */
function treeOf(samples: readonly PlainSample[]) {
  const lines = samples.map(({ stack, values }) => {
    const places = stack.map((functions) => functions.join(">")).join(";");
    return `${places || "-"} ${values[1]}`;
  });
  return flame(inputFor("flame", lines.join("\n")));
}

/** No box may exceed its neighbour, overlap another one, or have a wrong width. */
function expectSound({ boxes }: Layout, length: number, width: number): void {
  const byFrame = new Map(boxes.map((box) => [box.frame.index, box]));
  const ends = new Map<number, number>();
  for (const { frame, level, left, right } of boxes) {
    expect(Number.isInteger(left) && Number.isInteger(right) && left <= right).toBe(true);
    expect(left).toBeGreaterThanOrEqual(ends.get(level) ?? 0);
    ends.set(level, right);
    // An empty picture has the full width.
    const part = length === 0 ? 1 : (frame.end - frame.start) / length;
    const exact = part * width * 100;
    expect(Math.abs(right - left - exact)).toBeLessThanOrEqual(1.001);
    const parent = frame.parent && byFrame.get(frame.parent.index);
    if (!parent) continue;
    expect(left).toBeGreaterThanOrEqual(parent.left);
    expect(right).toBeLessThanOrEqual(parent.right);
    expect(level).toBe(parent.level + 1);
  }
}

describe("layOut", () => {
  const scale = fc.oneof(fc.constant(1), fc.double({ min: 1e-6, max: 1e6, noNaN: true }));

  it("keeps every box within its neighbour, in the written pixels", () => {
    fc.assert(
      fc.property(
        plainSamples,
        scale,
        fc.integer({ min: 1, max: 3000 }),
        fc.boolean(),
        (samples, minusScale, width, mergesLeaves) => {
          const { tree } = treeOf(samples);
          const source = new (mergesLeaves ? Callers : Callees)(tree, minusScale);
          const layout = layOut(source, source.root, { ...EVERYTHING, width });
          expectSound(layout, source.root.end, width);
          if (!mergesLeaves) expect(layout.boxes.length).toBe(tree.length);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("gives each level, with the gaps above ended frames, the full width", () => {
    fc.assert(
      fc.property(plainSamples, (samples) => {
        const { tree } = treeOf(samples);
        const source = new Callees(tree, 1);
        const { boxes, levels } = layOut(source, source.root, EVERYTHING);
        const covered = new Map<Frame | undefined, number>();
        for (const { frame, left, right } of boxes) {
          covered.set(frame.parent, (covered.get(frame.parent) ?? 0) + right - left);
        }
        let gaps = 0;
        for (let level = 0; level < levels; level++) {
          const row = boxes.filter((box) => box.level === level);
          const drawn = row.reduce((sum, { left, right }) => sum + right - left, 0);
          expect(drawn + gaps).toBe(EVERYTHING.width * 100);
          for (const { frame, left, right } of row)
            gaps += right - left - (covered.get(frame) ?? 0);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("fills the width with the zoomed frame, above its parents", () => {
    const { tree, functions: places } = treeOf([
      { stack: [["a"], ["b"], ["c"]], values: [1n, 30n] },
      { stack: [["a"], ["d"]], values: [1n, 70n] },
    ]);
    const source = new Callees(tree, 1);
    const [a] = source.next(source.root, 0);
    const b = source.next(a, 0)[1];
    const { boxes } = layOut(source, b, EVERYTHING);
    const drawn = boxes.map(({ frame, level, left, right }) => {
      return `${level} ${places[frame.functionIndex].name} ${left}-${right}`;
    });
    expect(drawn).toEqual(["0 all 0-100000", "1 a 0-100000", "2 b 0-100000", "3 c 0-100000"]);
  });

  it("counts what it leaves out: too narrow, too many, too far", () => {
    const wide = Array.from({ length: 100 }, (_, i) => `f${i};g${i} ${i + 1}`).join("\n");
    const { tree } = flame(inputFor("flame", wide));
    const source = new Callees(tree, 1);
    const draw = (options: Partial<typeof EVERYTHING>) =>
      layOut(source, source.root, { ...EVERYTHING, ...options });
    expect(draw({})).toMatchObject({ narrow: 0, beyond: 0, levels: 3 });
    // Of 5050 on 1000 px, the boxes of 1 to 50 are narrower than 10 px, in two levels.
    expect(draw({ narrowest: 10 })).toMatchObject({ narrow: 100, beyond: 0 });
    expect(draw({ maxLevels: 2 })).toMatchObject({ narrow: 0, beyond: 100, levels: 2 });
    const few = draw({ narrowest: 1, maxBoxes: 60 });
    expect(few.boxes.length).toBeLessThanOrEqual(60);
    expect(few.narrowest).toBe(16);
    expect(few.narrow).toBe(201 - few.boxes.length);
  });

  it("leaves out parents if there are too many", () => {
    const deep = `${Array.from({ length: 1000 }, (_, i) => `f${i}`).join(";")} 1`;
    const { tree, functions: places } = flame(inputFor("flame", deep));
    const source = new Callees(tree, 1);
    let frame = source.root;
    for (let i = 0; i < 900; i++) frame = source.next(frame, 0)[0];
    const options = { ...EVERYTHING, maxParents: 3, maxLevels: 2 };
    const { boxes, hiddenParents, beyond } = layOut(source, frame, options);
    expect(boxes.map((box) => places[box.frame.functionIndex].name)).toEqual([
      "all",
      "f897",
      "f898",
      "f899",
      "f900",
    ]);
    expect({ hiddenParents, beyond }).toEqual({ hiddenParents: 897, beyond: 99 });
  });
});

describe("Callers", () => {
  it("has the sums of all paths of the tree for each path of callers", () => {
    fc.assert(
      fc.property(plainSamples, (samples) => {
        const { tree, functions: places } = treeOf(samples);
        const expected = new Map<string, bigint>();
        for (const { stack, values } of samples) {
          const up = stack.flat().reverse();
          const size = values[1] < 0n ? -values[1] : values[1];
          for (let depth = 0; depth <= up.length; depth++) {
            const path = up.slice(0, depth).join(";");
            if (size > 0n || depth === 0) expected.set(path, (expected.get(path) ?? 0n) + size);
          }
        }
        const source = new Callers(tree, 1);
        const found = new Map<string, bigint>();
        const pending: [Frame, string][] = [[source.root, ""]];
        for (const [frame, path] of pending) {
          const { plus, minus } = source.amounts(frame);
          found.set(path, BigInt(plus) + BigInt(minus));
          for (const next of source.next(frame, 0)) {
            const { name } = places[next.functionIndex];
            pending.push([next, path === "" ? name : `${path};${name}`]);
          }
        }
        if (samples.length === 0) expected.set("", 0n);
        expect(found).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it("returns the same frames when asked for more", () => {
    fc.assert(
      fc.property(plainSamples, fc.double({ min: 0, max: 1, noNaN: true }), (samples, part) => {
        const { tree } = treeOf(samples);
        const source = new Callers(tree, 1);
        const draw = ({ functionIndex: place, start, end }: Frame) => ({ place, start, end });
        const narrowest = source.root.end * part;
        const wide = source.next(source.root, narrowest);
        const all = source.next(source.root, 0);
        expect(wide).toEqual(all.filter(({ start, end }) => end - start >= narrowest));
        expect(wide.every((frame) => all.includes(frame))).toBe(true);
        const fresh = new Callers(tree, 1);
        expect(all.map(draw)).toEqual(fresh.next(fresh.root, 0).map(draw));
      }),
    );
  });
});
