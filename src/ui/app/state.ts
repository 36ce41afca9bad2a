import { REPORT_COMMANDS } from "../../options/commands.js";
import type { Options } from "../../options/table.js";
import { optionsFromParams, paramsOf } from "../../options/url-params.js";
import { FIRST_VIEW, VIEWS } from "../../page/protocol.js";
import type { State } from "../contract.js";
import type { Address } from "./addresses.js";

/** The report of the text view if the address names none. */
const FIRST_REPORT = "top";

/** The parameters that are not options, by the field of the state that they hold. */
const OWN_PARAMS = {
  query: "q",
  pivot: "p",
  report: "report",
  selected: "sel",
  order: "order",
  tree: "tree",
  beside: "beside",
} as const;

/** Reads the state from an address, or else `base`. Problems are invalid parts, one line each. */
export function stateOf(
  { view, params }: Address,
  base: Options,
): { state: State; problems: readonly string[] } {
  const { options, problems } = optionsFromParams(params, base);
  const known = VIEWS.find((name) => name === view);
  const report = params.get(OWN_PARAMS.report) ?? "";
  const text = (field: keyof typeof OWN_PARAMS) => params.get(OWN_PARAMS[field]) ?? "";
  const state: State = {
    view: known ?? FIRST_VIEW,
    options,
    query: text("query"),
    pivot: text("pivot"),
    report: REPORT_COMMANDS.some(({ name }) => name === report) ? report : FIRST_REPORT,
    selected: text("selected"),
    order: text("order"),
    tree: text("tree"),
    beside: text("beside"),
  };
  if (known || view === "") return { state, problems };
  return { state, problems: [...problems, `unknown view ${view}`] };
}

export function addressOf(state: State, base: Options): Address {
  const params = new URLSearchParams(paramsOf(state.options, base));
  for (const [field, param] of Object.entries(OWN_PARAMS)) {
    const value = state[field as keyof typeof OWN_PARAMS];
    if (value !== "" && isUsed(field, state)) params.set(param, value);
  }
  return { view: state.view, params };
}

/** Returns whether the view of a state uses a field. Other fields stay out of the address. */
function isUsed(field: string, { view, beside }: State): boolean {
  if (field === "report") return view === "text";
  if (field === "tree") return view === "tree" || beside.split(",").includes("tree");
  if (field === "pivot") return view === "flamegraph" || view === "sandwich";
  return true;
}
