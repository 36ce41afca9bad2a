/** Sizes of the picture in pixels. */
export const LEVEL_HEIGHT = 18;
/** Between boxes there is a gap. */
export const BOX_HEIGHT = 17;
export const MARGIN = 10;
export const FONT_SIZE = 12;
/** From the top of a box to the line that its name stands on. */
export const BASELINE = 12.5;
/** Left and right of a name. */
export const PADDING = 3;
/** How wide a letter is about, in the fonts of {@link FONT_FAMILY}. */
export const LETTER_WIDTH = 7.23;
/** All letters of these are equally wide, so that names fit where they are meant to. */
export const FONT_FAMILY =
  "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace";

/** From this width on, in pixels, there is a gap between boxes of one level. */
export const GAP_FROM = 3;
export const GAP = 0.6;

/** How many letters fit into a box so wide. */
export function lettersIn(width: number, letterWidth = LETTER_WIDTH): number {
  return Math.floor((width - 2 * PADDING) / letterWidth);
}
