import { describe, expect, it } from "vitest";
import type { BinaryError } from "../../../src/symbolize/binaries/binary-error.js";
import { ElfType, type Segment } from "../../../src/symbolize/binaries/elf.js";
import { baseOf } from "../../../src/symbolize/binaries/elf-base.js";

function segmentOf(offset: bigint, address: bigint): Segment {
  const sizes = { fileSize: 0x1000n, memorySize: 0x1000n, align: 0x1000n };
  return { type: 1, isExecutable: true, offset, address, ...sizes };
}

/** The base of a mapping of a file with one segment; `value` is that of the kernel's symbol. */
function base(
  type: keyof typeof ElfType,
  segment: Segment | undefined,
  [start, limit, offset]: [bigint, bigint, bigint],
  value?: bigint,
): string {
  const range = { start, limit, offset, kernelSymbol: "" };
  try {
    return `0x${baseOf(ElfType[type], segment, value, range).toString(16)}`;
  } catch (error) {
    return (error as BinaryError).name;
  }
}

describe("the base of a mapping", () => {
  it("is the address of the loaded file minus its link address", () => {
    const low = segmentOf(0n, 0x400000n);
    expect(base("executable", low, [0x400000n, 0x500000n, 0n])).toBe("0x0");
    expect(base("executable", undefined, [0x400000n, 0x500000n, 0n])).toBe("0x0");
    const code = segmentOf(0x1000n, 0x2000n);
    expect(base("shared", code, [0x7f0000001000n, 0x7f0000002000n, 0x1000n])).toBe(
      "0x7efffffff000",
    );
    expect(base("shared", undefined, [0x7f0000001000n, 0x7f0000002000n, 0x1000n])).toBe(
      "0x7f0000000000",
    );
    expect(base("relocatable", undefined, [0x5000n, 0x6000n, 0n])).toBe("0x5000");
    expect(base("relocatable", undefined, [0x5000n, 0x6000n, 8n])).toBe("BinaryError");
  });

  it("is nothing for a mapping of everything", () => {
    const segment = segmentOf(0n, 0x400000n);
    expect(base("shared", segment, [0n, 2n ** 64n - 1n, 0n])).toBe("0x0");
    expect(base("shared", segment, [0n, 0n, 0n])).toBe("0x0");
  });

  it("is found by a symbol for kernels, which have layouts of their own", () => {
    // What Linux and ChromeOS are known to do, from the comments in pprof's elfexec.
    const kernel = segmentOf(0x200000n, 0xffffffff80200000n);
    const stext = 0xffffffff80200198n;
    expect(base("executable", kernel, [0xffffffff83200000n, 0xffffffff84200000n, 0n], stext)).toBe(
      "0x3000000",
    );
    expect(base("executable", kernel, [0xffffffff83200198n, 0xffffffff84200000n, 0n], stext)).toBe(
      "0x3000000",
    );
    expect(base("executable", kernel, [0n, 0x1000n, 0n], stext)).toBe("0x7fdffe68");
    expect(base("executable", kernel, [0x198n, 0x2f9fffffn, 0n], stext)).toBe("0x7fe00000");
    expect(base("executable", kernel, [0n, 0x1000n, 0n])).toBe("0x7fe00000");
    expect(base("executable", kernel, [0x2198n, 0x3000n, 0n], 0x3000n)).toBe("BinaryError");
  });
});
