import { scriptFile } from "../../profile/script-names.js";
import type { JsonInput, JsonObject } from "../json.js";
import { addressInName, sourcePath } from "./frames.js";
import type { FirefoxLibraries } from "./libraries.js";
import {
  type FirefoxFrame,
  type FirefoxStacks,
  indexOf,
  indicesOf,
  NONE,
  positionOf,
} from "./recording.js";

/** The properties of a process that its threads share. */
export interface GeckoProcess {
  /** In order of their addresses. */
  readonly mapped: readonly MappedLibrary[];
  /** The scripts, by the numbers that follow locations in brackets. */
  readonly sources: GeckoTable | undefined;
}

/** A table of rows, whose schema has the positions of the columns. Rows may lack their last values. */
export class GeckoTable {
  readonly #json: JsonInput;
  readonly #schema: JsonObject;
  readonly #rows: readonly unknown[];

  constructor(json: JsonInput, table: unknown) {
    const { schema, data } = json.object(table, "a table");
    this.#json = json;
    this.#schema = json.object(schema, "a schema");
    this.#rows = json.list(data, "the data of a table");
  }

  get length(): number {
    return this.#rows.length;
  }

  has(column: string): boolean {
    return this.#schema[column] !== undefined;
  }

  /** Returns a value; undefined if it is missing. */
  at(row: number, column: string): unknown {
    const position = this.#schema[column];
    if (position === undefined) return undefined;
    const values = this.#rows[row];
    if (!Array.isArray(values)) throw this.#json.malformed("a row is not a list");
    return values[this.#json.whole(position, "a schema's position")];
  }

  /** Returns the values of a column. */
  column(name: string): unknown[] {
    this.#json.budget.charge(this.#rows.length * 8);
    return this.#rows.map((_, row) => this.at(row, name));
  }
}

export interface MappedLibrary {
  /** The addresses of the process where the library is mapped. */
  readonly start: bigint;
  readonly end: bigint;
  /** The address in the process of the library's beginning. */
  readonly base: bigint;
  readonly index: number;
}

/** The stacks of a thread in raw profiles. Frames are texts, which contain positions or addresses. */
export class GeckoFrames implements FirefoxStacks {
  readonly stackCount: number;
  readonly frameCount: number;
  readonly hasReturnAddresses = true;
  readonly #json: JsonInput;
  readonly #frames: GeckoTable;
  readonly #strings: readonly unknown[];
  readonly #stackFrames: Int32Array;
  readonly #callers: Int32Array;
  readonly #mapped: readonly MappedLibrary[];
  readonly #sources: GeckoTable | undefined;

  constructor(json: JsonInput, thread: JsonObject, { mapped, sources }: GeckoProcess) {
    this.#json = json;
    this.#sources = sources;
    this.#strings = json.list(thread.stringTable, "stringTable");
    this.#frames = new GeckoTable(json, thread.frameTable);
    const stacks = new GeckoTable(json, thread.stackTable);
    this.stackCount = stacks.length;
    this.frameCount = this.#frames.length;
    this.#stackFrames = indicesOf(json, stacks.column("frame"), this.frameCount, "a frame");
    this.#callers = indicesOf(json, stacks.column("prefix"), this.stackCount, "a prefix");
    this.#mapped = mapped;
  }

  callerOf(stack: number): number {
    return this.#callers[stack];
  }

  frameOf(stack: number): number {
    const frame = this.#stackFrames[stack];
    if (frame === NONE) throw this.#json.malformed("a stack has no frame");
    return frame;
  }

  categoryOf(): number {
    return NONE;
  }

  frame(index: number): FirefoxFrame {
    const frames = this.#frames;
    const string = indexOf(
      this.#json,
      frames.at(index, "location"),
      this.#strings.length,
      "a location",
    );
    if (string === NONE) throw this.#json.malformed("a frame has no location");
    const location = this.#json.text(this.#strings[string], "a location");
    const category = frames.at(index, "category");
    return {
      ...(this.#native(location) ?? this.#script(location) ?? { ...UNKNOWN, name: location }),
      line: positionOf(frames.at(index, "line")),
      column: positionOf(frames.at(index, "column")),
      inlineDepth: 0,
      category: typeof category === "number" ? category : NONE,
    };
  }

  /** Returns a frame whose location is an address of the process, or of native code with a name. */
  #native(location: string): NewFrame | undefined {
    const address = addressInName(location);
    if (address !== undefined) {
      const library = this.#libraryAt(address);
      if (!library) return { ...UNKNOWN, name: location, address };
      return {
        ...UNKNOWN,
        name: location,
        library: library.index,
        address: address - library.base,
      };
    }
    // `name (in library)`, perhaps with a position, in profiles that were symbolicated.
    const end = location.lastIndexOf(" (in ");
    if (end <= 0 || !/^ \(in [^)]*\)(?: \+ \d+| \([^)]*\))?$/.test(location.slice(end)))
      return undefined;
    return { ...UNKNOWN, name: location.slice(0, end) };
  }

  #libraryAt(address: bigint): MappedLibrary | undefined {
    let low = 0;
    let high = this.#mapped.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#mapped[middle].end <= address) low = middle + 1;
      else high = middle;
    }
    const library = this.#mapped[low] as MappedLibrary | undefined;
    return library && library.start <= address ? library : undefined;
  }

  /** Returns the frame of `name (url:line:column)[source]`, or of `url:line:column[source]`. */
  #script(location: string): NewFrame | undefined {
    const end = /:(\d{1,15})(?::(\d{1,15}))?(\))?(?:\[(\d{1,15})\])?$/.exec(location);
    if (!end) return undefined;
    const [, line, column, bracket, source] = end;
    // The URL may contain brackets, but the name of a function does not.
    const open = bracket ? location.indexOf(" (") : 0;
    if (open < 0 || open > end.index) return undefined;
    const url = location.slice(bracket ? open + 2 : 0, end.index) || this.#sourceUrl(source);
    // Scripts that load other scripts have a chain of URLs.
    const file = url.slice(url.lastIndexOf(CHAIN) < 0 ? 0 : url.lastIndexOf(CHAIN) + CHAIN.length);
    if (file === "") return undefined;
    return {
      ...UNKNOWN,
      name: (bracket && location.slice(0, open)) || `(root scope) ${file}`,
      file: sourcePath(scriptFile(file)),
      startLine: Number(line),
      startColumn: Number(column ?? 0),
    };
  }

  #sourceUrl(source: string | undefined): string {
    const row = Number(source);
    if (!this.#sources || !(row < this.#sources.length)) return "";
    return this.#json.text(this.#sources.at(row, "filename"), "a filename");
  }
}

const CHAIN = " -> ";

type NewFrame = Omit<FirefoxFrame, "line" | "column" | "inlineDepth" | "category">;

const UNKNOWN: NewFrame = {
  name: "",
  file: "",
  startLine: 0,
  startColumn: 0,
  library: NONE,
  address: undefined,
};

/** Returns the libraries of a process in order of their addresses. */
export function mappedLibraries(
  json: JsonInput,
  libs: readonly unknown[],
  libraries: FirefoxLibraries,
): MappedLibrary[] {
  json.budget.charge(libs.length * 100);
  const mapped = libs.map((lib) => {
    const { start, end, offset } = json.object(lib, "a library");
    const first = BigInt(json.whole(start, "the start of a library"));
    return {
      start: first,
      end: BigInt(json.whole(end, "the end of a library")),
      base: first - BigInt(json.whole(offset, "the offset of a library", 0)),
      index: libraries.add(lib),
    };
  });
  return mapped.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
}
