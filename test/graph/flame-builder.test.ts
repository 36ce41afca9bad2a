import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BuiltFlame, buildFlame } from "../../src/graph/flame-builder.js";
import { FrameFlags, type FrameTree, spansOf } from "../../src/graph/flame-tree.js";
import { sortStacks, stackRoots } from "../../src/graph/stack-roots.js";
import { isOnDist } from "../support/modules.js";
import { inputOf, type PlainSample, plainSamples } from "./random-profile.js";

/** By path of calls: the sums of the positive and of the negative values. */
type PathSums = Map<string, { plus: bigint; minus: bigint }>;

function reference(samples: readonly PlainSample[]): PathSums {
  const sums: PathSums = new Map();
  for (const { stack, values } of samples) {
    const frames = stack.flat();
    for (let depth = 0; depth <= frames.length; depth++) {
      const path = frames.slice(0, depth).join(";");
      const sum = sums.get(path) ?? { plus: 0n, minus: 0n };
      if (values[1] > 0n) sum.plus += values[1];
      else sum.minus -= values[1];
      sums.set(path, sum);
    }
  }
  for (const [path, { plus, minus }] of sums) {
    if (path !== "" && plus === 0n && minus === 0n) sums.delete(path);
  }
  if (!sums.has("")) sums.set("", { plus: 0n, minus: 0n });
  return sums;
}

const ALL = { limit: Number.POSITIVE_INFINITY, compareNodes: (a: number, b: number) => a - b };

function build(samples: readonly PlainSample[], limit = ALL.limit) {
  const { view, nodes, value, names } = inputOf(samples);
  const built = buildFlame(view, nodes, value.values, { ...ALL, limit });
  return { ...built, names };
}

/** The names of the callers of each frame, and its own. */
function pathsOf({ tree, nodes }: BuiltFlame, names: readonly string[]): string[] {
  const { callers } = tree;
  const paths = [""];
  for (let frame = 1; frame < nodes.length; frame++) {
    const name = names[nodes[frame]];
    paths.push(callers[frame] === 0 ? name : `${paths[callers[frame]]};${name}`);
  }
  return paths;
}

function sumsOf(tree: FrameTree, paths: readonly string[]): PathSums {
  return new Map(
    paths.map((path, frame) => [
      path,
      { plus: BigInt(tree.plus[frame]), minus: BigInt(tree.minus?.[frame] ?? 0) },
    ]),
  );
}

