import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gunzipWithPako } from "../../src/formats/gunzip-pako.js";
import { type Gunzip, readProfile } from "../../src/formats/read.js";
import { gunzip } from "../../src/platform/files/gunzip.js";
import { ProfileError } from "../../src/profile/errors.js";
import type { Profile } from "../../src/profile/profile.js";
import { toPlain } from "../support/plain.js";
import { encodeWithProtobufjs, ROOT } from "../support/proto.js";

const LIMIT = 1 << 26;

/** Letters without repetitions. */
const noise = (i: number) => createHash("sha256").update(`${i}`).digest("base64");

/** More than a megabyte even when compressed, so that zlib uses pieces. */
const large = encodeWithProtobufjs({
  string_table: ["", "samples", "count", ...Array.from({ length: 40_000 }, (_, i) => noise(i))],
  sample_type: [{ type: 1, unit: 2 }],
  sample: Array.from({ length: 50_000 }, (_, i) => ({
    location_id: [1, 1],
    value: [Math.imul(i, 2654435761) >>> 0],
  })),
  location: [{ id: 1 }],
});

const smallMessage = {
  string_table: ["", "samples", "count"],
  sample_type: [{ type: 1, unit: 2 }],
  sample: [{ location_id: [300], value: [5], label: [{ key: 1, str: 2 }] }],
  location: [{ id: 300, address: 77 }],
};
const small = encodeWithProtobufjs(smallMessage);

const engines: [string, Gunzip][] = [
  ["zlib", gunzip],
  ["pako", gunzipWithPako],
];

/** Compares without the matcher unless profiles differ: it takes seconds for large ones. */
function expectSame(profile: Profile, expected: Profile): void {
  const [actual, wanted] = [toPlain(profile), toPlain(expected)];
  if (!isDeepStrictEqual(actual, wanted)) expect(actual).toEqual(wanted);
}

/** One field that nobody knows, of 200 MB, compressed. */
const BOMB = gzipSync(
  Buffer.concat([Buffer.of(0x9a, 0x06, 0x80, 0x80, 0x80, 0x64), Buffer.alloc(200 << 20)]),
  { level: 9 },
);

async function errorOf(read: Promise<Profile>): Promise<string> {
  const error: unknown = await read.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ProfileError);
  const { message } = error as ProfileError;
  expect(message).not.toContain("\n");
  return message;
}

describe.each(engines)("reading a profile with %s", (_, engine) => {
  const read = (bytes: Uint8Array, limit = LIMIT) => readProfile(bytes, engine, limit);

  it("gives the same result for compressed input", async () => {
    for (const bytes of [small, large]) {
      expectSame(await read(gzipSync(bytes)), await read(bytes));
    }
  });

  it("is tested with small input for one call of zlib, and with large input for a stream", () => {
    expect(gzipSync(small).length).toBeLessThan(1 << 20);
    expect(gzipSync(large).length).toBeGreaterThan(1 << 20);
  });

  it("joins several gzip members", async () => {
    for (const bytes of [small, large]) {
      const cut = Math.floor(bytes.length / 3);
      const members = [bytes.subarray(0, cut), bytes.subarray(cut)].map((part) => gzipSync(part));
      expectSame(await read(Buffer.concat(members)), await read(bytes));
    }
  });

  it("refuses gzip data that ends early or is damaged", async () => {
    for (const bytes of [small, large]) {
      const packed = gzipSync(bytes);
      expect(await errorOf(read(packed.subarray(0, packed.length - 9)))).toMatch(/damaged gzip/);
      const broken = Uint8Array.from(packed);
      broken[packed.length >> 1] ^= 0x55;
      broken[(packed.length >> 1) + 1] ^= 0xaa;
      expect(await errorOf(read(broken))).toMatch(/damaged gzip|malformed/);
    }
  });

  it("stops at the limit, whatever the gzip trailer claims", async () => {
    expect(BOMB.length).toBeLessThan(1 << 20);
    const before = process.memoryUsage().rss;
    expect(await errorOf(read(BOMB, 1 << 20))).toMatch(/more than 1 MB.*-max_size/);
    const lying = gzipSync(large);
    lying.fill(0xff, lying.length - 4);
    expect(await errorOf(read(lying, 1 << 20))).toMatch(/more than 1 MB|damaged/);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 << 20);
  });

  it("counts the memory of tables, which may exceed the input by far", async () => {
    // A label of 4 bytes makes a row of 20.
    const labels = new Array(250_000).fill({ num: 1 });
    const sample = [{ location_id: [300], value: [5], label: labels }];
    const bytes = encodeWithProtobufjs({ ...smallMessage, sample });
    expect(bytes.length).toBeLessThan(1 << 20);
    expect(await errorOf(read(bytes, 1 << 22))).toMatch(/more than 4 MB.*-max_size/);
    expect((await read(bytes, 1 << 24)).labels.length).toBe(250_000);
  });

  it("distinguishes text from profile.proto by its first bytes, in pieces of any size", async () => {
    const text = Buffer.from("heap profile: 1: 1 [1: 1] @ growth\n1: 1 [1: 1] @ 0x5\n");
    for (const bytes of [text, small]) {
      const members = Array.from(bytes, (byte) => gzipSync(Buffer.of(byte)));
      const plain = toPlain(await read(bytes));
      expect(toPlain(await read(Buffer.concat(members)))).toEqual(plain);
      expect(plain.sample).toHaveLength(1);
    }
  });

  it("refuses text and empty input", async () => {
    const unknown = "unrecognized profile format: this looks like text";
    const program = "package main\n\nfunc main() {}\n";
    for (const text of [program, program.repeat(100), "# größer\n", "x"]) {
      expect(await errorOf(read(Buffer.from(text)))).toBe(unknown);
      expect(await errorOf(read(gzipSync(text)))).toBe(unknown);
    }
    expect(await errorOf(read(new Uint8Array(0)))).toBe("empty input file");
    expect(await errorOf(read(gzipSync(Buffer.alloc(0))))).toBe("empty input file");
  });
});

