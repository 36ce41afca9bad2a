import { int64At, isZeroAt } from "../profile/columns.js";
import type { FunctionIndex, LineIndex, StringIndex } from "../profile/indices.js";
import { memoized, RecentlyUsed } from "../profile/memo.js";
import type { Profile } from "../profile/profile.js";
import { ANONYMOUS, anonymousPosition } from "../profile/script-names.js";
import { startColumns } from "../profile/start-columns.js";
import { StringInterner, type StringTable } from "../profile/strings.js";
import type { Int64 } from "../units/int64.js";
import { type FunctionIdentity, type Identity, identifier } from "./identity.js";
import { isScriptFile } from "./linker-name.js";
import { cleanPath, trimSourcePath } from "./paths.js";
import { shortPaths } from "./short-paths.js";

/** The options that decide how source files are shown. */
export interface PathOptions {
  readonly trimPath: string;
  readonly sourcePath: string;
  /** Show source files as the profile names them; ignores `trimPath` and `sourcePath`. */
  readonly keepPaths?: true;
}

export const internerOf = memoized((strings: StringTable) => new StringInterner(strings));

const MAX_NAMES = 4;
const namesOf = memoized((_: Profile) => new RecentlyUsed<FunctionNames>(MAX_NAMES));

/** Returns the names of a profile's functions; the same ones for the same options. */
export function functionNames(profile: Profile, identity: Identity, paths: PathOptions) {
  const { trimPath, sourcePath, keepPaths = false } = paths;
  const key = JSON.stringify([identity, trimPath, sourcePath, keepPaths]);
  return namesOf(profile).get(key, () => new FunctionNames(profile, identity, paths));
}

/** The number of a source file as it is shown. {@link NO_FILE} if it is unknown. */
export type FileNumber = number;
export const NO_FILE: FileNumber = 0;

/**
 * The names of functions with the positions that tell apart functions of the same name, such as
 * `encode json.js:12`. Computes what is asked for, and only once per function.
 */
export class FunctionNames {
  readonly #profile: Profile;
  /** Returns the attributes that identify a function. */
  readonly identity: (fn: FunctionIndex) => FunctionIdentity;
  readonly #paths: PathOptions;
  readonly #interner: StringInterner;
  readonly #files: string[] = [""];
  readonly #numbers = new Map<string, FileNumber>([["", NO_FILE]]);
  /** By string index: the file's number, or -1. */
  readonly #numberOfString: Int32Array;
  #shortFiles: ReadonlyMap<string, string> | undefined;
  #sharedColumns: Uint8Array | undefined;
  #sharedNames: ReadonlySet<StringIndex> | undefined;
  #ambiguousNames: ReadonlySet<StringIndex> | undefined;
  #linesShared: Uint8Array | undefined;

  constructor(profile: Profile, identity: Identity, paths: PathOptions) {
    this.#profile = profile;
    this.identity = identifier(profile, identity);
    this.#paths = paths;
    this.#interner = internerOf(profile.strings);
    this.#numberOfString = new Int32Array(profile.strings.length).fill(-1);
  }

  /** Returns the string index of the name; equal names have equal indices. */
  name(fn: FunctionIndex): StringIndex {
    return this.#interner.canonical(this.#profile.functions.name[fn]);
  }

  fileNumber(fn: FunctionIndex): FileNumber {
    const filename = this.#profile.functions.filename[fn];
    let number = this.#numberOfString[filename];
    if (number < 0) {
      const { trimPath, sourcePath, keepPaths } = this.#paths;
      const whole = this.#profile.strings.get(filename);
      const path = keepPaths ? whole : trimSourcePath(whole, trimPath, sourcePath);
      const shown = path === "" ? "" : cleanPath(path);
      number = this.#numbers.get(shown) ?? this.#files.length;
      if (number === this.#files.length) {
        this.#files.push(shown);
        this.#numbers.set(shown, number);
      }
      this.#numberOfString[filename] = number;
    }
    return number;
  }

  file(number: FileNumber): string {
    return this.#files[number];
  }

  /** Returns the shortest path of a file that no other file of the profile has. */
  shortFile(number: FileNumber): string {
    this.#shortFiles ??= this.#shortenFiles();
    const file = this.#files[number];
    return this.#shortFiles.get(file) ?? file;
  }

