import { defaultOptions } from "../../src/options/table.js";
import { stateOf } from "../../src/ui/app/state.js";
import type { State } from "../../src/ui/contract.js";

/** Returns the state of an address without parameters, with changes. */
export function stateWith(change: Partial<State>): State {
  const address = { view: "", params: new URLSearchParams() };
  return { ...stateOf(address, defaultOptions()).state, ...change };
}
