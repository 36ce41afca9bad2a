import type { ChalkInstance } from "chalk";
import type { Options } from "../options/table.js";
import { cut, oneLine } from "../terminal/fit.js";

/** The options that decide what a report is about, and last until they are cleared. */
const FILTERS = [
  "focus",
  "ignore",
  "hide",
  "show",
  "show_from",
  "prune_from",
  "tagfocus",
  "tagignore",
  "tagshow",
  "taghide",
  "tagroot",
  "tagleaf",
] as const satisfies readonly (keyof Options)[];

/** Whatever is in force, there is room for a command behind it. */
const MOST_OF_WIDTH = 0.5;

/** The prompt: the type of the value that reports are about, and the filters in force. */
export function promptText(
  { options, sampleType }: { readonly options: Options; readonly sampleType: string },
  { width, style }: { width: number; style: ChalkInstance },
): string {
  const filters = FILTERS.filter((name) => options[name] !== "");
  const texts = filters.map((name) => `${name}=${options[name]}`);
  const room = Math.max(10, Math.floor(width * MOST_OF_WIDTH));
  const type = cut(oneLine(`${options.mean ? "mean " : ""}${sampleType}`), room);
  const inForce = cut(oneLine(texts.join(" ")), Math.max(4, room - type.length));
  return `${style.cyan(type)}${inForce && ` ${style.yellow(inForce)}`}${style.bold("> ")}`;
}
