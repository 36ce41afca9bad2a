import { describe, expect, it } from "vitest";
import { defaultOptions, type Options } from "../../../src/options/table.js";
import { remediesFor, warningOf } from "../../../src/ui/app/remedies.js";
import type { State } from "../../../src/ui/contract.js";

const log: unknown[] = [];
const actions = {
  go: (change: Partial<State>) => log.push(change),
  edit: (name: string) => log.push(name),
  tryAgain: () => log.push("again"),
  reload: () => log.push("reload"),
};

function state(options: Partial<Options>): State {
  const all = { ...defaultOptions(), ...options };
  return { view: "top", query: "", pivot: "", report: "", options: all } as State;
}

const FILTERS = { focus: "(", ignore: "x", tagfocus: "a=b" };

describe("the remedies of an error", () => {
  it.each([
    ["-focus: missing closing ): `(`", ["Edit focus", "Remove focus: ("]],
    [
      "no matches found for regexp: f",
      ["Remove focus: (", "Remove ignore: x", "Remove tag focus: a=b"],
    ],
    ["tsprof does not answer: it was stopped, or the network is down", ["Try again"]],
    ["Failed to fetch", ["Try again"]],
    [
      "a timeline needs the times of samples, which this profile does not have",
      ["Show the flame graph"],
    ],
    ["the engine has stopped; reload the page to start it again", ["Reload the page"]],
    ["1600 edges are too many to draw; show fewer nodes", ["Show fewer nodes…", "Add a filter…"]],
  ])("%s", (message, wanted) => {
    expect(remediesFor(message, state(FILTERS), actions).map(({ label }) => label)).toEqual(wanted);
  });

  it("names no filter that is not set", () => {
    const found = remediesFor("-hide: missing closing )", state(FILTERS), actions);
    expect(found[0].label).toBe("Try again");
  });

  it("edits and removes the filter of a warning", () => {
    const wanted = state({ ...FILTERS, ignore: "none" });
    const { remedies = [] } = warningOf("-ignore=none matched no samples", wanted, actions);
    const [edit, remove] = remedies;
    log.length = 0;
    edit.act();
    remove.act();
    expect(log).toEqual(["ignore", { options: { ...wanted.options, ignore: "" } }]);
    expect(warningOf("no binary", wanted, actions)).toEqual({ text: "no binary" });
  });
});
