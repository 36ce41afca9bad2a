import { describe, expect, it, vi } from "vitest";
import { StackRows } from "../../src/graph/stack-rows.js";
import { showFrom } from "../../src/view/name-filters.js";
import { compileRe2 } from "../../src/view/re2.js";
import { hasWholeStacks, type View } from "../../src/view/view.js";
import { isOnDist } from "../support/modules.js";
import { inputOf } from "./random-profile.js";

const { view, nodes, value } = inputOf([{ stack: [["a"], ["b"], ["c"]], values: [1n, 5n] }]);

function rowsOf(of: View): StackRows {
  return new StackRows(of, nodes, value.values as Float64Array, undefined);
}

describe("StackRows", () => {
  it("recognizes whole stacks", () => {
    expect(rowsOf(view).isWhole).toBe(true);
    expect(hasWholeStacks({ ...view, samples: new Uint8Array(1) })).toBe(true);
  });

  it("recognizes stacks that a filter has cut", () => {
    expect(rowsOf(showFrom(view, compileRe2("b")).view).isWhole).toBe(false);
  });

  // A bundler may put a copy of a module into several files; dist/ has no copies.
  it.skipIf(isOnDist)(
    "recognizes whole stacks of a view that another copy of the module made",
    async () => {
      vi.resetModules();
      const copy = await import("../../src/view/view.js");
      const other = copy.wholeProfile(view.profile);
      expect(other).not.toBe(view);
      expect(rowsOf(other).isWhole).toBe(true);
    },
  );
});
