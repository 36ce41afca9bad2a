/** Sizes in pixels. */
export const LEVEL_HEIGHT = 18;
/** The rest of the level is a gap. */
export const BOX_HEIGHT = 17;
export const MARGIN = 10;
export const FONT_SIZE = 12;
/** The distance from the top of a box to the baseline of its text. */
export const BASELINE = 12.5;
/** The space to the left and the right of a name. */
export const PADDING = 3;
/** The approximate width of a letter in {@link FONT_FAMILY}. */
export const LETTER_WIDTH = 7.23;
/** Monospaced fonts, so that names fit into their boxes. */
export const FONT_FAMILY =
  "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace";

/** Boxes from this width on have a gap to the next box. */
export const GAP_FROM = 3;
export const GAP = 0.6;

/** Returns the number of letters that fit into a box of this width. */
export function lettersIn(width: number, letterWidth = LETTER_WIDTH): number {
  return Math.floor((width - 2 * PADDING) / letterWidth);
}
