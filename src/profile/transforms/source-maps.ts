import { Int64Builder, indexColumn, int64At } from "../columns.js";
import type { StringIndex } from "../indices.js";
import type { Profile } from "../profile.js";
import { anonymousName, isAnonymous } from "../script-names.js";
import { encodeUtf8 } from "../utf8.js";

/** A place in a source; lines and columns count from 1. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What is known of a script that was made from sources. Lines and columns count from 1. */
export interface ScriptMap {
  /** Where what is there comes from; with the column 0 what comes first in the line. */
  place(line: number, column: number): SourcePlace | undefined;
  /** What the name that begins exactly there is called in the source, where it is another. */
  nameAt(line: number, column: number): string | undefined;
}

/** Longer names and paths are of no source that a person has written. */
const MAX_TEXT = 4096;

/** How far above a line that comes from no source one is looked for that does. */
const MAX_LINES_UP = 100;

/**
 * What may stand between the name of a function and where V8 has it begin: nothing in
 * `name(`, and some letters in `name=(` and `name=async(`.
 */
const GAPS = ["", "=", "=async"].map((between) => between.length);

/**
 * The profile with functions and lines of the sources that scripts were made from, where
 * `mapOf` knows a map for the file of a function. A function keeps its name, unless it has
 * none, or the map has another for the very letters of it. V8 tells no columns of sampled
 * lines: they are where the first thing in the line comes from.
 */
export function applyScriptMaps(
  profile: Profile,
  mapOf: (file: string) => ScriptMap | undefined,
): Profile {
  const { functions, lines } = profile;
  const strings = new AddedStrings(profile);
  const starts = startColumns(profile);
  const mapped: (MappedFunction | undefined)[] = [];
  const names = Uint32Array.from(functions.name as ArrayLike<number>);
  const files = Uint32Array.from(functions.filename as ArrayLike<number>);
  const startLines = new Int64Builder();
  for (let fn = 0; fn < functions.length; fn++) {
    const startLine = int64At(functions.startLine, fn);
    const file = strings.get(functions.filename[fn]);
    const map = mapOf(file);
    const start = map?.place(Number(startLine), starts[fn]);
    if (!map || !start || start.file.length > MAX_TEXT) {
      startLines.push(startLine);
      continue;
    }
    mapped[fn] = { map, start, generatedStart: Number(startLine) };
    const name = strings.get(functions.name[fn]);
    const found = isAnonymous(name, file, startLine, starts[fn])
      ? anonymousName(start.file, start.line, start.column)
      : nameInSource(map, name, Number(startLine), starts[fn]);
    if (found !== undefined && found.length <= MAX_TEXT) names[fn] = strings.add(found);
    files[fn] = strings.add(start.file);
    startLines.push(start.line);
  }
  if (mapped.length === 0) return profile;

  const line = new Int64Builder();
  const column = new Int64Builder();
  for (let row = 0; row < lines.length; row++) {
    const fn = mapped[lines.function[row]];
    const place = fn && placeOf(fn, Number(int64At(lines.line, row)));
    line.push(place ? place.line : int64At(lines.line, row));
    column.push(place ? place.column : int64At(lines.column, row));
  }
  return {
    ...profile,
    strings: strings.table(),
    functions: {
      ...functions,
      name: indexColumn<StringIndex>(names),
      filename: indexColumn<StringIndex>(files),
      startLine: startLines.finish(),
    },
    lines: { ...lines, line: line.finish(), column: column.finish() },
  };
}

/** A function whose script has a map. */
interface MappedFunction {
  readonly map: ScriptMap;
  readonly start: SourcePlace;
  /** The line of its beginning in the script. */
  readonly generatedStart: number;
}

/** Where a line of a function comes from; its beginning, where that is not known or elsewhere. */
function placeOf({ map, start, generatedStart }: MappedFunction, line: number): SourcePlace {
  const first = Math.max(generatedStart + 1, line - MAX_LINES_UP);
  for (let at = line; at >= first; at--) {
    const place = map.place(at, 0);
    if (place) return place.file === start.file ? place : start;
  }
  return start;
}

function nameInSource(
  map: ScriptMap,
  name: string,
  line: number,
  column: number,
): string | undefined {
  if (column === 0) return undefined;
  for (const gap of GAPS) {
    const found = map.nameAt(line, column - name.length - gap);
    if (found) return found;
  }
  return undefined;
}

/** By function: the column where it begins, which lines have that are at its beginning; or 0. */
function startColumns({ functions, lines }: Profile): Float64Array {
  const columns = new Float64Array(functions.length);
  for (let row = 0; row < lines.length; row++) {
    const fn = lines.function[row];
    if (columns[fn] === 0 && int64At(lines.line, row) === int64At(functions.startLine, fn)) {
      columns[fn] = Number(int64At(lines.column, row));
    }
  }
  return columns;
}

/** The strings of a profile, and some more. */
class AddedStrings {
  readonly #profile: Profile;
  readonly #texts: Uint8Array[] = [];
  readonly #indices = new Map<string, number>();

  constructor(profile: Profile) {
    this.#profile = profile;
  }

  get(index: StringIndex): string {
    return this.#profile.strings.get(index);
  }

  /** The index of `text`, which is added where it was not yet. */
  add(text: string): number {
    let index = this.#indices.get(text);
    if (index === undefined) {
      index = this.#profile.strings.length + this.#texts.push(encodeUtf8(text)) - 1;
      this.#indices.set(text, index);
    }
    return index;
  }

  table() {
    return this.#profile.strings.extend(this.#texts);
  }
}
