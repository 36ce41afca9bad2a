import { type Budget, BYTES_PER_CHARACTER } from "../../profile/budget.js";
import type { Uint64 } from "../../profile/profile-builder.js";
import { type LineReader, trimSpace } from "../lines.js";
import { parseHex64 } from "../numbers.js";

/** A range of memory `[start, limit)` to which a file is mapped from an offset. */
export interface Region {
  start: Uint64;
  limit: Uint64;
  offset: Uint64;
  file: string;
  buildId: string;
}

const SPACE = "[\\t\\n\\f\\r ]";
const NO_SPACE = "[^\\t\\n\\f\\r ]";
const HEX = "[0-9a-fA-F]";

/**
 * `START-LIMIT`. Both may begin with `0x`, and the dash may be a space or missing; then the last
 * digit is the limit. The look-aheads end a number only where its digits end, so that a long number
 * is tried once and not from each digit.
 */
const RANGE =
  `^${SPACE}*(?:0x)?(${HEX}+)` +
  `(?:(?!${HEX})[\\t\\n\\f\\r -]?${SPACE}*|(?=${HEX}(?!${HEX})))` +
  `(?:0x)?(${HEX}+)(?!${HEX}):?(?:${SPACE}+([-rwxp]+))?`;

/** A line of `/proc/PID/maps`: range, permissions, offset, device, inode, file. */
const PROC_MAPS = new RegExp(
  `${RANGE}(?:${SPACE}+(${HEX}+))?${SPACE}+${HEX}+:${HEX}+${SPACE}+[0-9]+(?:${SPACE}+(${NO_SPACE}+))?`,
);

/** The short form: range, permissions, file, `(@OFFSET)`, build ID. Only the range is required. */
const BRIEF_MAPS = new RegExp(
  `${RANGE}(?:${SPACE}+(${NO_SPACE}+))?(?:${SPACE}+\\(@(${HEX}+)\\))?(?:${SPACE}+(${HEX}+))?`,
);

/** The prefix of a logger before each line: anything, then `file:line] `. */
const LOG_PREFIX = /^[^[\]]+:[0-9]+\][\t\n\f\r ]/;

const SENTINELS = ["--- Memory map: ---", "MAPPED_LIBRARIES:"];

/** Tests whether a memory map begins after this line. */
export function beginsMemoryMap(line: string): boolean {
  return SENTINELS.some((sentinel) => line.includes(sentinel));
}

/** Skips lines from the current one to the start of a memory map, and reads it. */
export function findMemoryMap(lines: LineReader, budget: Budget): Region[] {
  while (!beginsMemoryMap(lines.line)) {
    if (!lines.next()) return [];
  }
  return readMemoryMap(lines, budget);
}

/**
 * Reads all remaining lines as a memory map and returns the executable regions in order. Lines of
 * the form `name=value` define variables: `$name` in later lines is replaced. Other lines are
 * ignored. Regions and replaced lines are charged to `budget`.
 */
export function readMemoryMap(lines: LineReader, budget: Budget): Region[] {
  const regions: Region[] = [];
  const variables = new Variables(budget);
  while (lines.next()) {
    const line = variables.replace(lines.line.replace(LOG_PREFIX, ""));
    const region = parseRegion(line);
    if (region === "unknown") variables.define(line);
    if (typeof region === "string") continue;
    // The names are slices of the line, which stays in memory.
    budget.charge(REGION_BYTES + line.length * BYTES_PER_CHARACTER);
    regions.push(region);
  }
  return regions;
}

/** The approximate memory of a region without its texts, in bytes. */
const REGION_BYTES = 500;

function parseRegion(line: string): Region | "unknown" | "not executable" {
  const long = PROC_MAPS.exec(line);
  const match = long ?? BRIEF_MAPS.exec(line);
  if (!match) return "unknown";
  if (match[3] !== undefined && !match[3].includes("x")) return "not executable";
  const offsetDigits = long ? match[4] : match[5];
  const start = parseHex64(match[1]);
  const limit = parseHex64(match[2]);
  const offset = parseHex64(offsetDigits ?? "0");
  if (start === undefined || limit === undefined || offset === undefined) return "unknown";
  const [file = "", buildId = ""] = long ? [match[5]] : [match[4], match[6]];
  return { start, limit, offset, file, buildId };
}

/** Real memory maps have one or two variables (`build`). More would slow down each line. */
const MAX_VARIABLES = 100;

/** The charge for looking up the variable after a `$`, in bytes. */
const PART_BYTES = 64;

/** The maximum length of a line after variables are replaced. */
const MAX_REPLACED = 1 << 16;

/** The variables of a memory map. If several match, the one defined first counts. */
class Variables {
  readonly #values: [name: string, value: string][] = [];
  readonly #budget: Budget;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** Defines a variable by a line `name=value`; ignores other lines, and names with a `$`. */
  define(line: string): void {
    const equals = line.indexOf("=");
    const name = trimSpace(line.slice(0, Math.max(0, equals)));
    if (equals < 0 || name.includes("$") || this.#values.length >= MAX_VARIABLES) return;
    this.#values.push([name, trimSpace(line.slice(equals + 1))]);
  }

  replace(line: string): string {
    if (this.#values.length === 0) return line;
    const [first, ...parts] = line.split("$");
    if (parts.length === 0) return line;
    this.#budget.charge(parts.length * PART_BYTES);
    let replaced = first;
    for (const part of parts) {
      const variable = this.#values.find(([name]) => part.startsWith(name));
      replaced += variable ? variable[1] + part.slice(variable[0].length) : `$${part}`;
      if (replaced.length > MAX_REPLACED) {
        replaced = "";
        break;
      }
    }
    // A short line can expand to a long text, which costs time even if it is dropped.
    this.#budget.charge(replaced.length * BYTES_PER_CHARACTER);
    return replaced;
  }
}
