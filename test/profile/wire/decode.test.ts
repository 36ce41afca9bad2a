import fc from "fast-check";
import protobuf from "protobufjs";
import { describe, expect, it } from "vitest";
import { ProfileError } from "../../../src/profile/errors.js";
import { decodeProfile, ProfileDecoder } from "../../../src/profile/wire/decode.js";
import { encodeProfile } from "../../../src/profile/wire/encode.js";
import { profileMessage } from "../../support/arbitrary.js";
import { toPlain } from "../../support/plain.js";
import {
  decodeWithProtobufjs,
  encodeWithProtobufjs,
  type PlainMessage,
} from "../../support/proto.js";

/** Returns a small valid message with a test's changes. */
function message(changes: PlainMessage = {}): PlainMessage {
  return {
    string_table: ["", "cpu", "nanoseconds", "main", "main.go"],
    sample_type: [{ type: 1, unit: 2 }],
    sample: [{ location_id: [1], value: [10] }],
    location: [{ id: 1, line: [{ function_id: 1, line: 5 }] }],
    function: [{ id: 1, name: 3, system_name: 3, filename: 4 }],
    ...changes,
  };
}

const decodeMessage = (changes?: PlainMessage) =>
  decodeProfile(encodeWithProtobufjs(message(changes)));

/** Encodes fields by hand that protobufjs does not write. */
function write(fill: (writer: protobuf.Writer) => void): Uint8Array {
  const writer = protobuf.Writer.create();
  fill(writer);
  return writer.finish();
}

const BYTES = 2;
const tag = (field: number, wireType: number) => (field << 3) | wireType;
const withExtra = (extra: Uint8Array) =>
  Uint8Array.from([...encodeWithProtobufjs(message()), ...extra]);

/** Removes labels without text, number and unit, which do not count. */
function withoutBareKeys(message: PlainMessage): PlainMessage {
  const samples = message.sample as { label: Record<string, string>[] }[];
  const isLabel = ({ str, num, num_unit }: Record<string, string>) =>
    [str, num, num_unit].some((value) => value !== "0");
  return {
    ...message,
    sample: samples.map((sample) => ({ ...sample, label: sample.label.filter(isLabel) })),
  };
}

describe("decoding agrees with protobufjs", () => {
  it("on every field of any valid message", () => {
    fc.assert(
      fc.property(profileMessage, (plain) => {
        const bytes = encodeWithProtobufjs(plain);
        expect(toPlain(decodeProfile(bytes))).toEqual(withoutBareKeys(decodeWithProtobufjs(bytes)));
      }),
      { numRuns: 300 },
    );
  });

  it("on our own encoding, so that encoding and decoding are inverse", () => {
    fc.assert(
      fc.property(profileMessage, (plain) => {
        const profile = decodeProfile(encodeWithProtobufjs(plain));
        const again = encodeProfile(profile);
        expect(decodeWithProtobufjs(again)).toEqual(toPlain(profile));
        expect(toPlain(decodeProfile(again))).toEqual(toPlain(profile));
        expect(encodeProfile(decodeProfile(again))).toEqual(again);
      }),
      { numRuns: 300 },
    );
  });

  it("for any division of the input into pieces", () => {
    fc.assert(
      fc.property(profileMessage, fc.array(fc.nat(3000), { maxLength: 6 }), (plain, cuts) => {
        // A long string first, so that decoding starts before the end.
        const bytes = Uint8Array.from([
          ...write((out) => out.uint32(tag(99, BYTES)).bytes(new Uint8Array(70_000))),
          ...encodeWithProtobufjs(plain),
        ]);
        const decoder = new ProfileDecoder();
        const places = cuts
          .map((cut) => Math.min(bytes.length, 69_000 + cut))
          .sort((a, b) => a - b);
        let start = 0;
        for (const end of [...places, bytes.length]) {
          decoder.push(bytes.subarray(start, end));
          start = end;
        }
        expect(toPlain(decoder.finish())).toEqual(toPlain(decodeProfile(bytes)));
      }),
      { numRuns: 100 },
    );
  });
});

