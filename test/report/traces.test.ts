import { describe, expect, it } from "vitest";
import type { Options } from "../../src/options/table.js";
import { traces } from "../../src/report/traces.js";
import { inputFor } from "../support/report-input.js";
import type { ProfileParts } from "../support/text-profile.js";

/** Returns each trace as its value and its stack, leaf first. */
function tracesOf(text: string, options: Partial<Options> = {}, profile: ProfileParts = {}) {
  const report = traces(inputFor("traces", text, { options, profile }));
  return Array.from(report.traces(), ({ value, frames }) => {
    const names = frames.map(({ name, inlined }) => (inlined ? `${name}>` : name));
    return `${value} ${names.join(" ")}`;
  });
}

describe("traces", () => {
  it("mark inlined calls, and omit samples without a stack", () => {
    const text = "main>mid>leaf;a 5\n- 3\n#40;a 0";
    expect(tracesOf(text)).toEqual(["5 a leaf> mid> main", "0 a <unknown>"]);
    expect(tracesOf(text, { noinlines: true })).toEqual(["5 a main", "0 a <unknown>"]);
  });

  it("do not trim the paths of files", () => {
    const text = "a@/build/x/one.go:3;b@/proc/self/cwd/two.go:4 1";
    const options = { granularity: "lines", trim_path: "/build", source_path: "/src/x" } as const;
    expect(tracesOf(text, options)).toEqual(["1 b /proc/self/cwd/two.go:4 a /build/x/one.go:3"]);
  });

  it("divide by the count for means, but not by 0", () => {
    const types = ["contentions/count", "delay/nanoseconds"];
    expect(tracesOf("a 3 -10\nb 0 7", { mean: true }, { types })).toEqual(["-3 a", "7 b"]);
  });

  it("format numbers in the unit of their key", () => {
    const [trace] = traces(inputFor("traces", "a 1 {size:2048bytes size:1 n:7 k=x k=y}")).traces();
    expect(trace.texts).toEqual([{ key: "k", values: ["x", "y"] }]);
    expect(trace.numbers).toEqual([
      { key: "size", values: ["2kB", "1B"], numbers: [2048, 1], unit: "bytes" },
      { key: "n", values: ["7"], numbers: [7], unit: "n" },
    ]);
  });
});
