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

/** How {@link applySourceMaps} works. */
export interface SourceMapOptions {
  /** Takes a line about each map that cannot be used. */
  readonly warn?: (line: string) => void;
}

/**
 * The profile with the places in the sources that its scripts were made from: TypeScript,
 * or modules before they were bundled. Scripts are the files of functions that are on this
 * machine; their maps are named in their last lines, or lie beside them. What has none, or
 * one that cannot be read, stays as it is. Maps are kept for the next call, as long as
 * their scripts do not change.
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
    if (!SCRIPT.test(name) || ELSEWHERE.test(name)) continue;
    const found = await mapOf(name, warn);
    if (!found?.map) continue;
    size += found.size;
    if (size > MAX_AT_ONCE) {
      warn("source maps need too much memory together: some are not used");
      break;
    }
    maps.set(file, found.map);
  }
  return maps.size === 0 ? profile : applyScriptMaps(profile, (file) => maps.get(file));
}

/** A profile names files as it likes: no others are opened for it. */
const SCRIPT = /\.(?:[cm]?[jt]s|[jt]sx)$/i;
const MAP = /\.(?:map|json)$/i;
/** URLs (but not drives), and files of other machines, which Windows would ask for them. */
const ELSEWHERE = /^(?:[a-z][a-z0-9+.-]+:|[/\\]{2})/i;

const MAX_SCRIPT = 64 * 2 ** 20;
const MAX_MAP = 64 * 2 ** 20;

/** A script has so many lines at most, and its map so many letters of mappings. */
const MAX_LINES = 2 ** 21;
const MAX_MAPPINGS = 16 * 2 ** 20;

/** What a letter of mappings takes once it is decoded, in bytes. */
const BYTES_PER_LETTER = 50;
/** So many bytes of maps are used for one profile, and kept for the next, of so many scripts. */
const MAX_AT_ONCE = 2 ** 30;
const MAX_KEPT = 64 * 2 ** 20;
const MAX_SCRIPTS = 10_000;

interface Kept {
  /** When the script was changed last. */
  readonly changed: number;
  /** What the map takes, in bytes. */
  readonly size: number;
  readonly map: ScriptMap | undefined;
}

const kept = new Map<string, Kept>();
let keptBytes = 0;

async function mapOf(script: string, warn: (line: string) => void): Promise<Kept | undefined> {
  const name = path.resolve(script);
  const before = kept.get(name);
  const read = await readRegularFile(name, MAX_SCRIPT, before?.changed);
  if (!read || read === "unchanged") return read && before;
  let entry: Kept = { changed: read.changed, size: 0, map: undefined };
  try {
    const found = await textOfMap(name, read.text);
    if (found) entry = { ...entry, ...scriptMap(found.text, found.url) };
  } catch (error) {
    // Engines quote what they read: the first words are enough, and free of it.
    const reason = error instanceof MapError ? error.message : "it is no source map";
    // Links may name files with breaks of lines in them.
    warn(`the source map of ${name} is not used: ${reason}`.replace(/[\r\n\u2028\u2029]+/g, " "));
  }
  keep(name, entry);
  return entry;
}

function keep(name: string, entry: Kept): void {
  keptBytes += entry.size - (kept.get(name)?.size ?? 0);
  kept.set(name, entry);
  if (keptBytes <= MAX_KEPT && kept.size <= MAX_SCRIPTS) return;
  kept.clear();
  keptBytes = 0;
}

/** Why a map is not used, in words for the user. */
class MapError extends Error {}

interface MapText {
  readonly text: string;
  /** What its sources are relative to. */
  readonly url: string;
}

/** The map that a script names in its last such line, or the one beside it. */
async function textOfMap(script: string, text: string): Promise<MapText | undefined> {
  const link = linkOf(text);
  if (link?.startsWith("data:")) {
    return { text: dataOf(link), url: pathToFileURL(script).href };
  }
  const file = link === undefined ? `${script}.map` : linkedFile(script, link);
  if (file === undefined) return undefined;
  const read = await readRegularFile(file, MAX_MAP);
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

/** The file that a link means; undefined where it is elsewhere, or of another kind. */
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
  if (comma < 0) throw new MapError("it is no data URL");
  const data = link.slice(comma + 1);
  if (link.slice(0, comma).endsWith(";base64")) return Buffer.from(data, "base64").toString();
  return decodeURIComponent(data);
}

/** Undefined where it is no file that can be read whole. */
async function readRegularFile(
  name: string,
  limit: number,
  unlessChanged?: number,
): Promise<{ text: string; changed: number } | "unchanged" | undefined> {
  try {
    // A FIFO would wait for whoever writes to it.
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

/** The map, and what it takes. Throws where the text is no source map. */
function scriptMap(text: string, url: string): Pick<Kept, "map" | "size"> {
  // Some servers want what no script may load to begin so.
  const json: unknown = JSON.parse(text.replace(/^\)\]\}'[^\n]*\n/, ""));
  if (typeof json !== "object" || json === null) throw new MapError("it is no source map");
  const size = checkSize(json, 0) * BYTES_PER_LETTER;
  // The sources themselves, which are most of it, are not asked for.
  const map = traceMap({ ...json, sourcesContent: undefined }, url);
  const { names, resolvedSources } = map;
  // What is null comes from no file, but resolves to the folder of the map.
  const files = resolvedSources.map((source, i) =>
    map.sources[i] && !source.endsWith("/") ? scriptFile(source) : "",
  );
  const fileOf = new Map(resolvedSources.map((source, i) => [source, files[i]]));
  const places: ScriptMap = {
    place(line, column) {
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
 * Throws where a map, or a section of it, is of lines that no script has: there is a list
 * for each line before it, which a few bytes would make more than memory holds. Returns
 * how many letters of mappings there are, and throws where these are too many.
 */
function checkSize(json: object, before: number): number {
  const { sections, mappings } = json as { sections?: unknown; mappings?: unknown };
  const isText = typeof mappings === "string";
  if (!isText && !Array.isArray(sections)) throw new MapError("its mappings are no text");
  let letters = isText ? mappings.length : 0;
  if (Array.isArray(sections)) {
    for (const section of sections as { offset?: { line?: unknown }; map?: unknown }[]) {
      const line = section?.offset?.line;
      if (typeof line !== "number" || !(line >= 0 && before + line <= MAX_LINES)) {
        throw new MapError("it has sections where no script has lines");
      }
      if (typeof section.map === "object" && section.map !== null) {
        letters += checkSize(section.map, before + line);
      }
    }
  }
  if (letters > MAX_MAPPINGS) throw new MapError("it is too large");
  return letters;
}

/** The parsed map, with sections put together; throws where parts are not what they should be. */
function traceMap(json: object, url: string): TraceMap {
  const map = new FlattenMap(json as never, url);
  const areTexts = map.sources.every((source) => source === null || typeof source === "string");
  if (!areTexts) throw new MapError("its sources are no texts");
  // Decoded here, so that what is wrong with them is known now.
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