describe("buildFlame", () => {
  it("has a frame with exact sums for each path with a value", () => {
    fc.assert(
      fc.property(plainSamples, (samples) => {
        const { names, ...built } = build(samples);
        const { tree } = built;
        const paths = pathsOf(built, names);
        expect(new Set(paths).size).toBe(paths.length);
        expect(sumsOf(tree, paths)).toEqual(reference(samples));
      }),
      { numRuns: 500 },
    );
  });

  // Only browsers sort stacks, so dist/ lacks the function.
  it.skipIf(isOnDist)("has the same frames if the stacks are sorted", () => {
    // More stacks than remain unsorted, and longer ones than the columns hold.
    const samples = fc.array(
      fc.record({
        stack: fc.array(
          fc.constantFrom("a", "b", "c").map((name) => [name]),
          { maxLength: 12 },
        ),
        values: fc.tuple(fc.constant(1n), fc.bigInt({ min: -3n, max: 9n })),
      }),
      { minLength: 150, maxLength: 400 },
    );
    fc.assert(
      fc.property(samples, (many) => {
        const { view, nodes, value, names } = inputOf(many);
        sortStacks(view.profile);
        const starts = Array.from(stackRoots(view.profile).samples);
        expect(starts).not.toEqual(starts.toSorted((a, b) => a - b));
        const built = buildFlame(view, nodes, value.values, ALL);
        expect(sumsOf(built.tree, pathsOf(built, names))).toEqual(reference(many));
      }),
      { numRuns: 50 },
    );
  });

  it("puts heavier frames before others of the same caller", () => {
    fc.assert(
      fc.property(plainSamples, (samples) => {
        const { tree } = build(samples);
        for (let frame = 1; frame < tree.length; frame++) {
          const next = tree.ends[frame];
          if (tree.callers[next] !== tree.callers[frame]) continue;
          const size = (f: number) => Number(tree.plus[f]) + Number(tree.minus?.[f] ?? 0);
          // Sizes are compared as doubles.
          expect(size(next)).toBeLessThanOrEqual(size(frame) * (1 + 1e-12));
        }
      }),
    );
  });

  it("keeps the heaviest frames if there are too many, and exact sums", () => {
    fc.assert(
      fc.property(plainSamples, fc.integer({ min: 1, max: 12 }), (samples, limit) => {
        const { names, ...built } = build(samples, limit);
        const { tree, cutFrames } = built;
        const whole = reference(samples);
        const paths = pathsOf(built, names);
        const kept = sumsOf(tree, paths);
        for (const [path, sum] of kept) expect(sum).toEqual(whole.get(path));
        const missing = [...whole.keys()].filter((path) => !kept.has(path));
        const cut = paths.filter((_, frame) => tree.flags[frame] & FrameFlags.cut);
        expect(cut.length).toBe(cutFrames);
        // Missing paths begin at a frame that is marked as cut.
        for (const path of missing) {
          expect(cut.some((caller) => caller === "" || path.startsWith(`${caller};`))).toBe(true);
        }
        if (missing.length === 0) expect(cut).toEqual([]);
        // No expanded frame is lighter than an unexpanded one.
        const size = (frame: number) => Number(tree.plus[frame]) + Number(tree.minus?.[frame] ?? 0);
        const frames = paths.map((_, frame) => frame);
        const divided = frames.filter((frame) => tree.ends[frame] > frame + 1).map(size);
        const undivided = frames.filter((frame) => cut.includes(paths[frame])).map(size);
        expect(Math.max(0, ...undivided) <= Math.min(...divided) * (1 + 1e-12)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("distinguishes inlined calls", () => {
    const { names, ...built } = build([
      { stack: [["a", "b"], ["c"]], values: [1n, 5n] },
      { stack: [["a"], ["b"], ["c"]], values: [1n, 7n] },
      { stack: [["a", "c"]], values: [1n, 11n] },
    ]);
    const { inlined, called } = FrameFlags;
    const flags = Object.fromEntries(
      pathsOf(built, names).map((path, i) => [path, built.tree.flags[i]]),
    );
    expect(flags).toEqual({
      "": 0,
      a: called,
      "a;b": inlined | called,
      "a;b;c": called,
      "a;c": inlined,
    });
  });

  it("handles stacks of any depth", () => {
    const depth = 100_000;
    const stack = Array.from({ length: depth }, (_, i) => [i % 2 === 0 ? "a" : "b"]);
    const { tree } = build([{ stack, values: [1n, 3n] }]);
    expect(tree.length).toBe(depth + 1);
    expect(tree.depths[depth]).toBe(depth);
    expect(tree.plus[0]).toBe(3);
    const { starts, ends } = spansOf(tree, 1);
    expect([starts[depth], ends[depth]]).toEqual([0, 3]);
  });
});

describe("spansOf", () => {
  const scale = fc.oneof(fc.constant(1), fc.double({ min: 1e-9, max: 1e9, noNaN: true }));

  it("keeps each frame within its caller and apart from others", () => {
    fc.assert(
      fc.property(plainSamples, scale, (samples, minusScale) => {
        const { tree } = build(samples);
        const { starts, ends } = spansOf(tree, minusScale);
        for (let frame = 1; frame < tree.length; frame++) {
          const caller = tree.callers[frame];
          expect(starts[frame]).toBeGreaterThanOrEqual(starts[caller]);
          expect(ends[frame]).toBeLessThanOrEqual(ends[caller]);
          expect(ends[frame]).toBeGreaterThanOrEqual(starts[frame]);
          const next = tree.ends[frame];
          if (tree.callers[next] === caller) expect(starts[next]).toBe(ends[frame]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("gives each level, with what ended below it, the total of the profile", () => {
    fc.assert(
      fc.property(plainSamples, (samples) => {
        const { tree } = build(samples);
        const total = samples.reduce((sum, { values }) => {
          return sum + (values[1] < 0n ? -values[1] : values[1]);
        }, 0n);
        const { starts, ends } = spansOf(tree, 1);
        const size = (plus: FrameTree["plus"], minus: FrameTree["minus"], frame: number) =>
          BigInt(plus[frame]) + BigInt(minus?.[frame] ?? 0);
        const deepest = tree.depths.reduce((a, b) => Math.max(a, b));
        for (let level = 0; level <= deepest; level++) {
          let exact = 0n;
          let drawn = 0;
          tree.depths.forEach((depth, frame) => {
            if (depth === level) {
              exact += size(tree.plus, tree.minus, frame);
              drawn += ends[frame] - starts[frame];
            } else if (depth < level) {
              const own = size(tree.selfPlus, tree.selfMinus, frame);
              exact += own;
              drawn += Number(own);
            }
          });
          expect(exact).toBe(total);
          expect(drawn / (Number(total) || 1)).toBeCloseTo(total === 0n ? 0 : 1, 10);
        }
      }),
      { numRuns: 300 },
    );
  });
});
