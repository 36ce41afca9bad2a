/** The lightness that white and black get on a dark background. */
const DARK_BACKGROUND_LIGHTNESS = 0.13;
const DARK_TEXT_LIGHTNESS = 0.88;

/** Darker thin lines are hard to see on a dark background. */
const MIN_LINE_LIGHTNESS = 0.45;

/** Converts a fill (`#rrggbb`) for a dark background: keeps the hue and inverts the lightness. */
export function darkFill(color: string): string {
  return invertLightness(color, DARK_BACKGROUND_LIGHTNESS);
}

/** Converts the colour of a line for a dark background. */
export function darkStroke(color: string): string {
  return invertLightness(color, MIN_LINE_LIGHTNESS);
}

/** Inverts the lightness, to at least `least`. Keeps hue and saturation. */
function invertLightness(color: string, least: number): string {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255);
  const max = Math.max(r, g, b);
  const min = Math.min(r, g, b);
  const lightness = (max + min) / 2;
  const range = 1 - Math.abs(2 * lightness - 1);
  const saturation = range === 0 ? 0 : (max - min) / range;
  const target = Math.max(
    least,
    DARK_TEXT_LIGHTNESS + (DARK_BACKGROUND_LIGHTNESS - DARK_TEXT_LIGHTNESS) * lightness,
  );
  const chroma = saturation * (1 - Math.abs(2 * target - 1));
  const channel = (value: number) => {
    const share = max === min ? 0.5 : (value - min) / (max - min);
    const byte = Math.round(255 * (target + chroma * (share - 0.5)));
    return byte.toString(16).padStart(2, "0");
  };
  return `#${channel(r)}${channel(g)}${channel(b)}${color.slice(7)}`;
}
