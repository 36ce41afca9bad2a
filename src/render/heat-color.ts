/** Saturation and value in the HSV colour space. */
const TONES = {
  fill: { saturation: 0.1, value: 0.93 },
  line: { saturation: 1, value: 0.7 },
} as const;

/** Moves shares away from grey, because most of them are small. */
const SHARE_EXPONENT = 0.3;
/** Below this share, the saturation decreases towards grey. */
const MIN_SATURATED_SHARE = 0.2;

/**
 * Returns pprof's colour of a share, as `#rrggbb`: grey for 0, red for 1, and green for -1. With
 * `isLessBlue`, -1 is the blue of less in all other views, which colour-blind people can
 * distinguish from red.
 */
export function heatColor(share: number, tone: keyof typeof TONES, isLessBlue = false): string {
  const { value, saturation: full } = TONES[tone];
  const score = Math.max(-1, Math.min(1, share));
  const size = Math.abs(score);
  const saturation = size < MIN_SATURATED_SHARE ? full * (size / MIN_SATURATED_SHARE) : full;
  const faded = value * (1 - saturation * size ** SHARE_EXPONENT);
  if (score < 0 && isLessBlue) {
    return `#${[faded, (faded + value) / 2, value].map(hex).join("")}`;
  }
  const [red, green] = score < 0 ? [faded, value] : [value, faded];
  return `#${[red, green, value * (1 - saturation)].map(hex).join("")}`;
}

function hex(level: number): string {
  // Rounds towards zero. NaN becomes 0.
  return Math.trunc(level * 255 || 0)
    .toString(16)
    .padStart(2, "0");
}
