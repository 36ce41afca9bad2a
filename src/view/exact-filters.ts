import { type Int64, int64 } from "../units/int64.js";
import { scale } from "../units/scale.js";

/** A pattern that matches `text` alone where it is found, whatever letters are in it. */
export function quotePattern(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&");
}

/** A pattern that matches `name` and nothing else. */
export function exactPattern(name: string): string {
  return `^${quotePattern(name)}$`;
}

/** What a filter for the values of a tag is made for. */
export interface TagFilterSubject {
  readonly key: string;
  /** The value as reports print it. */
  readonly name: string;
  /** Where the value is a number, or several that look alike, in the unit of the tag. */
  readonly numbers?: { readonly least: Int64; readonly greatest: Int64; readonly unit: string };
}

/** The text of a `tagfocus` or `tagignore` that matches samples with this value of a tag. */
export function exactTagFilter({ key, name, numbers }: TagFilterSubject): string {
  // Without a key, what stands before the first = would be taken for one.
  const hasKey = key !== "" && !key.includes("=");
  if (numbers) return `${hasKey ? `${key}=` : "="}${rangeText(numbers)}`;
  if (hasKey) return `${key}=${escapeCommas(exactPattern(name))}`;
  return escapeCommas(exactPattern(`${key}:${name}`)).replaceAll("=", "\\x3D");
}

/** Commas are between patterns; where one is part of a pattern, it is written otherwise. */
function escapeCommas(pattern: string): string {
  return pattern.replaceAll(",", "\\x2C");
}

function rangeText({ least, greatest, unit }: NonNullable<TagFilterSubject["numbers"]>): string {
  return least === greatest
    ? boundText(least, unit)
    : `${boundText(least, unit)}:${boundText(greatest, unit)}`;
}

/** A whole number in the largest unit that leaves it one, such as `32kB`. */
function boundText(number: Int64, unit: string): string {
  const own = scale(0, unit, unit).unit;
  // Without a unit that is known, numbers are compared as they are.
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
