import type { ValueFormat } from "../../report/value-format.js";
import type { Int64 } from "../../units/int64.js";

/** A JSON value, with exact 64-bit integers. Undefined fields are left out. */
export type JsonValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [field: string]: JsonValue | undefined };

export interface JsonObject {
  readonly [field: string]: JsonValue | undefined;
}

export interface Share {
  readonly part: Int64;
  readonly whole: Int64;
}

/** The content of a table cell; undefined if it is empty. */
export type Cell = string | Int64 | boolean | Share | undefined;

export type ColumnKind =
  /** Names and other text from a profile. */
  | "text"
  /** One of a few words that tsprof defines. */
  | "word"
  /** Integers that are not values, such as line numbers. */
  | "number"
  /** Values in the unit of the table. */
  | "value"
  | "share";

export interface Column {
  /** The name for programs, such as `flat_share`. */
  readonly name: string;
  /** The title for people, such as `flat%`; undefined if only programs need the column. */
  readonly title: string | undefined;
  readonly kind: ColumnKind;
}

export interface Table {
  readonly columns: readonly Column[];
  /** Returns the rows one by one, because they may not fit into memory together. */
  rows(): Iterable<readonly Cell[]>;
  /** The format of values in output for people. */
  readonly format: ValueFormat;
}

/** A report as data: as a document and as a table with the same content. */
export interface DataReport {
  /** The schema and the version of the document, such as `tsprof/top/1`. */
  readonly schema: string;
  readonly head: JsonObject;
  readonly itemsField: string;
  items(): Iterable<JsonValue>;
  readonly table: Table;
  /** The text above the table in output for people. */
  readonly legend: readonly string[];
}

/** Returns a share as a signed fraction. As in reports, it is 0 if the whole is 0. */
export function fraction({ part, whole }: Share): number {
  return whole === 0 ? 0 : Number(part) / Number(whole);
}
