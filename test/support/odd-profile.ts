import { encodeWithProtobufjs } from "./proto.js";

const TEXTS = [
  "",
  "cpu",
  "nanoseconds",
  "k",
  "two words",
  "b",
  "bytes",
  "", // A second empty string: an index that is not 0.
  "k", // The same key under another index.
  "main",
  "_Zmain",
  "a.c",
  "/bin/app",
  "id",
  "é𘲀",
  "# for machines",
  "https://example.com/doc",
  "inuse",
  "count",
];
const at = (text: string) => TEXTS.indexOf(text);
const EMPTY = 7;
const SECOND_K = 8;

/**
 * A profile with rare contents: the largest numbers, 64-bit ids, repeated strings, several values
 * of a label, units on only some labels, and locations without any details.
 */
export const oddProfile: Uint8Array = encodeWithProtobufjs({
  string_table: TEXTS,
  sample_type: [
    { type: at("inuse"), unit: at("count") },
    { type: at("cpu"), unit: at("nanoseconds") },
  ],
  sample: [
    {
      location_id: ["18446744073709551615", 7, 1, 1],
      value: ["-9223372036854775808", "9223372036854775807"],
      label: [
        { key: at("k"), str: at("two words") },
        { key: SECOND_K, str: at("b") },
        { key: at("k"), str: EMPTY },
        { key: at("é𘲀"), str: at("é𘲀") },
        { key: at("b"), num: 7 },
        { key: at("b"), num: "-9223372036854775808", num_unit: at("bytes") },
        { key: at("b"), num: 0, num_unit: EMPTY },
        { key: at("id"), num: 12 },
        { key: at("id"), num: 0 },
        { key: at("id"), num: 13 },
      ],
    },
    { location_id: [], value: [0, 12345678901], label: [{ key: at("k"), num: 5 }] },
    { location_id: [7], value: [3, 1_500_000_000] },
  ],
  mapping: [
    {
      id: "9007199254740993",
      memory_start: 4096,
      memory_limit: "18446744073709551615",
      file_offset: 17,
      filename: at("/bin/app"),
      build_id: at("id"),
      has_functions: true,
      has_line_numbers: true,
    },
    { id: 2 },
  ],
  location: [
    { id: 7, mapping_id: "9007199254740993", address: "18446744073709551615", is_folded: true },
    {
      id: "18446744073709551615",
      mapping_id: 2,
      line: [
        { function_id: 5, line: "-9223372036854775808", column: "9223372036854775807" },
        { function_id: 6, line: 3 },
      ],
    },
    { id: 1, mapping_id: 99, line: [{ function_id: 6 }] },
  ],
  function: [
    { id: 5, name: at("main"), system_name: at("_Zmain"), filename: at("a.c"), start_line: -1 },
    { id: 6, name: at("é𘲀"), system_name: at("é𘲀") },
  ],
  time_nanos: "1763924897000000120",
  duration_nanos: 61_500_000_000,
  period_type: { type: at("cpu"), unit: at("nanoseconds") },
  period: "10000000",
  comment: [at("# for machines"), at("two words")],
  default_sample_type: at("inuse"),
  doc_url: at("https://example.com/doc"),
});
