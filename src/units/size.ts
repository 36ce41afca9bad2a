import { scale } from "./scale.js";

/** Parses a size in bytes with a unit, such as `512mb`; returns undefined if it is invalid or 0. */
export function parseSize(text: string): number | undefined {
  const match = /^([0-9]{1,15})([a-z]*)$/i.exec(text);
  if (!match) return undefined;
  const { value, unit } = scale(Number(match[1]), match[2] || "b", "b");
  return unit === "B" && value > 0 ? value : undefined;
}
