import fc from "fast-check";
import { encodeWithProtobufjs } from "./proto.js";

const STRINGS = [
  "",
  "samples",
  "count",
  "cpu",
  "nanoseconds",
  "a",
  "b",
  "c.d",
  "d::e(int)",
  "e<int>",
  "x/one.go",
  "/y/../two.go",
  "k",
  "x",
  "y",
  "bytes",
  "/usr/lib/lib.so",
  "main",
];
const index = (text: string) => STRINGS.indexOf(text);
const oneOf = (...texts: string[]) => fc.constantFrom(...texts.map(index));

const positiveValue = fc.oneof(
  fc.integer({ min: 0, max: 20 }),
  fc.integer({ min: 0, max: 2_000_000_000 }),
);

const value = fc.oneof(
  { weight: 2, arbitrary: positiveValue },
  fc.integer({ min: -3, max: 20 }),
  fc.constantFrom("9007199254740993", "-4611686018427387904"),
);

/**
 * Profiles in which difficult cases are common: recursion, inlining, locations without symbols,
 * labels, and zero, negative and huge values. No stack is empty, and no two samples have the same
 * stack and labels: the pprof of 2022 drops empty stacks if there is a filter, and adds equal
 * samples before it takes absolute values. A current pprof does neither.
 */
export const profileWithStacks = profilesWithStacks(value);

/**
 * The same without values that pprof rounds (it converts them to doubles), and without negative
 * values: pprof does not define the order of calls of +n and -n.
 */
export const profileWithPositiveValues = profilesWithStacks(positiveValue);

function profilesWithStacks(values: fc.Arbitrary<number | string>): fc.Arbitrary<Uint8Array> {
  return fc
    .record({
      sample: fc.uniqueArray(
        fc.record({
          location_id: fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 10 }),
          value: fc.tuple(values, values),
          label: fc.array(
            fc.oneof(
              fc.record({ key: oneOf("k"), str: oneOf("x", "y") }),
              fc.record({
                key: oneOf("bytes"),
                num: fc.integer({ min: 1, max: 5000 }),
                num_unit: oneOf("", "bytes"),
              }),
            ),
            { maxLength: 2 },
          ),
        }),
        {
          maxLength: 12,
          selector: ({ location_id, label }) =>
            JSON.stringify([location_id, label.map((one) => JSON.stringify(one)).sort()]),
        },
      ),
      lines: fc.array(
        fc.array(
          fc.record({
            function_id: fc.integer({ min: 1, max: 6 }),
            line: fc.integer({ min: 0, max: 3 }),
          }),
          { maxLength: 3 },
        ),
        { minLength: 8, maxLength: 8 },
      ),
      mappings: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 8, maxLength: 8 }),
      duration_nanos: fc.constantFrom(0, 30_000_000_000),
    })
    .map(({ sample, lines, mappings, duration_nanos }) =>
      encodeWithProtobufjs({
        string_table: STRINGS,
        sample_type: [
          { type: index("samples"), unit: index("count") },
          { type: index("cpu"), unit: index("nanoseconds") },
        ],
        sample,
        mapping: [
          { id: 1, filename: index("main"), has_functions: true },
          { id: 2, filename: index("/usr/lib/lib.so"), has_functions: true },
        ],
        location: lines.map((line, i) => ({
          id: i + 1,
          address: 0x1000 + i * 16,
          mapping_id: mappings[i],
          line,
        })),
        function: ["a", "b", "c.d", "d::e(int)", "e<int>", "main"].map((name, i) => ({
          id: i + 1,
          name: index(name),
          system_name: index(name),
          filename: index(i % 2 === 0 ? "x/one.go" : "/y/../two.go"),
          start_line: 1,
        })),
        duration_nanos,
      }),
    );
}