describe("the wire format", () => {
  it("allows repeated numbers, packed or not", () => {
    const sample = write((out) => {
      out.uint32(tag(1, 0)).uint32(1).uint32(tag(1, 0)).uint32(1).uint32(tag(2, 0)).uint32(77);
    });
    const bytes = withExtra(write((out) => out.uint32(tag(2, BYTES)).bytes(sample)));
    const { samples } = decodeProfile(bytes);
    expect([...samples.stackOffsets]).toEqual([0, 1, 3]);
    expect([...samples.values[0]]).toEqual([10, 77]);
  });

  it("allows unknown fields and groups", () => {
    const unknown = write((out) => {
      out.uint32(tag(50, 0)).uint32(1);
      out.uint32(tag(51, 1)).fixed64(5);
      out.uint32(tag(52, 5)).fixed32(5);
      out.uint32(tag(53, BYTES)).string("text");
      out.uint32(tag(54, 3)).uint32(tag(1, 3)).uint32(tag(2, 0)).uint32(9);
      out.uint32(tag(1, 4)).uint32(tag(54, 4));
    });
    expect(toPlain(decodeProfile(withExtra(unknown)))).toEqual(toPlain(decodeMessage()));
  });

  it("keeps 64-bit numbers exact", () => {
    const profile = decodeMessage({
      sample: [
        { location_id: ["18446744073709551615"], value: ["-9223372036854775808"] },
        { location_id: ["18446744073709551615"], value: ["9007199254740993"] },
      ],
      location: [
        { id: "18446744073709551615", address: "18446744073709551614", line: [{ function_id: 1 }] },
      ],
    });
    expect([...profile.samples.values[0]]).toEqual([-(2n ** 63n), 2n ** 53n + 1n]);
    expect(profile.locations.address.lo[0]).toBe(0xfffffffe);
    expect(profile.locations.address.hi[0]).toBe(0xffffffff);
  });

  it("keeps bytes that are not UTF-8", () => {
    const bytes = withExtra(
      write((out) => out.uint32(tag(6, BYTES)).bytes(Uint8Array.of(0x61, 0xff, 0xc3, 0x28))),
    );
    const again = encodeProfile(decodeProfile(bytes));
    expect(Buffer.from(again).includes(Buffer.of(0x61, 0xff, 0xc3, 0x28))).toBe(true);
  });
});

describe("a broken profile", () => {
  const error = (bytes: Uint8Array) => {
    try {
      decodeProfile(bytes);
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(ProfileError);
      return (thrown as ProfileError).message;
    }
    return "no error";
  };
  const errorOf = (changes: PlainMessage) => error(encodeWithProtobufjs(message(changes)));

  it.each<[string, PlainMessage, RegExp]>([
    ["with too few values", { sample: [{ value: [] }] }, /sample 0 has no values \(at byte \d+\)/],
    [
      "with too many values",
      { sample: [{ value: [1] }, { value: [1, 2] }] },
      /sample 1 has more values than the 1.*byte/,
    ],
    [
      "with fewer values than sample types",
      { sample_type: [{ type: 1 }, { type: 2 }] },
      /sample 0 has 1 values, but there are 2 sample types/,
    ],
    [
      "with a sample of no values after others",
      { sample: [{ value: [1] }, {}] },
      /sample 1 has no values/,
    ],
    ["with a line of no function", { location: [{ id: 1, line: [{ line: 3 }] }] }, /no function/],
    [
      "with more values than any profile has",
      { sample: [{ value: new Array(1025).fill(1) }] },
      /more than 1024 values/,
    ],
    [
      "with more sample types than any profile has",
      { sample_type: new Array(1025).fill({ type: 1 }) },
      /more than 1024 sample types/,
    ],
    ["without sample types", { sample_type: [] }, /missing sample type/],
    [
      "with a location that does not exist",
      { sample: [{ location_id: [1, 2], value: [1] }] },
      /sample 0: frame 1 is a location that does not exist/,
    ],
    [
      "with a function that does not exist",
      { location: [{ id: 1, line: [{ function_id: 9 }] }] },
      /location 0: line 0 is in a function that does not exist/,
    ],
    ["with id 0", { function: [{ id: 0 }] }, /function 0 has the reserved id 0/],
    [
      "with an id twice",
      { location: [{ id: 1 }, { id: 1 }] },
      /location 1 has the same id as location 0/,
    ],
    [
      "with a string that does not exist",
      { function: [{ id: 1, name: 99 }] },
      /function 0: name is string 99, but the string table has 5/,
    ],
    [
      "with a negative string index",
      { function: [{ id: 1, filename: -1 }] },
      /function 0: filename is string \(out of range\)/,
    ],
    ["with a first string", { string_table: ["x"] }, /string_table\[0\] must be the empty string/],
    ["without strings", { string_table: [] }, /missing string table/],
    [
      "with a label that has only a key, which does not exist,",
      { sample: [{ value: [1], label: [{ key: 7 }] }] },
      /a label without a value: key is string 7/,
    ],
    [
      "with a label whose key does not exist",
      { sample: [{ value: [1], label: [{ key: 7, num: 1 }] }] },
      /label 0: key is string 7/,
    ],
  ])("%s is refused", (_, changes, expected) => {
    expect(errorOf(changes)).toMatch(expected);
  });

  it("with a length beyond the end is refused, with its position", () => {
    const bytes = withExtra(Uint8Array.of(tag(2, BYTES), 0xff, 0xff, 0xff, 0xff, 0x7f));
    expect(error(bytes)).toMatch(
      /field 2 claims 34359738367 bytes where 0 are left \(at byte \d+\)/,
    );
  });

  it("with a wrong wire type is refused, with the field's name", () => {
    expect(error(withExtra(Uint8Array.of(tag(5, 0), 1)))).toMatch(/function has wire type 0/);
  });

  it("with field number 0 is refused", () => {
    expect(error(withExtra(Uint8Array.of(0, 0)))).toMatch(/field number 0/);
  });

  it("that is two profiles in one is refused", () => {
    const bytes = encodeWithProtobufjs(message({ time_nanos: 5 }));
    expect(error(Uint8Array.from([...bytes, ...bytes]))).toMatch(/concatenated profiles/);
  });

  it("that is empty is refused", () => {
    expect(error(new Uint8Array(0))).toBe("empty input file");
  });
});
