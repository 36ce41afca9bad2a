import { describe, expect, it } from "vitest";
import { flame, invertedFlame } from "../../src/report/flame.js";
import { besideAfterMove, viewsBeside } from "../../src/ui/app/beside.js";
import type { State } from "../../src/ui/contract.js";
import { selectionOf, selectionText } from "../../src/ui/selection.js";
import { orderOf, orderText } from "../../src/ui/views/top-rows.js";
import { NONE, TreeRows } from "../../src/ui/views/tree-rows.js";
import { inputFor } from "../support/report-input.js";

describe("the state in the address", () => {
  it("has the order of a table", () => {
    for (const text of ["", "name", "-cum", "~flat"]) expect(orderText(orderOf(text))).toBe(text);
    expect(orderOf("-cum")).toEqual({ column: "cum", direction: "descending" });
    expect(orderOf("nothing")).toBeUndefined();
  });

  it("has the selected frame and function", () => {
    for (const selection of [
      { frame: "", name: "a.b" },
      { frame: "x1", name: "main.(*T).f" },
      { frame: "", name: "" },
    ]) {
      expect(selectionOf(selectionText(selection))).toEqual(selection);
    }
    expect(selectionOf("x1")).toEqual({ frame: "x1", name: "" });
  });

  it("has the views beside the current one", () => {
    const state = { view: "top", beside: "tree,top,nothing,tree,graph,peek" } as State;
    expect(viewsBeside(state, ["graph", "peek", "top", "tree"])).toEqual(["tree", "graph"]);
    expect(besideAfterMove({ view: "top", beside: "tree,graph" } as State, "graph")).toBe(
      "tree,top",
    );
  });
});

const STACKS = "main;work;leaf 5\nmain;work 2\nmain;other;leaf 1\nidle 3";

/** Draws the rows that are shown, with their values. */
const drawn = (rows: TreeRows) =>
  rows.frames.map(
    (frame) =>
      `${"  ".repeat(rows.tree.depths[frame])}${rows.functionOf(frame).name} ${rows.cum(frame)} ${rows.flat(frame)}`,
  );

describe("the rows of the call tree", () => {
  const report = flame(inputFor("flame", STACKS));

  it("are the frames whose callers are expanded", () => {
    const rows = new TreeRows(report);
    expect(drawn(rows)).toEqual(["all 11 0"]);
    rows.expandHeaviest(0);
    const heaviest = [
      "all 11 0",
      "  main 8 0",
      "    work 7 2",
      "      leaf 5 5",
      "    other 1 0",
      "  idle 3 3",
    ];
    expect(drawn(rows)).toEqual(heaviest);
    const other = rows.find((name) => name === "other")[0];
    expect(rows.positionOf(other)).toEqual({ position: 2, size: 2 });
    const leaf = rows.find((name) => name === "leaf")[1];
    expect(rows.rowOf(leaf)).toBe(NONE);
    rows.reveal(leaf);
    expect(rows.frames[rows.rowOf(leaf)]).toBe(leaf);
    rows.set(1, false);
    expect(drawn(rows)).toEqual(["all 11 0", "  main 8 0", "  idle 3 3"]);
    rows.setAll(0, true);
    expect(rows.frames).toHaveLength(report.tree.length);
    expect(rows.heaviestOf("leaf")).toBe(rows.find((name) => name === "leaf")[0]);
    expect(rows.heaviestOf("nothing")).toBe(NONE);
  });

  it("stay expanded in another report with the same paths", () => {
    const before = new TreeRows(report);
    before.expandHeaviest(0);
    const after = new TreeRows(flame(inputFor("flame", "idle 9\nmain;new;x 5\nmain;work;leaf 1")));
    after.expandLike(before);
    expect(drawn(after)).toEqual([
      "all 15 0",
      "  idle 9 9",
      "  main 6 0",
      "    new 5 0",
      "    work 1 0",
      "      leaf 1 1",
    ]);
  });

  it("are callers in a tree from the leaves", () => {
    const rows = new TreeRows(invertedFlame(inputFor("flame", STACKS)));
    rows.setAll(0, true);
    expect(drawn(rows).map((row) => row.replace(/ \d+$/, ""))).toEqual([
      "all 11",
      "  leaf 6",
      "    work 5",
      "      main 5",
      "    other 1",
      "      main 1",
      "  idle 3",
      "  work 2",
      "    main 2",
    ]);
  });

  it("begin at the innermost frame that filters leave", () => {
    const hidden = inputFor("flame", "main;work>inner 4\nmain;hidden 2", {
      options: { hide: "hidden" },
    });
    const rows = new TreeRows(invertedFlame(hidden));
    rows.setAll(0, true);
    expect(drawn(rows).map((row) => row.replace(/ \d+$/, ""))).toEqual([
      "all 6",
      "  inner 4",
      "    work 4",
      "      main 4",
      "  main 2",
    ]);
  });
});
