import { Int64Builder, indexColumn, int64At, rowIds } from "../../profile/columns.js";
import type { FunctionIndex, StringIndex } from "../../profile/indices.js";
import type { FunctionTable, Profile } from "../../profile/profile.js";
import { RunInterner } from "../../profile/run-interner.js";
import { setHalves } from "../../units/int64.js";
import type { StringMapper } from "./string-mapper.js";

/** The positions of fields in the run of a function. */
const Word = { name: 0, systemName: 1, filename: 2, startLine: 3, startColumn: 5 } as const;
const WIDTH = 7;

export class FunctionMerger {
  #profile: Profile | undefined;
  #strings: StringMapper | undefined;
  /** By function of the current profile: the merged function plus one, or 0. */
  #rows = new Uint32Array(0);
  readonly #functions = new RunInterner();
  readonly #startLines = new Int64Builder();
  readonly #startColumns = new Int64Builder();
  readonly #run = new Uint32Array(WIDTH);

  get bytes(): number {
    return this.#functions.bytes + this.#startLines.bytes + this.#startColumns.bytes;
  }

  /** Continues with the functions of `profile`. */
  begin(profile: Profile, strings: StringMapper): void {
    this.#profile = profile;
    this.#strings = strings;
    this.#rows = new Uint32Array(profile.functions.length);
  }

  row(index: FunctionIndex): FunctionIndex {
    if (this.#rows[index] === 0) this.#rows[index] = this.#merge(index) + 1;
    return (this.#rows[index] - 1) as FunctionIndex;
  }

  finish(): FunctionTable {
    const { length } = this.#functions;
    const strings = (word: number) =>
      indexColumn<StringIndex>(
        Uint32Array.from({ length }, (_, row) => this.#functions.run(row)[word]),
      );
    return {
      length,
      id: rowIds(length),
      name: strings(Word.name),
      systemName: strings(Word.systemName),
      filename: strings(Word.filename),
      startLine: this.#startLines.finish(),
      startColumn: this.#startColumns.finish(),
    };
  }

  #merge(index: FunctionIndex): number {
    const { functions } = this.#profile as Profile;
    const strings = this.#strings as StringMapper;
    const run = this.#run;
    const startLine = int64At(functions.startLine, index);
    const startColumn = int64At(functions.startColumn, index);
    run[Word.name] = strings.at(functions.name[index]);
    run[Word.systemName] = strings.at(functions.systemName[index]);
    run[Word.filename] = strings.at(functions.filename[index]);
    setHalves(run, Word.startLine, startLine);
    setHalves(run, Word.startColumn, startColumn);
    const row = this.#functions.intern(run, WIDTH);
    if (row === this.#startLines.length) {
      this.#startLines.push(startLine);
      this.#startColumns.push(startColumn);
    }
    return row;
  }
}
