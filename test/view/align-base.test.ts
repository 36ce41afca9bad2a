import { describe, expect, it } from "vitest";
import { v8Cpu } from "../../src/formats/v8/cpu.js";
import { Budget } from "../../src/profile/budget.js";
import { encodeUtf8 } from "../../src/profile/utf8.js";
import { top } from "../../src/report/top.js";
import { compareProfiles } from "../../src/transforms/compare.js";
import { alignBase } from "../../src/view/align-base.js";
import { inputFor } from "../support/report-input.js";

/** A V8 profile with one sample in each function; lines and columns count from 0. */
function profile(functions: readonly [name: string, url: string, line: number, micros: number][]) {
  const frame = (functionName: string, url: string, lineNumber: number) => ({
    functionName,
    scriptId: "1",
    url,
    lineNumber,
    columnNumber: 4,
  });
  const nodes = functions.map(([name, url, line], i) => ({
    id: i + 2,
    callFrame: frame(name, url, line),
    hitCount: 1,
  }));
  const json = {
    nodes: [
      { id: 1, callFrame: frame("(root)", "", -1), children: nodes.map(({ id }) => id) },
      ...nodes,
    ],
    startTime: 0,
    endTime: functions.reduce((sum, [, , , micros]) => sum + micros, 0),
    samples: nodes.map(({ id }) => id),
    timeDeltas: [0, ...functions.map(([, , , micros]) => micros)].slice(0, nodes.length),
  };
  return v8Cpu.read(encodeUtf8(JSON.stringify(json)), new Budget(), () => {});
}

describe("a base profile", () => {
  it("has its functions where the other profile has them", () => {
    const base = profile([
      ["run", "file:///v1/a.js", 9, 100],
      ["run", "file:///v1/b.js", 9, 100],
      ["", "file:///v1/a.js", 20, 100],
    ]);
    const next = profile([
      ["run", "file:///v2/a.js", 11, 100],
      ["run", "file:///v2/b.js", 9, 100],
      ["", "file:///v2/a.js", 22, 150],
    ]);
    const how = { marksBase: true, normalizes: false };
    const compared = compareProfiles(next, alignBase(base, next), how, 1 << 28);
    const options = { drop_negative: false, sample_index: "wall" };
    const rows = top(inputFor("top", compared, { options })).rows;
    expect(rows.map(({ name, flat }) => [name, Number(flat)])).toEqual([
      ["(anonymous) a.js:23:5", 50_000],
    ]);
  });
});
