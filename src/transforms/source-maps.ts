import { Int64Builder, indexColumn, int64At, rowIds } from "../profile/columns.js";
import type { FunctionIndex, StringIndex } from "../profile/indices.js";
import type { FunctionTable, Profile } from "../profile/profile.js";
import { anonymousName, isAnonymous } from "../profile/script-names.js";
import { startColumns } from "../profile/start-columns.js";
import { encodeUtf8 } from "../profile/utf8.js";

/** A position in a source file; lines and columns count from 1. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The source map of a script. Lines and columns count from 1. */
export interface ScriptMap {
  /** Returns the source position; the column 0 means the first mapped position of the line. */
  positionOf(line: number, column: number): SourcePosition | undefined;
  /** Set if the script was compiled in memory, so that unmapped positions are in no file. */
  readonly isInMemory?: boolean;
  /** Returns the original name of the identifier that begins exactly there, if it was renamed. */
  nameAt(line: number, column: number): string | undefined;
}

/** In place of a map: the lines of the script are unknown, and those in the profile are wrong. */
export const UNKNOWN_LINES: ScriptMap = {
  isInMemory: true,
  positionOf: () => undefined,
  nameAt: () => undefined,
};

/** The maximum length of names and paths; nobody writes longer ones. */
const MAX_NAME_LENGTH = 4096;

/** The maximum number of lines above an unmapped line that are searched for a mapped one. */
const MAX_LINES_UP = 100;

/**
 * The possible distances between the name of a function and the position where V8 says it begins: 0
 * in `name(`, more in `name=(` and `name=async(`.
 */
const NAME_GAPS = ["", "=", "=async"].map((between) => between.length);

/**
 * Returns the profile with the functions and lines of the original sources, if `mapOf` has a map
 * for the file of a function. A function keeps its name unless it has none or the map has the
 * original name of that very identifier. V8 gives no columns for sampled lines, so the first mapped
 * position of the line counts. A function with an unmapped beginning, such as the code of a whole
 * bundle, is split into one function per source file.
 */
export function applyScriptMaps(
  profile: Profile,
  mapOf: (file: string) => ScriptMap | undefined,
): Profile {
  const { lines } = profile;
  const functions = new MappedFunctions(profile, mapOf);
  if (!functions.areAny) return profile;
  const fn = new Uint32Array(lines.length);
  const line = new Int64Builder();
  const column = new Int64Builder();
  for (let row = 0; row < lines.length; row++) {
    const before = lines.function[row];
    const found = functions.sourceOf(before, Number(int64At(lines.line, row)));
    fn[row] = found?.fn ?? before;
    line.push(found ? found.position.line : int64At(lines.line, row));
    column.push(found ? found.position.column : int64At(lines.column, row));
  }
  return {
    ...profile,
    functions: functions.table(),
    strings: functions.strings.table(),
    lines: {
      length: lines.length,
      function: indexColumn<FunctionIndex>(fn),
      line: line.finish(),
      column: column.finish(),
    },
  };
}

interface MappedFunction {
  readonly map: ScriptMap;
  /** The source position of its beginning; undefined if unmapped. */
  readonly start: SourcePosition | undefined;
  /** The position of unmapped lines if they are in no file. */
  readonly unknown: SourcePosition | undefined;
  /** The line of its beginning in the script. */
  readonly generatedStart: number;
}

class MappedFunctions {
  readonly strings: AddedStrings;
  readonly #profile: Profile;
  readonly #mapped: (MappedFunction | undefined)[] = [];
  readonly #names: number[];
  readonly #files: number[];
  readonly #systemNames: number[];
  readonly #startLines = new Int64Builder();
  readonly #startColumns = new Int64Builder();
  /** By function and file: the part of the function from that file. */
  readonly #parts = new Map<string, number>();

  constructor(profile: Profile, mapOf: (file: string) => ScriptMap | undefined) {
    const { functions } = profile;
    this.#profile = profile;
    this.strings = new AddedStrings(profile);
    this.#names = Array.from<number>(functions.name as ArrayLike<number>);
    this.#files = Array.from<number>(functions.filename as ArrayLike<number>);
    this.#systemNames = Array.from<number>(functions.systemName as ArrayLike<number>);
    for (let fn = 0; fn < functions.length; fn++) {
      const map = mapOf(this.strings.get(functions.filename[fn]));
      const start = map && this.#map(fn as FunctionIndex, map);
      this.#startLines.push(start ? start.line : int64At(functions.startLine, fn));
      this.#startColumns.push(start ? start.column : int64At(functions.startColumn, fn));
    }
  }

