import { describe, expect, it } from "vitest";
import { defaultOptions, type Options } from "../../../src/options/table.js";
import { subjectItems } from "../../../src/ui/app/function-menu.js";
import { addressOf, stateOf } from "../../../src/ui/app/state.js";
import type { State, Subject } from "../../../src/ui/contract.js";

const EVERYTHING = { hasSources: true, hasMachineCode: true };

/** Returns the labels of the menu of a node. */
function labels(
  subject: Subject,
  options: Partial<Options> = {},
  host = EVERYTHING,
  change: Partial<State> = {},
): string[] {
  const base = defaultOptions();
  const { state: first } = stateOf({ view: "top", params: new URLSearchParams() }, base);
  const state = { ...first, options: { ...base, ...options }, ...change };
  const href = (next: Partial<State>) => {
    const { view, params } = addressOf({ ...state, ...next }, base);
    return `${view}?${params}`;
  };
  return subjectItems(subject, state, host, { go: () => {}, href, copy: () => {} }).flatMap(
    (item) => (item !== "separator" && "label" in item ? [item.label] : []),
  );
}

const VIEWS = ["Callers and callees", "Sandwich", "Peek", "Source", "Machine code"];
const FILTERS = ["Focus", "Ignore", "Hide", "Show only", "Show from", "Prune below"];

describe("the menu of a function", () => {
  it("has all views and filters", () => {
    expect(labels({ name: "main.work" })).toEqual([...VIEWS, ...FILTERS, "Copy name"]);
  });

  it("is empty for the root of all stacks", () => {
    expect(labels({ name: "all", isRoot: true })).toEqual([]);
  });

  it("has no machine code without binaries, and of a function that is always inlined", () => {
    const without = [...VIEWS.slice(0, 4), ...FILTERS, "Copy name"];
    expect(labels({ name: "f" }, {}, { ...EVERYTHING, hasMachineCode: false })).toEqual(without);
    expect(labels({ name: "f", isInlined: true })).toEqual(without);
  });

  it("has no source without source files, and of files and packages", () => {
    const without = ["Callers and callees", "Sandwich", "Peek", ...FILTERS, "Copy name"];
    const none = { hasSources: false, hasMachineCode: false };
    expect(labels({ name: "f" }, {}, none)).toEqual(without);
    expect(labels({ name: "json" }, { granularity: "packages" })).toEqual(without);
  });

  it("has no item that leads to the shown state", () => {
    expect(labels({ name: "f" }, { focus: "^f$" })).not.toContain("Focus");
    expect(labels({ name: "f" }, { hide: "^f$|^g$" })).not.toContain("Hide");
    const shown = { view: "sandwich", pivot: "f" } as const;
    expect(labels({ name: "f" }, {}, EVERYTHING, shown)).not.toContain("Sandwich");
  });
});
