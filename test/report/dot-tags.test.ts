import { describe, expect, it } from "vitest";
import type { NumberTag, TextTag } from "../../src/graph/node-tags.js";
import { tagBoxes } from "../../src/report/dot-tags.js";

const sums = (flat: number, cum = flat) => ({ flat, cum, flatDivisor: 0, cumDivisor: 0 });

/**
 * Returns the boxes of a node without callees as lines, and how often the labels of a set were
 * computed.
 */
function boxesOf(texts: readonly TextTag[], numbers: readonly NumberTag[] = []) {
  let asked = 0;
  const { tags, numbers: ranges } = tagBoxes(
    { texts, numbers: new Map([[0, numbers]]) },
    {
      labels: (set) => {
        asked++;
        return [`k:${set}`];
      },
      unit: "bytes",
      callsOthers: false,
    },
  );
  const lines = [
    ...tags.map(({ labels, weight }) => `${labels.join()} ${weight}`),
    ...ranges.map(({ text, weight }) => `${text} ${weight}`),
  ];
  return { lines, asked };
}

describe("boxes of tags", () => {
  it("are the heaviest tags, equal ones by name", () => {
    const values = [3, 9, 5, 9, 1, 5, 5];
    const { lines } = boxesOf(values.map((value, set) => ({ set, ...sums(value) })));
    expect(lines).toEqual(["k:1 9", "k:3 9", "k:2 5", "k:5 5"]);
  });

  it("do not compute names that are not drawn", () => {
    const count = 100_000;
    const texts = Array.from({ length: count }, (_, set) => ({
      set,
      ...sums((set * 7919) % count),
    }));
    const { lines, asked } = boxesOf(texts);
    expect(lines.map((line) => line.split(" ")[1])).toEqual(["99999", "99998", "99997", "99996"]);
    expect(asked).toBeLessThan(20);
  });

  it("merge numbers around the heaviest", () => {
    const numbers = [1, 2, 100, 101, 1000, 5000, 4990].map((number, i) => ({
      name: `${number}B`,
      number,
      ...sums([10, 1, 9, 1, 8, 7, 1][i]),
    }));
    expect(boxesOf([], numbers).lines).toEqual([
      "1B..2B 11",
      "100B..101B 10",
      "1000B 8",
      "4.87kB..4.88kB 8",
    ]);
  });
});
