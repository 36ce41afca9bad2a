import {
  decodedMappings,
  FlattenMap,
  LEAST_UPPER_BOUND,
  originalPositionFor,
  type TraceMap,
  traceSegment,
} from "@jridgewell/trace-mapping";
import { scriptFile } from "../profile/script-names.js";
import type { ScriptMap } from "../transforms/source-maps.js";
import { isBelow } from "./source-file.js";

/** The largest number of lines of a script. */
const MAX_LINES = 2 ** 21;
/** The longest text of a map's mappings. */
const MAX_MAPPINGS_LENGTH = 16 * 2 ** 20;
/** The memory that a character of mappings needs when decoded. */
const BYTES_PER_CHARACTER = 50;

export const NOT_A_MAP = "it is not a source map";

/** A map cannot be used. The message is for the user. */
export class MapError extends Error {}

/** A parsed map. */
export interface ParsedMap {
  readonly map: ScriptMap;
  /** The memory that the map needs, in bytes. */
  readonly size: number;
}

/**
 * Parses a map. Names of sources are relative to `url`. The map of a package leaves out sources
 * outside `packageFolder`, which are usually not installed and would count for other packages.
 * Throws if the text is not a source map.
 */
export function parseSourceMap(
  text: string,
  url: string,
  packageFolder: string | undefined,
): ParsedMap {
  // Some servers add a first line that keeps other sites from loading the map as a script.
  const json: unknown = JSON.parse(text.replace(/^\)\]\}'[^\n]*\n/, ""));
  if (typeof json !== "object" || json === null) throw new MapError(NOT_A_MAP);
  const size = checkSize(json, 0) * BYTES_PER_CHARACTER;
  // The text of the source files is most of the map, and is not needed.
  const map = traceMap({ ...json, sourcesContent: undefined }, url);
  const { names, resolvedSources } = map;
  const files = resolvedSources.map((source, i) => {
    // A source of null has no file, but would resolve to the map's folder.
    if (!map.sources[i] || source.endsWith("/")) return "";
    const file = scriptFile(source);
    return packageFolder === undefined || isBelow(file, packageFolder) ? file : "";
  });
  const fileOf = new Map(resolvedSources.map((source, i) => [source, files[i]]));
  const scriptMap: ScriptMap = {
    positionOf(line, column) {
      if (!isPosition(line)) return undefined;
      const found =
        column > 0
          ? originalPositionFor(map, { line, column: column - 1 })
          : originalPositionFor(map, { line, column: 0, bias: LEAST_UPPER_BOUND });
      if (found.source === null) return undefined;
      if (!isPosition(found.line) || !isPosition(found.column + 1)) return undefined;
      const file = fileOf.get(found.source) ?? "";
      return file === "" ? undefined : { file, line: found.line, column: found.column + 1 };
    },
    nameAt(line, column) {
      if (!isPosition(line) || !isPosition(column)) return undefined;
      const segment = traceSegment(map, line - 1, column - 1);
      if (segment?.length !== 5 || segment[0] !== column - 1) return undefined;
      const name: unknown = names[segment[4]];
      return typeof name === "string" ? name : undefined;
    },
  };
  return { map: scriptMap, size };
}

/**
 * Returns the length of a map's mappings. Throws if they are too long, or if a section starts at an
 * impossible line: decoding creates a list for every line before it, which could fill the memory.
 */
function checkSize(json: object, before: number): number {
  const { sections, mappings } = json as { sections?: unknown; mappings?: unknown };
  const isText = typeof mappings === "string";
  if (!isText && !Array.isArray(sections)) throw new MapError("its mappings are not text");
  let length = isText ? mappings.length : 0;
  if (Array.isArray(sections)) {
    for (const section of sections as { offset?: { line?: unknown }; map?: unknown }[]) {
      const line = section?.offset?.line;
      if (typeof line !== "number" || !(line >= 0 && before + line <= MAX_LINES)) {
        throw new MapError("it has a section at an impossible line");
      }
      if (typeof section.map === "object" && section.map !== null) {
        length += checkSize(section.map, before + line);
      }
    }
  }
  if (length > MAX_MAPPINGS_LENGTH) throw new MapError("it is too large");
  return length;
}

/** Joins a map's sections and decodes its mappings. Throws if the map is invalid. */
function traceMap(json: object, url: string): TraceMap {
  const map = new FlattenMap(json as never, url);
  const areTexts = map.sources.every((source) => source === null || typeof source === "string");
  if (!areTexts) throw new MapError("its sources are not text");
  // Decode the mappings now, to find errors in them.
  for (const line of decodedMappings(map)) {
    for (const segment of line) {
      if (segment.length > 1 && !((segment[1] as number) < map.sources.length)) {
        throw new MapError("it names sources that it does not have");
      }
    }
  }
  return map;
}

function isPosition(number: number): boolean {
  return Number.isSafeInteger(number) && number >= 1;
}