  /** Returns the column where a function begins, if it tells functions apart; else 0. */
  identifyingColumn(fn: FunctionIndex): Int64 {
    this.#sharedColumns ??= this.#findSharedColumns();
    return this.#sharedColumns[fn] ? int64At(startColumns(this.#profile), fn) : 0;
  }

  /**
   * Returns a function's name without the position that names of nameless functions contain, and
   * without the middle of a very long name: thousands of functions may share it.
   */
  bareName(fn: FunctionIndex): string {
    const name = this.#text(this.#profile.functions.name[fn]);
    return this.#anonymousPosition(fn) === undefined
      ? withoutMiddle(name, MAX_BARE_NAME)
      : ANONYMOUS;
  }

  /** Tests whether a function is nameless and its name contains the position where it begins. */
  hasPositionInName(fn: FunctionIndex): boolean {
    return Boolean(this.#anonymousPosition(fn));
  }

  /** Returns where a function begins, such as `:12` or `:1:340`; empty if unknown. */
  start(fn: FunctionIndex): string {
    const { functions } = this.#profile;
    const inName = this.#anonymousPosition(fn);
    if (inName) return inName;
    const line = int64At(functions.startLine, fn);
    if (line === 0) return "";
    const isAnonymous = inName !== undefined;
    const column = isAnonymous
      ? int64At(startColumns(this.#profile), fn)
      : this.identifyingColumn(fn);
    return column === 0 ? `:${line}` : `:${line}:${column}`;
  }

  /**
   * Returns the position that reports print after a name: `json.js:12`, or the file alone if it is
   * enough; `:12` for code from `eval`, which has no file, if several functions have the name. Empty
   * if the name identifies the function, or the position is unknown.
   */
  position(fn: FunctionIndex): string {
    const identity = this.identity(fn);
    if (identity === "name") return "";
    const number = this.fileNumber(fn);
    if (number === NO_FILE) return this.#isAmbiguous(fn) ? this.start(fn) : "";
    switch (identity) {
      case "file":
        return this.#isShared(fn) ? this.shortFile(number) : "";
      case "definition": {
        const start = this.start(fn);
        // The frames of tags, and functions of unknown languages.
        const isBare = start === "" && !isScriptFile(this.file(number));
        return isBare && !this.#isShared(fn) ? "" : this.shortFile(number) + start;
      }
    }
  }

  /**
   * Tests whether another function of the same name and file has been running on one of this
   * function's lines, as when one contains the other.
   */
  sharesLine(fn: FunctionIndex): boolean {
    this.#linesShared ??= this.#findSharedLines();
    return this.#linesShared[fn] === 1;
  }

  /** Tests whether several functions without a file have the name of this one. */
  #isAmbiguous(fn: FunctionIndex): boolean {
    this.#ambiguousNames ??= this.#findAmbiguousNames();
    return this.identity(fn) === "definition" && this.#ambiguousNames.has(this.name(fn));
  }

  #isShared(fn: FunctionIndex): boolean {
    this.#sharedNames ??= this.#findSharedNames();
    return this.#sharedNames.has(this.name(fn));
  }

  /** Returns the name with the position, as reports print it. */
  printedName(fn: FunctionIndex): string {
    const position = this.position(fn);
    if (position !== "") return `${this.bareName(fn)} ${position}`;
    return this.#text(this.#profile.functions.name[fn]);
  }

  /** Returns the name with the whole path of the file, as -filefunctions prints it. */
  printedNameWithPath(fn: FunctionIndex): string {
    const number = this.fileNumber(fn);
    if (number === NO_FILE) return this.printedName(fn);
    const start = this.identity(fn) === "definition" ? this.start(fn) : "";
    return `${this.bareName(fn)} ${this.file(number)}${start}`;
  }

  #anonymousPosition(fn: FunctionIndex): string | undefined {
    if (this.identity(fn) !== "definition") return undefined;
    const { name, filename } = this.#profile.functions;
    return anonymousPosition(this.#text(name[fn]), this.#text(filename[fn]));
  }

  #shortenFiles(): ReadonlyMap<string, string> {
    // All files of the profile count, so that filters do not change the names.
    this.#eachFunction((fn) => this.fileNumber(fn));
    const short = shortPaths(this.#files);
    for (const [file, path] of short) short.set(file, withoutMiddle(path, MAX_SHORT_PATH));
    return short;
  }

  /**
   * Finds the functions that only a column tells apart, as in minified code. Columns that are not
   * known do not separate a function from the only other one that begins at its line.
   */
  #findSharedColumns(): Uint8Array {
    const columns = startColumns(this.#profile);
    const { startLine } = this.#profile.functions;
    const first = new Map<string, Int64 | "several">();
    const keyOf = (fn: FunctionIndex) =>
      `${this.name(fn)} ${this.fileNumber(fn)} ${int64At(startLine, fn)}`;
    const isCandidate = (fn: FunctionIndex) =>
      !isZeroAt(columns, fn) && this.identity(fn) === "definition";
    this.#eachFunction((fn) => {
      if (!isCandidate(fn)) return;
      const key = keyOf(fn);
      const column = int64At(columns, fn);
      const before = first.get(key);
      if (before === undefined) first.set(key, column);
      else if (before !== column) first.set(key, "several");
    });
    const shared = new Uint8Array(startLine.length);
    this.#eachFunction((fn) => {
      if (isCandidate(fn) && first.get(keyOf(fn)) === "several") shared[fn] = 1;
    });
    return shared;
  }

  /** Finds the names that functions of several files have. */
  #findSharedNames(): ReadonlySet<StringIndex> {
    const files = new Map<StringIndex, FileNumber>();
    const shared = new Set<StringIndex>();
    this.#eachFunction((fn) => {
      const name = this.name(fn);
      const number = this.fileNumber(fn);
      const before = files.get(name);
      if (before === undefined) files.set(name, number);
      else if (before !== number) shared.add(name);
    });
    return shared;
  }

  /** Finds the names that several functions without a file have. */
  #findAmbiguousNames(): ReadonlySet<StringIndex> {
    const starts = new Map<StringIndex, string>();
    const ambiguous = new Set<StringIndex>();
    this.#eachFunction((fn) => {
      if (this.fileNumber(fn) !== NO_FILE || this.identity(fn) !== "definition") return;
      const name = this.name(fn);
      const start = this.#definition(fn);
      const before = starts.get(name);
      if (before === undefined) starts.set(name, start);
      else if (before !== start) ambiguous.add(name);
    });
    return ambiguous;
  }

  #findSharedLines(): Uint8Array {
    const { functions, lines } = this.#profile;
    const shared = new Uint8Array(functions.length);
    const first = new Map<string, FunctionIndex>();
    for (let row = 0 as LineIndex; row < lines.length; row++) {
      const fn = lines.function[row];
      if (this.identity(fn) !== "definition") continue;
      const key = `${this.name(fn)} ${this.fileNumber(fn)} ${int64At(lines.line, row)}`;
      const before = first.get(key);
      if (before === undefined) first.set(key, fn);
      else if (before !== fn && this.#definition(before) !== this.#definition(fn)) {
        shared[before] = 1;
        shared[fn] = 1;
      }
    }
    return shared;
  }

  /** Returns the line and column where a function begins, to compare functions of one name. */
  #definition(fn: FunctionIndex): string {
    return `${int64At(this.#profile.functions.startLine, fn)} ${this.identifyingColumn(fn)}`;
  }

  #eachFunction(visit: (fn: FunctionIndex) => void): void {
    const { length } = this.#profile.functions;
    for (let fn = 0 as FunctionIndex; fn < length; fn++) visit(fn);
  }

  #text(index: StringIndex): string {
    return this.#profile.strings.get(index);
  }
}

/** The longest short path, in UTF-16 code units. Many functions may have a path of megabytes. */
const MAX_SHORT_PATH = 300;

/** The longest name before a position. */
const MAX_BARE_NAME = 4096;

function withoutMiddle(text: string, length: number): string {
  if (text.length <= length) return text;
  const half = length / 2;
  return `${text.slice(0, half)}…${text.slice(-half)}`.toWellFormed();
}
