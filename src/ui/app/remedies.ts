import type { Options } from "../../options/table.js";
import { FIRST_VIEW } from "../../page/protocol.js";
import type { State } from "../contract.js";
import { button, h } from "../widgets/elements.js";
import type { Remedy, Warning } from "../widgets/messages.js";
import {
  activeFilters,
  type FilterName,
  FRAME_FILTERS,
  labelOf,
  TAG_FILTERS,
  withoutFilters,
} from "./filters.js";

export interface RemedyActions {
  go(change: Partial<State>): void;
  /** Opens the dialog that changes an option. */
  edit(name: FilterName): void;
  tryAgain(): void;
  reload(): void;
}

/** Messages of errors that pass when the server or the network is back. */
const UNREACHABLE = /^tsprof does not answer|busy|Failed to fetch|NetworkError|Load failed/i;
/** Messages of errors after which only a new page works. */
const STOPPED = /the engine (has stopped|did not start)/;
/** Messages of errors about reports that are too large, and the option that makes them smaller. */
const TOO_LARGE = /too many|too much (time|memory)|fewer nodes/;
/** Messages of errors about views that the profile cannot have. */
const NOT_FOR_PROFILE = /needs the times of samples/;
const NO_MATCH = /^no matches found|matched no/;

/** Returns the actions that can solve an error, the most useful first. */
export function remediesFor(message: string, state: State, actions: RemedyActions): Remedy[] {
  if (STOPPED.test(message)) return [{ label: "Reload the page", act: actions.reload }];
  if (UNREACHABLE.test(message)) return [{ label: "Try again", act: actions.tryAgain }];
  if (NOT_FOR_PROFILE.test(message)) {
    return [{ label: "Show the flame graph", act: () => actions.go({ view: FIRST_VIEW }) }];
  }
  const active = activeFilters(state.options).filter((name) => name !== "sort");
  const named = filterNamed(message, active);
  const remove = (name: FilterName): Remedy => ({
    label: `Remove ${nameOf(name, state.options)}`,
    act: () => actions.go({ options: withoutFilters(state.options, [name]) }),
  });
  if (named) {
    const edit = { label: `Edit ${labelOf(named)}`, act: () => actions.edit(named) };
    return [edit, remove(named)];
  }
  if (NO_MATCH.test(message)) return active.filter(isPattern).map(remove);
  if (TOO_LARGE.test(message)) {
    return [
      { label: "Show fewer nodes…", act: () => actions.edit("nodecount") },
      { label: "Add a filter…", act: () => actions.edit("focus") },
    ];
  }
  return [{ label: "Try again", act: actions.tryAgain }, ...active.filter(isPattern).map(remove)];
}

/** Returns the message of an error, with a button for each remedy. */
export function failureOf(message: string, state: State, actions: RemedyActions): HTMLElement {
  const buttons = remediesFor(message, state, actions).map(({ label, act }, i) =>
    button(label, act, { class: i === 0 && "main" }),
  );
  return h(
    "div",
    { class: "failure", role: "alert" },
    h("p", {}, message),
    h("div", { class: "remedies" }, buttons),
  );
}

/** Returns a warning; with remedies if it is about an active filter. */
export function warningOf(text: string, { options }: State, actions: RemedyActions): Warning {
  const named = filterNamed(text, activeFilters(options));
  if (!named) return { text };
  const edit = { label: "Edit", act: () => actions.edit(named) };
  const remove = () => actions.go({ options: withoutFilters(options, [named]) });
  return { text, remedies: [edit, { label: "Remove", act: remove }] };
}

/** Returns the active filter at the beginning of a message such as `-focus: missing closing )`. */
function filterNamed(message: string, active: readonly FilterName[]): FilterName | undefined {
  const [, word] = /^-?(\w+)[:= ]/.exec(message) ?? [];
  return active.find((name) => name === word);
}

function isPattern(name: FilterName): boolean {
  return [...FRAME_FILTERS, ...TAG_FILTERS].some((one) => one === name);
}

/** A longer pattern is left out of the text of a button. */
const MAX_SHOWN_PATTERN = 30;

function nameOf(name: FilterName, options: Options): string {
  const value = String(options[name]);
  const isShort = value !== "" && value.length <= MAX_SHOWN_PATTERN;
  return isShort ? `${labelOf(name)}: ${value}` : labelOf(name);
}
