import { constants } from "node:fs";
import { open } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  decodedMappings,
  FlattenMap,
  LEAST_UPPER_BOUND,
  originalPositionFor,
  type TraceMap,
  traceSegment,
} from "@jridgewell/trace-mapping";
import type { Profile } from "../profile/profile.js";
import { scriptFile } from "../profile/script-names.js";
import { applyScriptMaps, type ScriptMap } from "../transforms/source-maps.js";

/** Options of {@link applySourceMaps}. */
export interface SourceMapOptions {
  /** Called with one line about each map that cannot be used. */
  readonly warn?: (line: string) => void;
}

/**
 * Replaces positions in scripts with positions in their source files, such as TypeScript, using the
 * source maps that scripts name or that lie beside them. Functions without a usable map stay as
 * they are. Maps are cached until their script changes.
 */
export async function applySourceMaps(
  profile: Profile,
  { warn = () => {} }: SourceMapOptions = {},
): Promise<Profile> {
  const { functions, strings } = profile;
  const files = new Set<string>();
  for (let fn = 0; fn < functions.length; fn++) files.add(strings.get(functions.filename[fn]));
  const maps = new Map<string, ScriptMap>();
  let size = 0;
  for (const file of files) {
    const name = scriptFile(file);
    if (!SCRIPT.test(name) || NOT_LOCAL.test(name)) continue;
    const found = await mapOf(name, warn);
    if (!found?.map) continue;
    size += found.size;
    if (size > MAX_BYTES_PER_PROFILE) {
      warn("some source maps are not used: together they need too much memory");
      break;
    }
    maps.set(file, found.map);
  }
  return maps.size === 0 ? profile : applyScriptMaps(profile, (file) => maps.get(file));
}

/** Only files with these extensions are opened, as a profile can name any file. */
const SCRIPT = /\.(?:[cm]?[jt]s|[jt]sx)$/i;
const MAP = /\.(?:map|json)$/i;
/** URLs (but not drives), and names of files on other computers, to which Windows would connect. */
const NOT_LOCAL = /^(?:[a-z][a-z0-9+.-]+:|[/\\]{2})/i;

const MAX_SCRIPT_BYTES = 64 * 2 ** 20;
const MAX_MAP_BYTES = 64 * 2 ** 20;

/** The largest number of lines of a script. */
const MAX_LINES = 2 ** 21;
/** The longest text of a map's mappings. */
const MAX_MAPPINGS_LENGTH = 16 * 2 ** 20;
/** The memory that a character of mappings needs when decoded. */
const BYTES_PER_CHARACTER = 50;

/** The limit for the decoded maps of one profile. */
const MAX_BYTES_PER_PROFILE = 2 ** 30;
/** The limits of the cache. */
const MAX_CACHED_BYTES = 64 * 2 ** 20;
const MAX_CACHED_SCRIPTS = 10_000;

interface CachedMap {
  /** When the script was last modified, in milliseconds since 1970. */
  readonly changed: number;
  /** The memory that the map needs, in bytes. */
  readonly size: number;
  readonly map: ScriptMap | undefined;
}

const cache = new Map<string, CachedMap>();
let cachedBytes = 0;

async function mapOf(script: string, warn: (line: string) => void): Promise<CachedMap | undefined> {
  const name = path.resolve(script);
  const before = cache.get(name);
  const read = await readRegularFile(name, MAX_SCRIPT_BYTES, before?.changed);
  if (!read || read === "unchanged") return read && before;
  let entry: CachedMap = { changed: read.changed, size: 0, map: undefined };
  try {
    const found = await textOfMap(name, read.text);
    if (found) entry = { ...entry, ...scriptMap(found.text, found.url) };
  } catch (error) {
    // V8's messages for invalid JSON quote the file's content.
    const reason = error instanceof MapError ? error.message : NOT_A_MAP;
    // The name in a link may contain line breaks.
    warn(`the source map of ${name} is not used: ${reason}`.replace(/[\r\n\u2028\u2029]+/g, " "));
  }
  store(name, entry);
  return entry;
}

