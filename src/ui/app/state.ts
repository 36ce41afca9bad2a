import { REPORT_COMMANDS } from "../../options/commands.js";
import type { Options } from "../../options/table.js";
import { optionsFromParams, paramsOf } from "../../options/url-params.js";
import { CONFIG_PARAMS, FIRST_VIEW, VIEWS } from "../../page/protocol.js";
import type { State } from "../contract.js";
import type { Address } from "./addresses.js";

/** The report of the text view if the address names none. */
const FIRST_REPORT = "top";

/** The parameters that are not options, by the field of the state that they hold. */
const OWN_PARAMS = {
  query: "q",
  pivot: "p",
  report: "report",
  zoom: "z",
  selected: "s",
  flipped: "flip",
  color: "color",
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
  const state: State = {
    view: known ?? FIRST_VIEW,
    options,
    query: params.get(OWN_PARAMS.query) ?? "",
    pivot: params.get(OWN_PARAMS.pivot) ?? "",
    report: REPORT_COMMANDS.some(({ name }) => name === report) ? report : FIRST_REPORT,
    zoom: params.get(OWN_PARAMS.zoom) ?? "",
    selected: params.get(OWN_PARAMS.selected) ?? "",
    flipped: params.get(OWN_PARAMS.flipped) === ON,
    color: params.get(OWN_PARAMS.color) ?? "",
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

/** The views with a flame graph. */
const FLAME_VIEWS: readonly string[] = ["flamegraph", "sandwich"];

/** Returns whether the view of a state uses a field. Other fields stay out of the address. */
function isUsed(field: string, { view }: State): boolean {
  if (field === "report") return view === "text";
  if (field === "color") return FLAME_VIEWS.includes(view) || view === "timeline";
  if (["pivot", "zoom", "flipped"].includes(field)) return FLAME_VIEWS.includes(view);
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
