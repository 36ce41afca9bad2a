import type { ChalkInstance } from "chalk";
import type { Options } from "../options/table.js";
import { cut, oneLine } from "../terminal/fit.js";
import { VARIABLES } from "./variables.js";

/** The options that decide what a report is about, and last until they are cleared. */
const FILTERS = VARIABLES.filter(
  ({ group, type }) => type === "text" && (group === "Samples and frames" || group === "Tags"),
);

/** Whatever is in force, there is room for a command behind it. */
const MOST_OF_WIDTH = 0.5;

/** The prompt: the type of the value that reports are about, and the filters in force. */
export function promptText(
  { options, sampleType }: { readonly options: Options; readonly sampleType: string },
  { width, style }: { width: number; style: ChalkInstance },
): string {
  const inForce = FILTERS.filter(({ name }) => options[name] !== "");
  const texts = inForce.map(({ name }) => `${name}=${options[name]}`);
  const room = Math.max(10, Math.floor(width * MOST_OF_WIDTH));
  const type = cut(oneLine(`${options.mean ? "mean " : ""}${sampleType}`), room);
  const shown = cut(oneLine(texts.join(" ")), Math.max(4, room - type.length));
  return `${style.cyan(type)}${shown && ` ${style.yellow(shown)}`}${style.bold("> ")}`;
}
