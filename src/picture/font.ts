/** The font of pictures that must not depend on the fonts of a machine: about as wide as Arial. */
export { default as FONT_FILE } from "asset:dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf";
