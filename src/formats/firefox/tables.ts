import { scriptFile } from "../../profile/script-names.js";
import type { JsonInput, JsonObject } from "../json.js";
import { addressInName, sourcePath } from "./frames.js";
import {
  type FirefoxFrame,
  type FirefoxStacks,
  indexOf,
  indicesOf,
  NONE,
  positionOf,
} from "./recording.js";

/** The first version whose frames have the addresses of calls, not those to which calls return. */
const CALL_ADDRESSES_VERSION = 38;

/** The tables of processed profiles, by column: of one thread, or since version 60 of all. */
export class FirefoxTables implements FirefoxStacks {
  readonly stackCount: number;
  readonly frameCount: number;
  readonly hasReturnAddresses: boolean;
  readonly #json: JsonInput;
  readonly #libraries: readonly number[];
  readonly #stackFrames: Int32Array;
  readonly #callers: Int32Array;
  readonly #stackCategories: readonly unknown[];
  readonly #strings: readonly unknown[];
  readonly #frames: Columns;
  readonly #functions: Columns;
  readonly #resources: Columns;
  readonly #sources: Columns;
  readonly #positions: Columns;

  /**
   * Reads the tables of `owner`, a thread or the `shared` object. `libraries` has the library of each
   * number in the tables. Throws a ProfileError if the tables are invalid.
   */
  constructor(json: JsonInput, owner: JsonObject, version: number, libraries: readonly number[]) {
    this.#json = json;
    this.hasReturnAddresses = version < CALL_ADDRESSES_VERSION;
    this.#libraries = libraries;
    this.#strings = stringsOf(json, owner);
    this.#frames = new Columns(json, owner.frameTable, "frameTable");
    this.#functions = new Columns(json, owner.funcTable, "funcTable");
    this.#resources = new Columns(json, owner.resourceTable ?? {}, "resourceTable");
    this.#sources = new Columns(json, owner.sources ?? {}, "sources");
    this.#positions = new Columns(json, owner.sourceLocationTable ?? {}, "sourceLocationTable");
    this.frameCount = this.#frames.list("func").length;
    const stacks = new Columns(json, owner.stackTable, "stackTable");
    this.#stackFrames = indicesOf(json, stacks.list("frame"), this.frameCount, "a frame");
    this.stackCount = this.#stackFrames.length;
    this.#callers = callersOf(json, stacks, this.stackCount);
    this.#stackCategories = stacks.list("category", true);
  }

  callerOf(stack: number): number {
    return this.#callers[stack];
  }

  frameOf(stack: number): number {
    const frame = this.#stackFrames[stack];
    if (frame === NONE) throw this.#json.malformed("a stack has no frame");
    return frame;
  }

