import type { Color } from "./drawing.js";

/** The lightness of what is white and what is black on paper, where the background is dark. */
const WHITE = 0.13;
const BLACK = 0.88;

/** The same hue for a dark background: what is light on paper is dark there. */
export function darkened(color: Color): Color {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255);
  const max = Math.max(r, g, b);
  const min = Math.min(r, g, b);
  const lightness = (max + min) / 2;
  const range = 1 - Math.abs(2 * lightness - 1);
  const saturation = range === 0 ? 0 : (max - min) / range;
  const target = BLACK + (WHITE - BLACK) * lightness;
  const chroma = saturation * (1 - Math.abs(2 * target - 1));
  const channel = (value: number) => {
    const share = max === min ? 0.5 : (value - min) / (max - min);
    const byte = Math.round(255 * (target + chroma * (share - 0.5)));
    return byte.toString(16).padStart(2, "0");
  };
  return `#${channel(r)}${channel(g)}${channel(b)}${color.slice(7)}`;
}
