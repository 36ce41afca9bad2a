import { describe, expect, it } from "vitest";
import type { OptionSpec } from "../../src/options/spec.js";
import { defaultOptions, OPTIONS } from "../../src/options/table.js";
import { addressOf, OWN_PARAMS, stateOf } from "../../src/ui/app/state.js";

const base = defaultOptions();

/** Returns the state of an address. */
function read(view: string, search: string) {
  return stateOf({ view, params: new URLSearchParams(search) }, base).state;
}

/** Returns the parameters of a state that came from an address. */
const rewritten = (view: string, search: string) =>
  String(addressOf(read(view, search), base).params);

describe("the state in an address", () => {
  it("has no parameter of an option", () => {
    const ofOptions = (OPTIONS as readonly OptionSpec[]).map(({ urlParam }) => urlParam);
    for (const name of Object.values(OWN_PARAMS)) expect(ofOptions).not.toContain(name);
  });

  it("keeps place and look of a flame graph, beside the filters", () => {
    const search = "f=work&s=main&p=main&z=abc&sel=def&flip=1&color=label%3Aregion";
    expect(rewritten("flamegraph", search)).toBe(search);
    expect(rewritten("sandwich", search)).toBe(search);
    expect(rewritten("timeline", search)).toBe("f=work&s=main&sel=def&color=label%3Aregion");
    expect(rewritten("top", search)).toBe("f=work&s=main&sel=def");
  });

  it("leaves defaults out", () => {
    expect(rewritten("flamegraph", "z=&sel=&flip=0&color=&q=")).toBe("");
    expect(read("flamegraph", "flip=yes").flipped).toBe(false);
  });
});