function store(name: string, entry: CachedMap): void {
  cachedBytes += entry.size - (cache.get(name)?.size ?? 0);
  cache.set(name, entry);
  if (cachedBytes <= MAX_CACHED_BYTES && cache.size <= MAX_CACHED_SCRIPTS) return;
  cache.clear();
  cachedBytes = 0;
}

const NOT_A_MAP = "it is not a source map";

/** A map cannot be used. The message is for the user. */
class MapError extends Error {}

interface MapText {
  readonly text: string;
  /** The base of relative names of source files. */
  readonly url: string;
}

/** Returns the map that a script's last link names, or the map beside the script. */
async function textOfMap(script: string, text: string): Promise<MapText | undefined> {
  const link = linkOf(text);
  if (link?.startsWith("data:")) {
    return { text: dataOf(link), url: pathToFileURL(script).href };
  }
  const file = link === undefined ? `${script}.map` : linkedFile(script, link);
  if (file === undefined) return undefined;
  const read = await readRegularFile(file, MAX_MAP_BYTES);
  if (!read) {
    if (link === undefined) return undefined;
    throw new MapError(`there is no file ${file}, or it is too large`);
  }
  return read === "unchanged" ? undefined : { text: read.text, url: pathToFileURL(file).href };
}

const LINK = "sourceMappingURL=";

function linkOf(text: string): string | undefined {
  for (let at = text.lastIndexOf(LINK); at >= 0; at = text.lastIndexOf(LINK, at - 1)) {
    if (/\/[/*][#@][ \t]*$/.test(text.slice(Math.max(0, at - 8), at))) {
      const rest = text.slice(at + LINK.length);
      return /^[^\s'"*]+/.exec(rest)?.[0];
    }
    if (at === 0) break;
  }
  return undefined;
}

/** Returns the file of a link, or undefined if it is not on this machine or not a map. */
function linkedFile(script: string, link: string): string | undefined {
  try {
    const url = new URL(link, pathToFileURL(script));
    if (url.protocol !== "file:" || url.host !== "") return undefined;
    const file = fileURLToPath(url);
    return MAP.test(file) ? file : undefined;
  } catch {
    return undefined;
  }
}

function dataOf(link: string): string {
  const comma = link.indexOf(",");
  if (comma < 0) throw new MapError("its data URL is invalid");
  const data = link.slice(comma + 1);
  if (link.slice(0, comma).endsWith(";base64")) return Buffer.from(data, "base64").toString();
  return decodeURIComponent(data);
}

/** Reads a file. Returns undefined if it is not a regular file, is too large, or is not readable. */
async function readRegularFile(
  name: string,
  limit: number,
  unlessChanged?: number,
): Promise<{ text: string; changed: number } | "unchanged" | undefined> {
  try {
    // Opening a named pipe must not wait for its writer.
    const file = await open(name, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const stat = await file.stat();
      if (!stat.isFile() || stat.size > limit) return undefined;
      if (stat.mtimeMs === unlessChanged) return "unchanged";
      return { text: await file.readFile("utf8"), changed: stat.mtimeMs };
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}

/** Parses a map. Throws if the text is not a source map. */
function scriptMap(text: string, url: string): Pick<CachedMap, "map" | "size"> {
  // Some servers add a first line that keeps other sites from loading the map as a script.
  const json: unknown = JSON.parse(text.replace(/^\)\]\}'[^\n]*\n/, ""));
  if (typeof json !== "object" || json === null) throw new MapError(NOT_A_MAP);
  const size = checkSize(json, 0) * BYTES_PER_CHARACTER;
  // The text of the source files is most of the map, and is not needed.
  const map = traceMap({ ...json, sourcesContent: undefined }, url);
  const { names, resolvedSources } = map;
  // A source of null has no file, but would resolve to the map's folder.
  const files = resolvedSources.map((source, i) =>
    map.sources[i] && !source.endsWith("/") ? scriptFile(source) : "",
  );
  const fileOf = new Map(resolvedSources.map((source, i) => [source, files[i]]));
  const places: ScriptMap = {
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
  return { map: places, size };
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