describe("a small input that needs much memory", () => {
  // An unknown field of 40 MB.
  const header = Buffer.of(0x9a, 0x06, 0x80, 0x80, 0x80, 0x14);
  const bomb = gzipSync(Buffer.concat([small, header, Buffer.alloc(40 << 20)]), { level: 9 });

  it("is refused, unless -max_size exceeds its default", async () => {
    expect(bomb.length).toBeLessThan(1 << 16);
    const message = await errorOf(readProfile(bomb, gunzip, 2 ** 31));
    expect(message).toMatch(
      /needs more than \d+ MB, too much for an input of \d+ kB.*-max_size=4gb/,
    );
    const profile = await readProfile(bomb, gunzip, 2 ** 32);
    expect(profile.samples.length).toBe(1);
  });

  it("is read if only its beginning is passed", async () => {
    const head = bomb.subarray(0, 100);
    const all: Gunzip = (_, limit, sink) => gunzip(bomb, limit, sink);
    const profile = await readProfile(head, all, 2 ** 31, Number.POSITIVE_INFINITY);
    expect(profile.samples.length).toBe(1);
    expect(await errorOf(readProfile(head, all, 2 ** 31))).toMatch(/too much for an input of 1 kB/);
  });
});

describe("a damaged profile gives an error of one line or a profile", () => {
  /** Checks that all parts of a profile can be read without an exception. */
  async function surviveReading(bytes: Uint8Array): Promise<void> {
    try {
      toPlain(await readProfile(bytes, gunzip, LIMIT));
    } catch (error) {
      // By hand: a matcher for each of thousands of errors would take most of the time.
      const isRight = error instanceof ProfileError && !error.message.includes("\n");
      if (!isRight) throw new Error("not an error of one line about a profile", { cause: error });
    }
  }

  const fixture = readFileSync(path.join(ROOT, "fixtures/go-mutex.pb.gz"));

  it("if cut off at any point", async () => {
    for (let end = 0; end < small.length; end++) await surviveReading(small.subarray(0, end));
    for (let end = 0; end < fixture.length; end++) await surviveReading(fixture.subarray(0, end));
  });

  it("for every value of every byte of a small profile", async () => {
    for (let at = 0; at < small.length; at++) {
      for (let value = 0; value < 256; value++) {
        const broken = Uint8Array.from(small);
        broken[at] = value;
        await surviveReading(broken);
      }
    }
  });

  it("if any byte of a real profile is inverted", async () => {
    const { gunzipSync } = await import("node:zlib");
    const inflated = gunzipSync(fixture);
    for (let at = 0; at < inflated.length; at++) {
      const broken = Uint8Array.from(inflated);
      broken[at] ^= 0xff;
      await surviveReading(broken);
    }
  });

  it("for random bytes", async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), surviveReading), {
      numRuns: 2000,
    });
  });
});
