import type { Int64 } from "./int64.js";

const MICROSECOND = 1_000n;
const MILLISECOND = 1_000_000n;
const SECOND = 1_000_000_000n;

/** Formats nanoseconds like Go's `time.Duration`, such as `1h2m3.5s`, `1.5ms` or `0s`. */
export function durationText(nanos: Int64): string {
  const exact = BigInt(nanos);
  const sign = exact < 0n ? "-" : "";
  const size = exact < 0n ? -exact : exact;
  if (size === 0n) return "0s";
  if (size < MICROSECOND) return `${sign}${size}ns`;
  if (size < MILLISECOND) return `${sign}${decimal(size, MICROSECOND)}µs`;
  if (size < SECOND) return `${sign}${decimal(size, MILLISECOND)}ms`;
  const minutes = size / (60n * SECOND);
  const seconds = `${decimal(size % (60n * SECOND), SECOND)}s`;
  if (minutes === 0n) return sign + seconds;
  if (minutes < 60n) return `${sign}${minutes}m${seconds}`;
  return `${sign}${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

/** The units of {@link parseDuration}, in nanoseconds. */
const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/**
 * Parses a duration like Go's `time.ParseDuration`, such as `1h2m3.5s` or `250ms`; a number without
 * a unit is in seconds. Returns whole nanoseconds, or undefined if `text` is no duration.
 */
export function parseDuration(text: string): number | undefined {
  const [, sign, size] = /^([+-]?)(.+)$/.exec(text) ?? [];
  if (size === undefined) return undefined;
  const parts = [...size.matchAll(/([0-9]+\.?[0-9]*|\.[0-9]+)([a-zµμ]*)/gy)];
  if (parts.map(([part]) => part).join("") !== size) return undefined;
  let nanos = 0;
  for (const [, number, unit] of parts) {
    const factor = unit === "" && parts.length === 1 ? UNITS.s : UNITS[unit];
    if (factor === undefined) return undefined;
    nanos += Number(number) * factor;
  }
  const rounded = Math.round(nanos) + 0;
  if (!Number.isSafeInteger(rounded)) return undefined;
  return sign === "-" ? -rounded + 0 : rounded;
}

/** Formats `value / unit` without trailing zeros; `unit` is a power of ten. */
function decimal(value: bigint, unit: bigint): string {
  const digits = String(unit).length - 1;
  const fraction = String(value % unit)
    .padStart(digits, "0")
    .replace(/0+$/, "");
  return `${value / unit}${fraction === "" ? "" : `.${fraction}`}`;
}
