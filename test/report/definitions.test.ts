import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { indexColumn } from "../../src/profile/columns.js";
import type { LocationIndex } from "../../src/profile/indices.js";
import { type NewFunction, ProfileBuilder } from "../../src/profile/profile-builder.js";
import { type TopRow, top } from "../../src/report/top.js";
import type { Granularity } from "../../src/view/node-table.js";
import { inputFor } from "../support/report-input.js";

const SCRIPTS = [
  "/a/x.js",
  "/b/x.js",
  "x.js",
  "",
  "node:fs",
  "/a/node_modules/p/x.js",
  "/b/p/x.js",
];
const NAMES = ["run", "__proto__", "(anonymous)", "a.b", "run (app.py:1)"];

const script: fc.Arbitrary<NewFunction> = fc
  .tuple(
    fc.constantFrom(...NAMES),
    fc.constantFrom(...SCRIPTS),
    fc.integer({ min: 0, max: 3 }),
    fc.integer({ min: 1, max: 3 }),
  )
  .map(([name, filename, startLine, column]) => {
    return { name, filename, systemName: "", startLine, startColumn: startLine && column };
  });

/** Functions, the lines of locations as numbers of functions, and stacks with their values. */
const profiles = fc.record({
  functions: fc.array(script, { minLength: 6, maxLength: 20 }),
  locations: fc.array(
    fc.array(fc.record({ fn: fc.nat(), line: fc.integer({ min: 1, max: 4 }) }), {
      minLength: 1,
      maxLength: 3,
    }),
    { minLength: 8, maxLength: 8 },
  ),
  samples: fc.array(
    fc.tuple(fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 8 }), fc.nat(99)),
    { minLength: 1, maxLength: 30 },
  ),
});
type Drawn = typeof profiles extends fc.Arbitrary<infer T> ? T : never;

/** The fields that identify a function. */
type Definition = [name: string, file: string, line: number, column: number];

function definitionOf({ name, filename = "", startLine, startColumn }: NewFunction): Definition {
  return [name, filename, Number(startLine), Number(startColumn)];
}

function build({ functions, locations, samples }: Drawn) {
  const builder = new ProfileBuilder([{ type: "samples", unit: "count" }]);
  const added = functions.map((fn) => builder.addFunction(fn));
  const indices = locations.map((lines) =>
    builder.addLocation({
      lines: lines.map(({ fn, line }) => ({ function: added[fn % added.length], line })),
    }),
  );
  for (const [stack, value] of samples) {
    const column = indexColumn<LocationIndex>(Uint32Array.from(stack, (at) => indices[at]));
    builder.addSample(column, [value]);
  }
  return builder.finish();
}

/** Returns flat and cum by key, of all frames. */
function tally(
  { functions, locations, samples }: Drawn,
  keyOf: (fn: NewFunction, line: number) => string,
) {
  const sums: Record<string, [flat: number, cum: number]> = Object.create(null);
  for (const [stack, value] of samples) {
    const keys = stack.flatMap((at) =>
      locations[at].map(({ fn, line }) => keyOf(functions[fn % functions.length], line)),
    );
    for (const key of new Set(keys)) {
      sums[key] ??= [0, 0];
      sums[key][1] += value;
    }
    sums[keys[0]][0] += value;
  }
  return sums;
}

function check(
  drawn: Drawn,
  granularity: Granularity,
  keys: (row: TopRow) => string,
  expected: Record<string, [number, number]>,
) {
  const { rows } = top(inputFor("top", build(drawn), { options: { granularity } }));
  const found: Record<string, [number, number]> = Object.create(null);
  for (const row of rows) {
    expect(Object.hasOwn(found, keys(row)), keys(row)).toBe(false);
    found[keys(row)] = [Number(row.flat), Number(row.cum)];
  }
  const shown = Object.entries(expected).filter(([key, [flat, cum]]) => found[key] || flat || cum);
  expect(found).toEqual(Object.assign(Object.create(null), Object.fromEntries(shown)));
  const names = rows.map(({ name }) => name);
  expect([...names].sort()).toEqual([...new Set(names)].sort());
}

const keyOfRow = (row: TopRow) =>
  JSON.stringify([
    row.function ?? row.name,
    row.file ?? "",
    Number(row.line ?? 0),
    Number(row.column ?? 0),
  ]);

describe("rows of random scripts equal an independent tally", () => {
  it.each(["functions", "filefunctions"] as const)("with -%s", (granularity) => {
    fc.assert(
      fc.property(profiles, (drawn) =>
        check(
          drawn,
          granularity,
          keyOfRow,
          tally(drawn, (fn) => JSON.stringify(definitionOf(fn))),
        ),
      ),
      { numRuns: 300 },
    );
  });

  it("with -lines", () => {
    fc.assert(
      fc.property(profiles, (drawn) =>
        check(
          drawn,
          "lines",
          ({ function: name, file = "", line = 0, startLine = 0, startColumn = 0, ...row }) =>
            JSON.stringify([
              [name ?? row.name, file, Number(startLine), Number(startColumn)],
              Number(line),
            ]),
          tally(drawn, (fn, line) => JSON.stringify([definitionOf(fn), line])),
        ),
      ),
      { numRuns: 300 },
    );
  });

  it("with -files", () => {
    fc.assert(
      fc.property(profiles, (drawn) =>
        check(
          drawn,
          "files",
          ({ file = "" }) => file,
          tally(drawn, ({ filename = "" }) => filename),
        ),
      ),
      { numRuns: 300 },
    );
  });
});
