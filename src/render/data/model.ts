import type { ValueFormat } from "../../report/value-format.js";
import type { Int64 } from "../../units/int64.js";

/**
 * What JSON can say, with integers of 64 bits beside numbers. Fields that are undefined are
 * left out.
 */
export type JsonValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [field: string]: JsonValue | undefined };

/** An object of JSON. */
export interface JsonObject {
  readonly [field: string]: JsonValue | undefined;
}

/** A part of a whole, such as what a function takes of all that is taken. */
export interface Share {
  readonly part: Int64;
  readonly whole: Int64;
}

/** What a cell of a table holds; undefined where it says nothing. */
export type Cell = string | Int64 | boolean | Share | undefined;

/** What the cells of a column are. */
export type ColumnKind =
  /** Names and other text that comes from a profile. */
  | "text"
  /** One of a few words that tsprof chose. */
  | "word"
  /** Whole numbers that are no values: lines, positions. */
  | "number"
  /** Values in the unit of the table. */
  | "value"
  | "share";

/** A column of a table. */
export interface Column {
  /** The name that programs know it by, such as `flat_share`. */
  readonly name: string;
  /** The name for people, such as `flat%`; undefined where people need not see it. */
  readonly title: string | undefined;
  readonly kind: ColumnKind;
}

/** Rows of cells, which formats write in their own ways. */
export interface Table {
  readonly columns: readonly Column[];
  /** The rows, made one by one: all of them may be too many to keep. */
  rows(): Iterable<readonly Cell[]>;
  /** How people read the values. */
  readonly format: ValueFormat;
}

/** A report as data: as a document and as a table, which say the same. */
export interface DataReport {
  /** The name of the document's schema and its version, such as `tsprof/top/1`. */
  readonly schema: string;
  /** What the document says before its items. */
  readonly head: JsonObject;
  /** The field of the document that holds the items. */
  readonly itemsField: string;
  /** The items, made one by one. */
  items(): Iterable<JsonValue>;
  readonly table: Table;
  /** Lines of text that people read above the table. */
  readonly legend: readonly string[];
}

/** A share as a fraction with its sign; 0 of nothing, as reports have it. */
export function fraction({ part, whole }: Share): number {
  return whole === 0 ? 0 : Number(part) / Number(whole);
}
