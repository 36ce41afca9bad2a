import { UserError } from "../../errors/user-error.js";
import { HIDDEN_CHARACTERS } from "../controls.js";
import { joinIntoPieces } from "../pieces.js";
import type { DataReport, JsonObject, JsonValue } from "./model.js";

/** No report has values this deep. The limit prevents a stack overflow. */
const MAX_DEPTH = 32;

/** Writes a report as JSON in pieces, a line for each head field and item. Integers are exact. */
export function renderJson(report: DataReport): Generator<string> {
  return joinIntoPieces(documentLines(report));
}

function* documentLines({ schema, head, itemsField, items }: DataReport): Generator<string> {
  yield "{";
  yield `  "schema": ${quote(schema)},`;
  for (const [name, value] of Object.entries(head)) {
    if (value !== undefined) yield `  ${quote(name)}: ${jsonText(value)},`;
  }
  yield `  ${quote(itemsField)}: [`;
  let before: string | undefined;
  for (const item of items()) {
    if (before !== undefined) yield `${before},`;
    before = `    ${jsonText(item)}`;
  }
  if (before !== undefined) yield before;
  yield "  ]";
  yield "}";
}

/** Writes a value as JSON in one line. */
export function jsonText(value: JsonValue, depth = 0): string {
  if (depth > MAX_DEPTH) throw new UserError("the value is nested too deeply for JSON");
  switch (typeof value) {
    case "string":
      return quote(value);
    case "number":
      // JSON has no infinities and no NaN.
      return Number.isFinite(value) ? String(value + 0) : "null";
    case "bigint":
    case "boolean":
      return String(value);
    default:
      return value === null ? "null" : structureText(value, depth);
  }
}

function structureText(value: readonly JsonValue[] | JsonObject, depth: number): string {
  if (isList(value)) return `[${value.map((item) => jsonText(item, depth + 1)).join(", ")}]`;
  const fields = Object.entries(value).flatMap(([name, field]) =>
    field === undefined ? [] : [`${quote(name)}: ${jsonText(field, depth + 1)}`],
  );
  return `{${fields.join(", ")}}`;
}

/** Replaces `Array.isArray`, which does not narrow readonly arrays. */
function isList(value: readonly JsonValue[] | JsonObject): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/**
 * Quotes text and writes hidden characters as `\u` escapes. Bytes that are not UTF-8 become
 * `\udc80` to `\udcff`; Python's `surrogateescape` turns these into the same bytes again.
 */
function quote(text: string): string {
  return JSON.stringify(text).replace(HIDDEN_CHARACTERS, (character) =>
    Array.from({ length: character.length }, (_, i) => unitText(character.charCodeAt(i))).join(""),
  );
}

/** Writes a UTF-16 code unit as a JSON escape. */
function unitText(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, "0")}`;
}
