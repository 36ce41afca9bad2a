import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Int64, int64 } from "../../src/units/int64.js";
import { percentage } from "../../src/units/percentage.js";
import { scale, scaledLabel } from "../../src/units/scale.js";

interface Table {
  scale: [value: string, from: string, to: string, scaled: string, unit: string, label: string][];
  percentage: [value: string, total: string, text: string][];
}

/** What google/pprof answers; measurement.go.txt tells how it was made. */
const TABLE = JSON.parse(
  readFileSync(new URL("./measurement-table.json", import.meta.url), "utf8"),
) as Table;

const exact = (text: string): Int64 => int64(BigInt(text));

describe("pprof's own answers", () => {
  it("are there to compare with", () => {
    expect(TABLE.scale.length).toBeGreaterThan(900);
    expect(TABLE.percentage.length).toBeGreaterThan(200);
  });

  it("are scale's", () => {
    for (const [value, from, to, scaled, unit] of TABLE.scale) {
      const ours = scale(exact(value), from, to);
      expect([value, from, to, ours.value, ours.unit]).toEqual([
        value,
        from,
        to,
        Number(scaled),
        unit,
      ]);
    }
  });

  it("are scaledLabel's", () => {
    for (const [value, from, to, , , label] of TABLE.scale) {
      expect([value, from, to, scaledLabel(exact(value), from, to)]).toEqual([
        value,
        from,
        to,
        label,
      ]);
    }
  });

  it("are percentage's", () => {
    for (const [value, total, text] of TABLE.percentage) {
      expect([value, total, percentage(exact(value), exact(total))]).toEqual([value, total, text]);
    }
  });
});

describe("scaledLabel", () => {
  it("chooses the largest unit that leaves at least one", () => {
    expect(scaledLabel(999, "nanoseconds", "auto")).toBe("999ns");
    expect(scaledLabel(1000, "nanoseconds", "auto")).toBe("1us");
    expect(scaledLabel(1_020_000_000, "nanoseconds", "auto")).toBe("1.02s");
    expect(scaledLabel(7_200_000, "milliseconds", "minimum")).toBe("2hrs");
    expect(scaledLabel(1023, "bytes", "auto")).toBe("1023B");
    expect(scaledLabel(1536, "bytes", "auto")).toBe("1.50kB");
  });

  it("keeps to the unit it is told", () => {
    expect(scaledLabel(1_500_000_000, "nanoseconds", "ms")).toBe("1500ms");
    expect(scaledLabel(36, "milliseconds", "seconds")).toBe("0.04s");
  });

  it("knows units in any case, in the plural and by their long names", () => {
    for (const unit of ["ms", "MS", "millisecond", "Milliseconds"]) {
      expect(scaledLabel(2000, unit, "s")).toBe("2s");
    }
    for (const unit of ["kb", "KB", "kbyte", "kilobytes"]) {
      expect(scaledLabel(2048, unit, "MB")).toBe("2MB");
    }
  });

  it("falls back to the kind's default unit where the wanted one is of another kind", () => {
    expect(scaledLabel(1_500_000_000, "nanoseconds", "bytes")).toBe("1.50s");
    expect(scaledLabel(2048, "kb", "wombats")).toBe("2097152B");
  });

  it("leaves values of unknown units alone, and counts without a unit", () => {
    expect(scaledLabel(1234, "count", "auto")).toBe("1234");
    expect(scaledLabel(1234, "wombats", "minimum")).toBe("1234");
    expect(scaledLabel(1234, "wombats", "ms")).toBe("1234ms");
  });

  it("says 0 for nothing, and for what rounds to it from either side", () => {
    expect(scaledLabel(0, "bytes", "auto")).toBe("0");
    expect(scaledLabel(1, "ns", "s")).toBe("0");
    expect(scaledLabel(-1, "ns", "s")).toBe("0");
  });

  it("scales negative values like positive ones", () => {
    expect(scaledLabel(-1536, "bytes", "auto")).toBe("-1.50kB");
  });

  it("survives the smallest int64, which has no positive counterpart", () => {
    // With no unit in which it is at least one, the default of its kind is left.
    expect(scaledLabel(-(2n ** 63n), "bytes", "auto")).toBe("-9223372036854775808B");
    expect(scaledLabel(-(2n ** 63n), "bytes", "PB")).toBe("-8192PB");
  });
});

describe("percentage", () => {
  it("has two decimals from one percent up", () => {
    expect(percentage(12345, 100000)).toBe("12.35%");
    expect(percentage(1, 100)).toBe(" 1.00%");
    expect(percentage(250, 100)).toBe("250.00%");
  });

  it("has two significant digits below", () => {
    expect(percentage(8, 1000)).toBe("  0.8%");
    expect(percentage(47, 100_000_000)).toBe("4.7e-05%");
    expect(percentage(0, 100)).toBe("    0%");
  });

  it("is a plain 100 % close to the whole", () => {
    expect(percentage(9995, 10000)).toBe("  100%");
    expect(percentage(10004, 10000)).toBe("  100%");
    expect(percentage(9994, 10000)).toBe("99.94%");
    expect(percentage(10006, 10000)).toBe("100.06%");
  });

  it("leaves signs out, and makes nothing of a total of nothing", () => {
    expect(percentage(-5, 10)).toBe("50.00%");
    expect(percentage(5, -10)).toBe("50.00%");
    expect(percentage(5, 0)).toBe("    0%");
  });
});
