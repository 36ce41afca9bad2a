import { type Budget, MAP_ENTRY_BYTES } from "../../profile/budget.js";
import type { LocationIndex } from "../../profile/indices.js";
import { scriptFile } from "../../profile/script-names.js";
import type { JsonObject } from "../json.js";
import type { ScriptFrames } from "../script-frames.js";

/**
 * Arguments that contain the file which a slice works on, in the order of preference. tsc writes
 * most of them; clang writes `file`.
 */
const FILE_ARGUMENTS = [
  ...["path", "file", "fileName", "filename"],
  ...["containingFileName", "configFilePath"],
];

const UNNAMED = "(unnamed)";

/** Locations of slices: each combination of name, file and line is a function. */
export class TraceFrames {
  readonly #frames: ScriptFrames;
  readonly #budget: Budget;
  /** The locations of slices without arguments, by name. */
  readonly #byName = new Map<string, LocationIndex>();

  constructor(frames: ScriptFrames, budget: Budget) {
    this.#frames = frames;
    this.#budget = budget;
  }

  location(event: JsonObject): LocationIndex {
    const name = sliceName(event) ?? UNNAMED;
    if (event.args || event[".file"]) return this.#add(describe(name, event));
    let location = this.#byName.get(name);
    if (location === undefined) {
      this.#budget.charge(MAP_ENTRY_BYTES);
      location = this.#add(describe(name, event));
      this.#byName.set(name, location);
    }
    return location;
  }

  #add({ name, file, line }: Description): LocationIndex {
    const frame = this.#frames.frame({ name, file, startLine: line, startColumn: 0 });
    return this.#frames.location(frame);
  }
}

/** Returns the name of an event; undefined if it has none. */
export function sliceName({ name }: JsonObject): string | undefined {
  return typeof name === "string" && name !== "" ? name : undefined;
}

interface Description {
  readonly name: string;
  readonly file: string;
  /** The first line of the function, or the line that the slice works on; 0 if unknown. */
  readonly line: number;
}

/**
 * Returns what a slice does. Many tools write a general name, such as `checkSourceFile`, and put the
 * file, type or function into the arguments. Rust's tracing-chrome writes `.file` and `.line`.
 */
function describe(name: string, event: JsonObject): Description {
  const args = argumentsOf(event);
  const file = textOf(event[".file"]);
  if (file) return { name, file, line: lineOf(event[".line"]) };
  for (const key of FILE_ARGUMENTS) {
    const argument = textOf(args[key]);
    if (!argument) continue;
    // clang adds the file and line of a template to its name.
    const { name: full } = withDetail(name, args);
    return { name: full, file: scriptFile(argument), line: lineOf(args.line) };
  }
  if (args.detail !== undefined) return withDetail(name, args);
  return splitPosition(name);
}

export function argumentsOf({ args }: JsonObject): JsonObject {
  return typeof args === "object" && args !== null && !Array.isArray(args)
    ? (args as JsonObject)
    : {};
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function lineOf(value: unknown): number {
  return Number.isSafeInteger(value) ? Math.max(0, Number(value)) : 0;
}

const POSITION = /:(\d{1,9})(?::\d{1,9})?$/;

/** Reads clang's argument `detail`: a file, a position in a file, or the name of a declaration. */
function withDetail(name: string, { detail }: JsonObject): Description {
  const text = textOf(detail);
  if (text === "") return { name, file: "", line: 0 };
  if (name === "Source" || text.startsWith("/")) {
    const position = POSITION.exec(text);
    return position
      ? { name, file: text.slice(0, position.index), line: Number(position[1]) }
      : { name, file: text, line: 0 };
  }
  return { name: `${name} ${text}`, file: "", line: 0 };
}

const POSITION_IN_PARENTHESES = /:(\d{1,9})\)$/;

/** Splits `function (file:line)`, as viztracer names functions of Python. */
function splitPosition(name: string): Description {
  const position = POSITION_IN_PARENTHESES.exec(name);
  // A file may be in a folder with parentheses, but the name of a function has no spaces.
  const open = name.indexOf(" (");
  if (!position || open <= 0 || open + 2 >= position.index) return { name, file: "", line: 0 };
  return {
    name: name.slice(0, open),
    file: name.slice(open + 2, position.index),
    line: Number(position[1]),
  };
}
