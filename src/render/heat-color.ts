/** Saturation and value, as in the HSV colour space. */
const TONES = {
  fill: { saturation: 0.1, value: 0.93 },
  line: { saturation: 1, value: 0.7 },
} as const;

/** Pushes shares away from grey: most of them are small. */
const SHARE_EXPONENT = 0.3;
/** Below this share, colours fade into grey rather than into yellow. */
const MIN_SATURATED_SHARE = 0.2;

/**
 * The colour of a share of the total, as pprof has it: from green at -1 over grey at 0 to
 * red at 1, as `#rrggbb`; pale ones are for filling.
 */
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
  // Rounded towards zero; what is not a number is 0.
  return Math.trunc(level * 255 || 0)
    .toString(16)
    .padStart(2, "0");
}
