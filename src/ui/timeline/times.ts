/** The units of an axis, in nanoseconds, largest first. */
const UNITS: readonly (readonly [name: string, nanos: number])[] = [
  ["s", 1e9],
  ["ms", 1e6],
  ["µs", 1e3],
  ["ns", 1],
];

/** Formats a length of time in nanoseconds with about three digits, such as `1.25 s`. */
export function lengthText(nanos: number): string {
  if (nanos === 0) return "0 s";
  const [name, unit] = unitFor(nanos);
  const value = nanos / unit;
  const digits = name === "ns" || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${Number(value.toFixed(digits))} ${name}`;
}

/** Formats a point in time so that steps of `step` nanoseconds differ, such as `1.234 s`. */
export function timeText(nanos: number, step: number): string {
  if (Math.abs(nanos) < step / 2) return "0 s";
  const [name, unit] = unitFor(Math.abs(nanos) + step / 2);
  return `${(nanos / unit).toFixed(decimals(step, unit))} ${name}`;
}

/** Formats a point in time like {@link timeText}, but without trailing zeros. */
export function shortTimeText(nanos: number, step: number): string {
  const [value, unit] = timeText(nanos, step).split(" ");
  return `${Number(value)} ${unit}`;
}

/**
 * Returns a point in time as a value of the options `from` and `to`: seconds, rounded to a power of
 * ten below `step` nanoseconds.
 */
export function optionText(nanos: number, step: number): string {
  const text = (nanos / 1e9).toFixed(Math.min(9, decimals(step, 1e9)));
  // Not as a number, which may have an exponent.
  return `${text.includes(".") ? text.replace(/\.?0+$/, "") : text}s`;
}

/** Returns the largest unit in which a length is at least 1. */
function unitFor(nanos: number): (typeof UNITS)[number] {
  return UNITS.find(([, unit]) => nanos >= unit) ?? UNITS[UNITS.length - 1];
}

/** Returns the number of decimals, in a unit, that show steps of a size. */
function decimals(step: number, unit: number): number {
  // The logarithm of a power of ten may be slightly too small.
  return Math.max(0, -Math.floor(Math.log10(step / unit) + 1e-9));
}

/** Returns the distance of at most `count` round points in a range: 1, 2 or 5 times a power of ten. */
export function tickStep(range: number, count: number): number {
  const least = Math.max(1, range / Math.max(1, count));
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10);
}
