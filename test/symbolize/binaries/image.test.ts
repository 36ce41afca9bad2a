import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { IMAGE_LIMIT } from "../../../src/profile/image-addresses.js";
import { openBinary } from "../../../src/symbolize/binaries/binary.js";

const folder = mkdtempSync(path.join(tmpdir(), "tsprof-image-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a 64-bit ELF program without sections, whose only segment is loaded at `address`. */
function programAt(address: bigint): string {
  const bytes = Buffer.alloc(64 + 56);
  bytes.write("\x7fELF\x02\x01\x01", "latin1");
  bytes.writeUInt16LE(2, 16);
  bytes.writeUInt16LE(62, 18);
  bytes.writeUInt32LE(1, 20);
  bytes.writeBigUInt64LE(64n, 32);
  bytes.writeUInt16LE(64, 52);
  bytes.writeUInt16LE(56, 54);
  bytes.writeUInt16LE(1, 56);
  bytes.writeUInt32LE(1, 64);
  bytes.writeUInt32LE(5, 68);
  bytes.writeBigUInt64LE(address, 80);
  bytes.writeBigUInt64LE(0x1000n, 96);
  bytes.writeBigUInt64LE(0x1000n, 104);
  bytes.writeBigUInt64LE(0x1000n, 112);
  const file = path.join(folder, `at-${address}`);
  writeFileSync(file, bytes);
  return file;
}

describe("addresses relative to the beginning of a binary", () => {
  const image = { start: 0n, limit: IMAGE_LIMIT, offset: 0n, kernelSymbol: "" };

  it("become addresses in the file", () => {
    for (const address of [0n, 0x400000n]) {
      const base = openBinary(programAt(address), image).baseFor(0x1234n);
      expect(BigInt.asUintN(64, 0x1234n - base)).toBe(address + 0x1234n);
    }
  });

  it("differ from addresses in the file, which other mappings at 0 have", () => {
    const whole = { ...image, limit: IMAGE_LIMIT + 1n };
    expect(openBinary(programAt(0x400000n), whole).baseFor(0x401234n)).toBe(0n);
  });
});