  categoryOf(stack: number): number {
    return categoryOf(this.#stackCategories[stack]);
  }

  frame(index: number): FirefoxFrame {
    const frames = this.#frames;
    const fn = frames.index("func", index, this.#functions.list("name").length, "a function");
    if (fn === NONE) throw this.#json.malformed("a frame has no function");
    const functions = this.#functions;
    const original = this.#original(functions, fn);
    const running = this.#original(frames, index);
    // A position in another source than the function's is of a call that a compiler inlined.
    const isOriginal = running !== undefined && running.file === original?.file;
    const library = this.#libraryOf(index, fn);
    const address = frames.list("address", true)[index];
    const name = this.#string(functions.list("name")[fn]);
    return {
      name,
      file: original?.file ?? this.#fileOf(fn),
      startLine: original?.line ?? positionOf(functions.list("lineNumber", true)[fn]),
      startColumn: original?.column ?? positionOf(functions.list("columnNumber", true)[fn]),
      ...(original
        ? { line: isOriginal ? running.line : 0, column: isOriginal ? running.column : 0 }
        : {
            line: positionOf(frames.list("line", true)[index]),
            column: positionOf(frames.list("column", true)[index]),
          }),
      library,
      address:
        typeof address === "number" && Number.isSafeInteger(address) && address >= 0
          ? BigInt(address)
          : addressInName(name),
      inlineDepth: positionOf(frames.list("inlineDepth", true)[index]),
      category: categoryOf(frames.list("category", true)[index]),
    };
  }

  /** Returns the position before compilation, from a source map, of a frame or function. */
  #original(table: Columns, row: number) {
    const positions = this.#positions;
    const count = positions.list("source", true).length;
    const position = table.index("originalLocation", row, count, "an originalLocation");
    if (position === NONE) return undefined;
    const sourceCount = this.#sources.list("filename", true).length;
    const source = positions.index("source", position, sourceCount, "a source");
    if (source === NONE) return undefined;
    return {
      file: this.#sourceFile(source),
      line: positionOf(positions.list("line", true)[position]),
      column: positionOf(positions.list("column", true)[position]),
    };
  }

  #fileOf(fn: number): string {
    // Versions before 58 have names of files instead of sources.
    const names = this.#functions.list("fileName", true);
    if (names.length > 0) return fileName(this.#string(names[fn]));
    const count = this.#sources.list("filename", true).length;
    const source = this.#functions.index("source", fn, count, "a source");
    return source === NONE ? "" : this.#sourceFile(source);
  }

  #sourceFile(source: number): string {
    return fileName(this.#string(this.#sources.list("filename")[source]));
  }

  /** Returns the library of a frame, which is a property of its resource before version 70. */
  #libraryOf(frame: number, fn: number): number {
    const count = this.#libraries.length;
    let library = this.#frames.index("lib", frame, count, "a library");
    if (library === NONE) {
      const resources = this.#resources.list("lib", true).length;
      const resource = this.#functions.list("resource", true)[fn];
      if (typeof resource !== "number" || resource < 0 || resource >= resources) return NONE;
      library = this.#resources.index("lib", resource, count, "a library");
    }
    return library === NONE ? NONE : this.#libraries[library];
  }

  #string(index: unknown): string {
    const at = indexOf(this.#json, index, this.#strings.length, "a string");
    return at === NONE ? "" : this.#json.text(this.#strings[at], "a string");
  }
}

/** The columns of a table. */
class Columns {
  readonly #json: JsonInput;
  readonly #table: JsonObject;
  readonly #name: string;

  constructor(json: JsonInput, table: unknown, name: string) {
    this.#json = json;
    this.#table = json.object(table, name);
    this.#name = name;
  }

  list(column: string, isOptional = false): readonly unknown[] {
    const list = this.#table[column];
    // Millions of rows are read, so build the name for errors only.
    if (Array.isArray(list)) return list;
    return this.#json.list(list, `${this.#name}.${column}`, isOptional);
  }

  /** Returns the index below `limit` in a row of a column, or {@link NONE}. */
  index(column: string, row: number, limit: number, what: string): number {
    return indexOf(this.#json, this.list(column, true)[row], limit, what);
  }
}

/** Returns the strings of a thread or of all threads, which few old files call `stringTable`. */
function stringsOf(json: JsonInput, { stringArray, stringTable }: JsonObject): readonly unknown[] {
  return json.list(stringArray ?? stringTable, "stringArray");
}

/** Returns the callers of stacks. Since version 66 they are offsets to rows before. */
function callersOf(json: JsonInput, stacks: Columns, count: number): Int32Array {
  const offsets = stacks.list("prefixOffset", true);
  if (offsets.length === 0) {
    const callers = indicesOf(json, stacks.list("prefix", count === 0), count, "a prefix");
    if (callers.length !== count) throw json.malformed("stackTable.prefix has another length");
    return callers;
  }
  if (offsets.length !== count) throw json.malformed("stackTable.prefixOffset has another length");
  json.budget.charge(count * Int32Array.BYTES_PER_ELEMENT);
  return Int32Array.from(offsets, (offset, stack) => {
    if (typeof offset === "number" && Number.isInteger(offset) && offset >= 0 && offset <= stack) {
      return offset === 0 ? NONE : stack - offset;
    }
    throw json.malformed("a prefixOffset is out of range");
  });
}

function categoryOf(value: unknown): number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : NONE;
}

/** Returns the file of a script or of native code. */
function fileName(name: string): string {
  return sourcePath(scriptFile(name));
}
