import { describe, expect, it } from "vitest";
import { Budget } from "../../src/profile/budget.js";
import type { LocationIndex } from "../../src/profile/indices.js";
import { MappingFlags } from "../../src/profile/profile.js";
import { ProfileBuilder } from "../../src/profile/profile-builder.js";
import { decodeProfile } from "../../src/profile/wire/decode.js";
import { encodeProfile } from "../../src/profile/wire/encode.js";
import { toPlain } from "../support/plain.js";
import { decodeWithProtobufjs } from "../support/proto.js";

describe("ProfileBuilder", () => {
  it("builds what an independent profile.proto reader reads", () => {
    const builder = new ProfileBuilder([{ type: "cpu", unit: "ns" }]);
    const mapping = builder.addMapping({
      start: 0x400000,
      limit: 2n ** 64n - 1n,
      offset: 2 ** 33,
      file: "/bin/main",
      buildId: "abc",
      flags: MappingFlags.functions | MappingFlags.inlineFrames,
    });
    const main = builder.addFunction({ name: "main", filename: "main.c", startLine: 3 });
    const step = builder.addFunction({ name: "step()", systemName: "_Z4stepv" });
    const inlined = builder.addLocation({
      mapping,
      address: 2 ** 40 + 1,
      lines: [
        { function: step, line: 2n ** 60n, column: 4 },
        { function: main, line: 9 },
      ],
    });
    const bare = builder.addLocation({ folded: true });
    builder.addSample(
      [bare, inlined],
      [-(2n ** 63n)],
      [
        { key: "cpu", text: "ns" },
        { key: "bytes", number: 12, unit: "kb" },
      ],
    );
    builder.addSample([], [1]);
    const profile = builder.finish({
      dropFrames: "main",
      keepFrames: "step",
      timeNanos: 2n ** 60n + 1n,
      durationNanos: 5,
      periodType: { type: "cpu", unit: "ns" },
      period: 10,
      comments: ["one", "ns"],
      defaultSampleType: "cpu",
      docUrl: "https://example.com",
    });

    const message = toPlain(profile);
    const bytes = encodeProfile(profile);
    expect(decodeWithProtobufjs(bytes)).toEqual(message);
    expect(toPlain(decodeProfile(bytes))).toEqual(message);
    const strings = message.string_table as string[];
    expect(strings[0]).toBe("");
    expect(new Set(strings).size).toBe(strings.length);
    expect(message).toMatchObject({
      sample: [
        {
          location_id: ["2", "1"],
          value: ["-9223372036854775808"],
          label: [
            { str: String(strings.indexOf("ns")), num: "0" },
            { str: "0", num: "12", num_unit: String(strings.indexOf("kb")) },
          ],
        },
        { location_id: [], value: ["1"], label: [] },
      ],
      mapping: [
        {
          memory_start: "4194304",
          memory_limit: "18446744073709551615",
          file_offset: "8589934592",
          has_functions: true,
          has_filenames: false,
          has_line_numbers: false,
          has_inline_frames: true,
        },
      ],
      location: [
        {
          mapping_id: "1",
          address: "1099511627777",
          line: [
            { function_id: "2", line: "1152921504606846976", column: "4" },
            { function_id: "1", line: "9", column: "0" },
          ],
        },
        { mapping_id: "0", address: "0", line: [], is_folded: true },
      ],
      function: [
        { name: String(strings.indexOf("main")), system_name: String(strings.indexOf("main")) },
        { system_name: String(strings.indexOf("_Z4stepv")) },
      ],
      time_nanos: "1152921504606846977",
      comment: [String(strings.indexOf("one")), String(strings.indexOf("ns"))],
    });
  });

  it("stops at the limit for every kind of row", () => {
    const add: ((builder: ProfileBuilder, i: number) => void)[] = [
      (builder) => builder.addSample([0, 0, 0, 0] as LocationIndex[], [1]),
      (builder) => builder.addSample([], [1], [{ key: "k", number: 1 }]),
      (builder) => builder.addLocation({}),
      (builder) => builder.addMapping({ start: 1, limit: 2 }),
      (builder, i) => builder.addFunction({ name: `function ${i}` }),
    ];
    for (const row of add) {
      const builder = new ProfileBuilder([{ type: "a", unit: "b" }], new Budget(1 << 20));
      const addMany = () => {
        for (let i = 0; i < 100_000; i++) row(builder, i);
      };
      expect(addMany).toThrow("needs more than 1 MB");
    }
  });

  it("refuses a sample whose number of values differs from the number of types", () => {
    expect(() => new ProfileBuilder([{ type: "a", unit: "" }]).addSample([], [1, 2])).toThrow(
      "2 values for 1 sample types",
    );
  });
});
