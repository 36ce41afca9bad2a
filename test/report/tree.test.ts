import { describe, expect, it } from "vitest";
import { peek, type TreeReport, tree } from "../../src/report/tree.js";
import { compileRe2 } from "../../src/view/re2.js";
import { inputFor, type Wanted } from "../support/report-input.js";

/** Returns a line for each entry: `callers > name flat/cum > callees`. */
function draw({ entries }: TreeReport): string[] {
  const calls = (list: TreeReport["entries"][0]["callers"]) =>
    list.map(({ name, weight, isInline }) => `${name}:${weight}${isInline ? "i" : ""}`).join(" ");
  return entries.map(
    ({ name, flat, cum, callers, callees }) =>
      `${calls(callers)} > ${name} ${flat}/${cum} > ${calls(callees)}`,
  );
}

const treeOf = (text: string, wanted?: Wanted) => draw(tree(inputFor("tree", text, wanted)));
const peekOf = (text: string, regex: string, wanted?: Wanted) =>
  draw(peek(inputFor("peek", text, wanted), compileRe2(regex), regex));

const program = `
  main;parse;read 30
  main;parse 20
  main;render>draw 40
  idle 10
`;

describe("tree", () => {
  it("has each node with its callers and callees, heaviest first", () => {
    expect(treeOf(program)).toEqual([
      "render:40i > draw 40/40 > ",
      "parse:30 > read 30/30 > ",
      "main:50 > parse 20/50 > read:30",
      " > idle 10/10 > ",
      " > main 0/90 > parse:50 render:40",
      "main:40 > render 0/40 > draw:40i",
    ]);
  });

  it("bypasses hidden nodes", () => {
    expect(treeOf(program, { options: { nodecount: 5 } })).toEqual([
      "main:40i > draw 40/40 > ",
      "parse:30 > read 30/30 > ",
      "main:50 > parse 20/50 > read:30",
      " > idle 10/10 > ",
      " > main 0/90 > parse:50 draw:40i",
    ]);
  });

  it("omits edges below the cutoff", () => {
    const options = { edgefraction: 0.5 };
    expect(treeOf(program, { options })[4]).toBe(" > main 0/90 > parse:50");
  });

  it("counts recursion once", () => {
    expect(treeOf("a;a;a 5\na;b;a;b 3")).toEqual(["b:3 > a 5/8 > b:3", "a:3 > b 3/3 > a:3"]);
  });

  it("keeps nodes that add up to 0 as callees, as in comparisons", () => {
    expect(treeOf("main;up 5\nmain;same 3\nmain;same -3\nmain;down -4")).toEqual([
      "main:5 > up 5/5 > ",
      "main:-4 > down -4/-4 > ",
      " > main 0/1 > up:5 down:-4 same:0",
    ]);
  });

  it("orders calls of the same size by name", () => {
    expect(treeOf("m;b 2\nm;a 2\nm;c 2")[3]).toBe(" > m 0/6 > a:2 b:2 c:2");
    expect(treeOf("n;x -2\nm;x 2\nx 1")[0]).toBe("m:2 n:-2 > x 1/1 > ");
  });
});

describe("peek", () => {
  it("shows only matching nodes, with edges of any size, and the number of all nodes", () => {
    expect(
      peekOf(program, "^(parse|idle)$", { options: { edgefraction: 0.9, nodecount: 1 } }),
    ).toEqual(["main:50 > parse 20/50 > read:30", " > idle 10/10 > "]);
    const { shown, shownTotal } = peek(inputFor("peek", program), compileRe2("parse"), "parse");
    expect({ shown, shownTotal }).toEqual({ shown: 6, shownTotal: 100 });
  });

  it("throws if nothing matches", () => {
    expect(() => peekOf(program, "nosuch")).toThrow("no matches found for regexp: nosuch");
  });
});
