/** Saturation and value in the HSV colour space. */
const TONES = {
  fill: { saturation: 0.1, value: 0.93 },
  line: { saturation: 1, value: 0.7 },
} as const;

/** Moves shares away from grey, because most of them are small. */
const SHARE_EXPONENT = 0.3;
/** Below this share, the saturation decreases towards grey. */
const MIN_SATURATED_SHARE = 0.2;

/** Returns pprof's colour of a share, as `#rrggbb`: green for -1, grey for 0, red for 1. */
export function heatColor(share: number, tone: keyof typeof TONES): string {
  const { value, saturation: full } = TONES[tone];
  const score = Math.max(-1, Math.min(1, share));
  const size = Math.abs(score);
  const saturation = size < MIN_SATURATED_SHARE ? full * (size / MIN_SATURATED_SHARE) : full;
  const faded = value * (1 - saturation * size ** SHARE_EXPONENT);
  const [red, green] = score < 0 ? [faded, value] : [value, faded];
  return `#${[red, green, value * (1 - saturation)].map(hex).join("")}`;
}

function hex(level: number): string {
  // Rounds towards zero. NaN becomes 0.
  return Math.trunc(level * 255 || 0)
    .toString(16)
    .padStart(2, "0");
}
