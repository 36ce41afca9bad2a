import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Drawing } from "../../src/picture/drawing.js";
import { layOut } from "../../src/picture/layout.js";
import { renderDot } from "../../src/render/dot.js";
import { dot } from "../../src/report/dot.js";
import { inputFor, type Wanted } from "../support/report-input.js";

/** Lays out the call graph of a profile as the command `svg` does it. */
async function drawn(
  text: string,
  wanted: Wanted = {},
): Promise<{ nodes: number; drawing: Drawing }> {
  const options = { nodefraction: 0, edgefraction: 0, ...wanted.options };
  const report = dot(inputFor("dot", text, { ...wanted, options }));
  const drawing = await layOut([...renderDot(report, String, { likePprof: false })].join(""));
  return { nodes: report.nodes.length, drawing };
}

/** A profile in which each name is that of a function, a file, a label and its value. */
function profileText(names: readonly string[]): string {
  return names
    .map((name, i) => {
      const quoted = JSON.stringify(name).replaceAll(" ", "\\u0020");
      return `main;${quoted}@${quoted}:3 ${i + 1} {${quoted}=${quoted}}`;
    })
    .join("\n");
}

const PIECES = [
  ..."abc.:/$()<>[]{}|&;#%'\"`\\ \t\n\r\0\u200b\u202e\ufeff\u0301é世☃",
  ...'\\N|\\G|\\E|\\T|\\l|\\n|::|..|-> N99|]; N99 [|label="|<b>|</b>|&amp;|&#0;|👩\u200d💻|\ud800|\udc9b'.split(
    "|",
  ),
  "x".repeat(300),
  "世".repeat(300),
  "\n".repeat(60),
  "::".repeat(60),
];
const oddName = fc
  .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 12 })
  .map((pieces) => pieces.join(""));

describe("the layout", () => {
  it("draws a box for each function, whatever its name", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(oddName, { minLength: 1, maxLength: 12 }), async (names) => {
        const { nodes, drawing } = await drawn(profileText(names), {
          options: { granularity: "filefunctions" },
        });
        const boxes = drawing.boxes.filter(({ kind }) => kind === "node");
        expect(boxes).toHaveLength(nodes);
        expect(drawing.boxes.map(({ name }) => name)).not.toContain("N99");
      }),
      { numRuns: 80, seed: 17 },
    );
  });

  it("draws any unit, type, title and comment", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(oddName, async (name) => {
        const profile = { types: [`${name.replaceAll("/", "")}/${name}`], comments: [name] };
        const { drawing } = await drawn("main;f 5\nmain 3", { profile });
        expect(drawing.boxes.map(({ kind }) => kind)).toEqual(["legend", "node", "node"]);
        expect(drawing.arrows).toHaveLength(1);
      }),
      { numRuns: 80, seed: 17 },
    );
  });

  it.each([
    ["nothing but empty lines", "::\n\n::::\n::"],
    ["parts that are empty", "::error file=x::pwned%0A::set-output name=a::b\n::add-mask::x\r\n"],
    ["blanks", "   "],
    ["a backslash at the end", "f\\"],
  ])("draws a name of %s", async (_, name) => {
    const { drawing } = await drawn(profileText([name]), { options: { granularity: "functions" } });
    expect(drawing.boxes.filter(({ kind }) => kind === "node")).toHaveLength(2);
    expect(drawing.width).toBeLessThan(5000);
  });

  it("shows names differently that differ by an invisible character only", async () => {
    const invisible = [
      "",
      "\u200b",
      "\u200d",
      "\u00ad",
      "\ufeff",
      "\ufe0f",
      "\u2066",
      "\u{e0041}",
      "\x07",
    ];
    const { drawing } = await drawn(profileText(invisible.map((mark) => `f${mark}g`)));
    const labels = drawing.boxes
      .filter(({ kind, lines }) => kind === "node" && lines[0].text.startsWith("f"))
      .map(({ lines }) => lines[0].text);
    expect(new Set(labels).size).toBe(invisible.length);
    expect(labels).toEqual(expect.arrayContaining(["fg", "f\\u200bg", "f\\u{e0041}g", "f\\x07g"]));
  });
});
