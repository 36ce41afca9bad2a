import { type Int64, int64 } from "../units/int64.js";
import { scale } from "../units/scale.js";

/** Returns a pattern that matches `text` literally, anywhere in a string. */
export function quotePattern(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&");
}

/** Returns a pattern that matches the string `name` and no other. */
export function exactPattern(name: string): string {
  return `^${quotePattern(name)}$`;
}

const EXACT_PATTERN = /^\^((?:[^\\.+*?()|[\]{}^$]|\\[\\.+*?()|[\]{}^$])*)\$$/;

/** Returns the name of a pattern from {@link exactPattern}; undefined for all other patterns. */
export function exactName(pattern: string): string | undefined {
  return EXACT_PATTERN.exec(pattern)?.[1].replace(/\\(.)/g, "$1");
}

/** The value of a tag that a filter should match. */
export interface TagFilterSubject {
  readonly key: string;
  /** The value as reports print it. */
  readonly name: string;
  /** For numbers: the smallest and the largest number that `name` covers, and the tag's unit. */
  readonly numbers?: { readonly least: Int64; readonly greatest: Int64; readonly unit: string };
}

/** Returns the text of a `tagfocus` or `tagignore` that matches samples with this tag value. */
export function exactTagFilter({ key, name, numbers }: TagFilterSubject): string {
  // A filter without a key must contain no `=`: the text before it would be read as the key.
  const hasKey = key !== "" && !key.includes("=");
  if (numbers) return `${hasKey ? `${key}=` : "="}${rangeText(numbers)}`;
  if (hasKey) return `${key}=${escapeCommas(exactPattern(name))}`;
  return escapeCommas(exactPattern(`${key}:${name}`)).replaceAll("=", "\\x3D");
}

/** Commas separate the patterns of a filter. */
function escapeCommas(pattern: string): string {
  return pattern.replaceAll(",", "\\x2C");
}

function rangeText({ least, greatest, unit }: NonNullable<TagFilterSubject["numbers"]>): string {
  return least === greatest
    ? boundText(least, unit)
    : `${boundText(least, unit)}:${boundText(greatest, unit)}`;
}

/** Writes a number in the largest unit in which it is a whole number, such as `32kB`. */
function boundText(number: Int64, unit: string): string {
  const own = scale(0, unit, unit).unit;
  // Filters compare numbers in unknown units without converting them.
  if (scale(1, unit, "auto").unit === "") return String(number);
  const scaled = scale(number, unit, "auto");
  const isExact =
    Number.isSafeInteger(number) &&
    Number.isInteger(scaled.value) &&
    /^[A-Za-z]+$/.test(scaled.unit) &&
    scale(int64(BigInt(scaled.value)), scaled.unit, own).value === Number(number);
  if (isExact) return `${scaled.value}${scaled.unit}`;
  return /^[A-Za-z]+$/.test(unit) ? `${number}${unit}` : String(number);
}
