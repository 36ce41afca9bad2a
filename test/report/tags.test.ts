import { describe, expect, it } from "vitest";
import type { Options } from "../../src/options/table.js";
import { tags } from "../../src/report/tags.js";
import { inputFor } from "../support/report-input.js";
import type { ProfileParts } from "../support/text-profile.js";

/** Returns each tag as its key and total, followed by its values. */
function tagsOf(text: string, options: Partial<Options> = {}, profile: ProfileParts = {}) {
  const report = tags(inputFor("tags", text, { options, profile }));
  return report.tags.map(({ key, total, values }) =>
    [`${key} ${total}`, ...values.map(({ name, value }) => `${name} ${value}`)].join(", "),
  );
}

describe("tags", () => {
  it("are sorted by key, and values by size, then by name", () => {
    const text = `
      a 1 {z=b k=x}
      a 5 {z=a k=y}
      - 1 {z=c}
    `;
    expect(tagsOf(text)).toEqual(["k 6, y 5, x 1", "z 7, a 5, b 1, c 1"]);
  });

  it("sort negative values by their size", () => {
    expect(tagsOf("a 2 {k=x}\na -9 {k=y}\na 3 {k=z}")).toEqual(["k -4, y -9, z 3, x 2"]);
  });

  it("count a sample once for each of its values", () => {
    expect(tagsOf("a 3 {k=x k=y k=x}")).toEqual(["k 9, x 6, y 3"]);
  });

  it("format numbers in the unit of the report and merge equal ones", () => {
    const text = `
      a 1 {size:1024bytes}
      a 2 {size:1030bytes n:7}
      a 4 {size=1kB}
    `;
    expect(tagsOf(text, { unit: "kb" })).toEqual(["n 2, 7kb 2", "size 7, 1kB 5, 1.01kB 2"]);
    expect(tagsOf(text, { unit: "b" })).toEqual(["n 2, 7b 2", "size 7, 1kB 4, 1030B 2, 1024B 1"]);
  });

  it("include the range of merged numbers", () => {
    const text = "a 1 {size:1030bytes}\na 2 {size:1027bytes size=1kB}\na 4 {size:9bytes}";
    const report = tags(inputFor("tags", text, { options: { unit: "kb" } }));
    expect(report.tags[0].values.map(({ name, numbers }) => [name, numbers])).toEqual([
      ["0.01kB", { least: 9, greatest: 9, unit: "bytes" }],
      ["1kB", { least: 1027, greatest: 1027, unit: "bytes" }],
      ["1.01kB", { least: 1030, greatest: 1030, unit: "bytes" }],
    ]);
    const coarse = tags(inputFor("tags", text, { options: { unit: "mb" } }));
    expect(coarse.tags[0].values.find(({ numbers }) => numbers?.greatest === 1030)).toEqual({
      name: "0",
      value: 7,
      numbers: { least: 9, greatest: 1030, unit: "bytes" },
    });
  });

  it("cover the remaining samples without hidden labels", () => {
    const text = "a 1 {k=x z=p}\nb 2 {k=y z=q}";
    expect(tagsOf(text, { focus: "a" })).toEqual(["k 1, x 1", "z 1, p 1"]);
    expect(tagsOf(text, { taghide: "z" })).toEqual(["k 3, y 2, x 1"]);
  });

  it("are merged if a producer repeats strings", () => {
    const text = "a 1 {k=x n:5bytes}\na 2 {k=x n:5bytes}";
    expect(tagsOf(text, {}, { repeatStrings: true })).toEqual(["k 3, x 3", "n 3, 5B 3"]);
  });

  it("wrap around like Go's int64", () => {
    expect(tagsOf("a 9223372036854775807 {k=x}\na 1 {k=x}")).toEqual([
      "k -9223372036854775808, x -9223372036854775808",
    ]);
  });
});
