import fc from "fast-check";
import stringWidth from "string-width";
import { expect, it } from "vitest";
import { listCandidates } from "../../src/shell/columns.js";

const candidate = (label: string, summary = "") => ({ text: label, label, summary });

it("lists names side by side, from top to bottom", () => {
  const names = ["one", "two", "three", "four", "five", "six", "seven"].map((name) =>
    candidate(name),
  );
  expect(listCandidates(names, 7, 21, 3)).toEqual([
    "one    four   seven",
    "two    five",
    "three  six",
  ]);
  expect(listCandidates(names, 1234, 14, 3)).toEqual([
    "one    three",
    "two    four",
    "… and 1,230 more",
  ]);
});

it("shows summaries if each candidate has a row", () => {
  const words = [candidate("save", "Save the options"), candidate("list", "The names")];
  expect(listCandidates(words, 2, 80, 19)).toEqual(["save  Save the options", "list  The names"]);
  expect(listCandidates(words, 2, 14, 19)).toEqual(["save  Save t…", "list  The na…"]);
});

it("fits into the terminal, and counts the omitted candidates", () => {
  const label = fc.string({ unit: "grapheme-composite", minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(
      fc.array(fc.record({ label, summary: fc.string({ maxLength: 30 }) }), { minLength: 2 }),
      fc.integer({ min: 20, max: 120 }),
      fc.integer({ min: 2, max: 30 }),
      (words, width, height) => {
        const candidates = words.map(({ label, summary }) => candidate(label, summary));
        const rows = listCandidates(candidates, candidates.length, width, height);
        expect(rows.length).toBeLessThanOrEqual(height);
        expect(rows.length).toBeGreaterThan(0);
        for (const row of rows) expect(stringWidth(row)).toBeLessThan(width);
      },
    ),
  );
});
