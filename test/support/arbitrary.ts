import fc from "fast-check";
import type { PlainMessage } from "./proto.js";

const int64 = fc
  .oneof(fc.integer({ min: -5, max: 300 }), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }))
  .map(String);

const uint64 = fc
  .oneof(fc.integer({ min: 0, max: 300 }), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }))
  .map(String);

/** Unique ids above 0 in any order: small ones, and ids of more than 31, 32 and 53 bits. */
const ids = (count: number) =>
  fc
    .uniqueArray(
      fc.oneof(
        fc.integer({ min: 1, max: 2 * count + 2 }).map(BigInt),
        fc.bigInt({ min: 2n ** 31n - 2n, max: 2n ** 32n + 2n }),
        fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }),
      ),
      { minLength: count, maxLength: count },
    )
    .map((list) => list.map(String));

/** Valid Profile messages in protobufjs's form, with values in every field. */
export const profileMessage: fc.Arbitrary<PlainMessage> = fc
  .record({
    texts: fc.array(fc.oneof(fc.string(), fc.string({ unit: "grapheme" })), { maxLength: 8 }),
    types: fc.integer({ min: 1, max: 4 }),
    mappings: fc.integer({ min: 0, max: 3 }).chain(ids),
    functions: fc.integer({ min: 0, max: 5 }).chain(ids),
    locations: fc.integer({ min: 0, max: 6 }).chain(ids),
  })
  .chain(({ texts, types, mappings, functions, locations }) => {
    const string_table = ["", ...texts];
    const string = fc.nat(texts.length).map(String);
    const oneOf = (list: string[], none: string[]) =>
      list.length > 0 ? fc.constantFrom(...list) : fc.constantFrom(...none);
    const valueType = fc.record({ type: string, unit: string });
    const each = <T>(list: string[], row: (id: string) => fc.Arbitrary<T>) =>
      fc.tuple(...list.map(row));
    return fc.record({
      string_table: fc.constant(string_table),
      sample_type: fc.array(valueType, { minLength: types, maxLength: types }),
      sample: fc.array(
        fc.record({
          location_id: fc.array(oneOf(locations, ["0"]), {
            maxLength: locations.length > 0 ? 12 : 0,
          }),
          value: fc.array(int64, { minLength: types, maxLength: types }),
          label: fc.array(fc.record({ key: string, str: string, num: int64, num_unit: string }), {
            maxLength: 3,
          }),
        }),
        { maxLength: 8 },
      ),
      mapping: each(mappings, (id) =>
        fc.record({
          id: fc.constant(id),
          memory_start: uint64,
          memory_limit: uint64,
          file_offset: uint64,
          filename: string,
          build_id: string,
          has_functions: fc.boolean(),
          has_filenames: fc.boolean(),
          has_line_numbers: fc.boolean(),
          has_inline_frames: fc.boolean(),
        }),
      ),
      location: each(locations, (id) =>
        fc.record({
          id: fc.constant(id),
          mapping_id: oneOf(mappings, ["0"]),
          address: uint64,
          line: fc.array(
            fc.record({ function_id: oneOf(functions, ["0"]), line: int64, column: int64 }),
            { maxLength: functions.length > 0 ? 3 : 0 },
          ),
          is_folded: fc.boolean(),
        }),
      ),
      function: each(functions, (id) =>
        fc.record({
          id: fc.constant(id),
          name: string,
          system_name: string,
          filename: string,
          start_line: int64,
        }),
      ),
      drop_frames: string,
      keep_frames: string,
      time_nanos: int64,
      duration_nanos: int64,
      period_type: valueType,
      period: int64,
      comment: fc.array(string, { maxLength: 3 }),
      default_sample_type: string,
      doc_url: string,
    });
  });
