import type { ChalkInstance } from "chalk";
import type { Options } from "../options/table.js";
import { cut, oneLine } from "../terminal/fit.js";
import { VARIABLES } from "./variables.js";

/** The options that filter samples and tags. They stay set until the user clears them. */
const FILTERS = VARIABLES.filter(
  ({ group, type }) => type === "text" && (group === "Samples and frames" || group === "Tags"),
);

/** The largest share of the width for the prompt, so that there is room for a command. */
const MAX_WIDTH_SHARE = 0.5;

/** Returns the prompt: the sample type of reports, and the active filters. */
export function promptText(
  { options, sampleType }: { readonly options: Options; readonly sampleType: string },
  { width, style }: { width: number; style: ChalkInstance },
): string {
  const activeFilters = FILTERS.filter(({ name }) => options[name] !== "");
  const texts = activeFilters.map(({ name }) => `${name}=${options[name]}`);
  const room = Math.max(10, Math.floor(width * MAX_WIDTH_SHARE));
  const type = cut(oneLine(`${options.mean ? "mean " : ""}${sampleType}`), room);
  const shown = cut(oneLine(texts.join(" ")), Math.max(4, room - type.length));
  return `${style.cyan(type)}${shown && ` ${style.yellow(shown)}`}${style.bold("> ")}`;
}