  get areAny(): boolean {
    return this.#mapped.length > 0;
  }

  /** Replaces a function's name, file and first line; returns where it begins in the source. */
  #map(fn: FunctionIndex, map: ScriptMap): SourcePosition | undefined {
    const { functions } = this.#profile;
    const startLine = int64At(functions.startLine, fn);
    const startColumn = Number(int64At(startColumns(this.#profile), fn));
    const file = this.strings.get(functions.filename[fn]);
    const start = usable(map.positionOf(Number(startLine), startColumn));
    const unknown = map.isInMemory ? { file, line: 0, column: 0 } : undefined;
    this.#mapped[fn] = { map, start, unknown, generatedStart: Number(startLine) };
    const shown = start ?? unknown;
    if (!shown) return undefined;
    const name = this.strings.get(functions.name[fn]);
    const found = isAnonymous(name, file, startLine, startColumn)
      ? anonymousName(shown.file, shown.line, shown.column)
      : nameInSource(map, name, Number(startLine), startColumn);
    if (found !== undefined && found.length <= MAX_NAME_LENGTH)
      this.#names[fn] = this.strings.add(found);
    this.#files[fn] = this.strings.add(shown.file);
    return shown;
  }

  /** Returns the source position of a line of a function, and the function that contains it. */
  sourceOf(fn: FunctionIndex, line: number): { fn: number; position: SourcePosition } | undefined {
    const mapped = this.#mapped[fn];
    if (!mapped) return undefined;
    const { map, start, unknown } = mapped;
    if (start) return { fn, position: positionWithin(mapped, start, line) };
    const position = usable(map.positionOf(line, 0));
    if (position) return { fn: this.#part(fn, position.file), position };
    return unknown && { fn, position: unknown };
  }

  /** Returns the part of a function that comes from `file`, as a function of its own. */
  #part(fn: FunctionIndex, file: string): number {
    const key = `${fn} ${file}`;
    let part = this.#parts.get(key);
    if (part === undefined) {
      const name = this.strings.get(this.#profile.functions.name[fn]);
      const isNameless = name.startsWith(anonymousName("", 0, 0));
      part = this.#names.length;
      this.#parts.set(key, part);
      this.#names.push(isNameless ? this.strings.add(anonymousName(file, 0, 0)) : this.#names[fn]);
      this.#files.push(this.strings.add(file));
      this.#systemNames.push(this.#systemNames[fn]);
      this.#startLines.push(1);
      this.#startColumns.push(0);
    }
    return part;
  }

  table(): FunctionTable {
    const strings = (column: number[]) => indexColumn<StringIndex>(Uint32Array.from(column));
    const { functions } = this.#profile;
    const { length } = this.#names;
    return {
      length,
      id: length === functions.length ? functions.id : rowIds(length),
      name: strings(this.#names),
      systemName: strings(this.#systemNames),
      filename: strings(this.#files),
      startLine: this.#startLines.finish(),
      startColumn: this.#startColumns.finish(),
    };
  }
}

/** Returns the position if its file name has a plausible length. */
function usable(position: SourcePosition | undefined): SourcePosition | undefined {
  return position && position.file.length <= MAX_NAME_LENGTH ? position : undefined;
}

/**
 * Returns the source position of a line of a function, or the function's beginning if the line is
 * unmapped or in another file.
 */
function positionWithin(
  { map, generatedStart }: MappedFunction,
  start: SourcePosition,
  line: number,
): SourcePosition {
  const first = Math.max(generatedStart + 1, line - MAX_LINES_UP);
  for (let at = line; at >= first; at--) {
    const position = map.positionOf(at, 0);
    if (position) return position.file === start.file ? position : start;
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
  for (const gap of NAME_GAPS) {
    const found = map.nameAt(line, column - name.length - gap);
    if (found) return found;
  }
  return undefined;
}

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

  /** Returns the index of `text`, added if it is new. */
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
