import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  realpathSync,
} from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type ScriptMap, UNKNOWN_LINES } from "../transforms/source-maps.js";
import type { LoadedScript } from "../v8/loaded-scripts.js";
import { MapError, NOT_A_MAP, parseSourceMap } from "./parse-source-map.js";
import { isBelow } from "./source-file.js";

const MAP = /\.(?:map|json)$/i;
/** The folder of a package, and the folders that contain it. */
const PACKAGE = /^.*[/\\]node_modules[/\\](?:@[^/\\]+[/\\])?[^/\\]+(?=[/\\])/s;

const MAX_SCRIPT_BYTES = 64 * 2 ** 20;
const MAX_MAP_BYTES = 64 * 2 ** 20;

/** The limits of the cache. */
const MAX_CACHED_BYTES = 64 * 2 ** 20;
const MAX_CACHED_SCRIPTS = 10_000;

interface UsedMap {
  /** The memory that the map needs, in bytes. */
  readonly size: number;
  readonly map: ScriptMap | undefined;
}

interface CachedMap extends UsedMap {
  /** When the script was last modified, in milliseconds since 1970. */
  readonly changed: number;
  /** The number of the script's line breaks. */
  readonly lineBreaks: number;
}

interface MapSettings {
  readonly warn: (line: string) => void;
  readonly isAutomatic: boolean;
}

const cache = new Map<string, CachedMap>();
let cachedBytes = 0;

/**
 * Returns the map that is inside a script, or that it names, or that lies beside it; undefined if
 * there is no script. Warns if the map cannot be used, unless the script is part of a package, or
 * the map is in another folder and `isAutomatic` is set.
 */
export function mapOf(script: string, settings: MapSettings): CachedMap | undefined {
  const name = realPath(path.resolve(script));
  if (name === undefined) return undefined;
  const before = cache.get(name);
  const read = readRegularFile(name, MAX_SCRIPT_BYTES, before?.changed);
  if (read?.text === undefined) return read && before;
  const { text, changed } = read;
  const entry = {
    ...readMap(name, () => textOfMap(name, text), settings),
    changed,
    lineBreaks: lineBreaksOf(text),
  };
  store(name, entry);
  return entry;
}

/**
 * Returns the map of a script that V8 has loaded, which may have been compiled in memory. Returns
 * {@link UNKNOWN_LINES} if it has other lines than its file, and no map.
 */
export function mapOfLoaded(
  script: string,
  { sourceMapUrl, lineBreaks }: LoadedScript,
  settings: MapSettings,
): UsedMap | undefined {
  if (sourceMapUrl.startsWith("data:")) {
    const url = pathToFileURL(script).href;
    const found = readMap(script, () => ({ text: dataOf(sourceMapUrl), url }), settings);
    if (!found.map) return { size: 0, map: UNKNOWN_LINES };
    return { size: found.size, map: { ...found.map, isInMemory: true } };
  }
  const ofFile = mapOf(script, settings);
  if (!ofFile) return undefined;
  // Loaders may wrap the code in a function, whose end is on a line of its own.
  const added = lineBreaks - ofFile.lineBreaks;
  return added === 0 || added === 1 ? ofFile : { size: 0, map: UNKNOWN_LINES };
}

/** Counts line breaks as JavaScript does. */
function lineBreaksOf(text: string): number {
  return text.match(/\r\n?|[\n\u2028\u2029]/g)?.length ?? 0;
}

/** Reads and parses the map of a script. Warns if it cannot be used. */
function readMap(
  name: string,
  read: () => MapText | undefined,
  { warn, isAutomatic }: MapSettings,
): UsedMap {
  const packageFolder = PACKAGE.exec(name)?.[0];
  try {
    const found = read();
    if (found) return parseSourceMap(found.text, found.url, packageFolder);
  } catch (error) {
    // V8's messages for invalid JSON quote the file's content.
    const reason = error instanceof MapError ? error.message : NOT_A_MAP;
    // The name in a link may contain line breaks.
    const line = `the source map of ${name} is not used: ${reason}`.replace(LINE_BREAKS, " ");
    const isIgnored = packageFolder !== undefined || (isAutomatic && error instanceof OutsideError);
    if (!isIgnored) warn(line);
  }
  return { size: 0, map: undefined };
}

const LINE_BREAKS = /[\r\n\u2028\u2029]+/g;

function store(name: string, entry: CachedMap): void {
  cachedBytes += entry.size - (cache.get(name)?.size ?? 0);
  cache.set(name, entry);
  if (cachedBytes <= MAX_CACHED_BYTES && cache.size <= MAX_CACHED_SCRIPTS) return;
  cache.clear();
  cachedBytes = 0;
}

/** The map of a script is in another folder. */
class OutsideError extends MapError {}

interface MapText {
  readonly text: string;
  /** The base of relative names of source files. */
  readonly url: string;
}

/** Returns the map that a script's last link names, or the map beside the script. */
function textOfMap(script: string, text: string): MapText | undefined {
  const link = linkOf(text);
  if (link?.startsWith("data:")) {
    return { text: dataOf(link), url: pathToFileURL(script).href };
  }
  const file = link === undefined ? `${script}.map` : linkedFile(script, link);
  if (file === undefined || (link === undefined && !existsSync(file))) return undefined;
  const real = pathWithin(path.dirname(script), file);
  const read = real === undefined ? undefined : readRegularFile(real, MAX_MAP_BYTES)?.text;
  if (!read) throw new MapError(`there is no file ${file}, or it is too large`);
  return { text: read, url: pathToFileURL(file).href };
}

/**
 * Returns the path of a file without symbolic links; undefined if there is no such file. Throws if
 * the file is not in the folder or below it. Touches no file outside.
 */
function pathWithin(folder: string, file: string): string | undefined {
  const real = isWithin(folder, file) ? realPath(file) : file;
  if (real !== undefined && !isWithin(folder, real)) {
    throw new OutsideError(`${file} is outside the folder of the script`);
  }
  return real;
}

function isWithin(folder: string, file: string): boolean {
  // The root of the file system contains every file.
  const isRoot = path.dirname(folder) === folder;
  return isRoot ? path.dirname(file) === folder : isBelow(file, folder);
}

/** Returns a path without symbolic links; undefined if there is no such file. */
function realPath(name: string): string | undefined {
  try {
    return realpathSync.native(name);
  } catch {
    return undefined;
  }
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

/**
 * Reads a file, without its text if it was last changed at `unlessChanged`. Returns undefined if it
 * is not a regular file, is too large, or is not readable.
 */
function readRegularFile(
  name: string,
  limit: number,
  unlessChanged?: number,
): { text?: string; changed: number } | undefined {
  try {
    // Opening a named pipe must not wait for its writer.
    const file = openSync(name, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const stat = fstatSync(file);
      if (!stat.isFile() || stat.size > limit) return undefined;
      const changed = stat.mtimeMs;
      return changed === unlessChanged
        ? { changed }
        : { text: readFileSync(file, "utf8"), changed };
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}
