import { REPORT_COMMANDS } from "../../options/commands.js";
import type { Options } from "../../options/table.js";
import { optionsFromParams, paramsOf } from "../../options/url-params.js";
import { CONFIG_PARAMS, FIRST_VIEW, VIEWS } from "../../page/protocol.js";
import type { State } from "../contract.js";
import type { Address } from "./addresses.js";

/** The report of the text view if the address names none. */
const FIRST_REPORT = "top";

/** The parameters that are not options, by the field of the state that they hold. */
export const OWN_PARAMS = {
  query: "q",
  pivot: "p",
  report: "report",
  zoom: "z",
  selected: "sel",
  flipped: "flip",
  color: "color",
  order: "order",
  tree: "tree",
  beside: "beside",
} as const;

/** The value of the parameter `flip` that switches it on. */
const ON = "1";

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
    zoom: text("zoom"),
    selected: text("selected"),
    flipped: text("flipped") === ON,
    color: text("color"),
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
    if (value === "" || value === false || !isUsed(field, state)) continue;
    params.set(param, value === true ? ON : value);
  }
  return { view: state.view, params };
}

/** The views with a flame graph, and all whose colours have a meaning. */
const FLAME_VIEWS: readonly string[] = ["flamegraph", "sandwich"];
const COLORED_VIEWS: readonly string[] = [...FLAME_VIEWS, "timeline"];

/** Returns whether the view of a state uses a field. Other fields stay out of the address. */
function isUsed(field: string, { view, beside }: State): boolean {
  if (field === "report") return view === "text";
  const views = [view, ...beside.split(",")];
  if (field === "tree") return views.includes("tree");
  if (field === "color") return views.some((name) => COLORED_VIEWS.includes(name));
  if (["pivot", "zoom", "flipped"].includes(field)) {
    return views.some((name) => FLAME_VIEWS.includes(name));
  }
  return true;
}

/** The fields of a state that configurations keep besides the options, with their parameters. */
function configFields(): (readonly [keyof State, string])[] {
  const all = Object.entries(OWN_PARAMS) as [keyof typeof OWN_PARAMS, string][];
  return all.filter(([, param]) => CONFIG_PARAMS.includes(param));
}

/** Returns the {@link CONFIG_PARAMS} of a state, also those that its view does not use. */
export function configParams(state: State): URLSearchParams {
  const params = new URLSearchParams();
  for (const [field, param] of configFields()) {
    const value: unknown = state[field];
    if (value) params.set(param, value === true ? "1" : String(value));
  }
  return params;
}

/** Returns the changes of the state that the parameters of a configuration make. */
export function configState(params: string, base: Options): Partial<State> {
  const { state } = stateOf({ view: "", params: new URLSearchParams(params) }, base);
  const drawing = configFields().map(([field]) => [field, state[field]]);
  return { options: state.options, ...Object.fromEntries(drawing) };
}
