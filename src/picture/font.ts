/** The font of PNG and PDF files, which use no installed font. It is about as wide as Arial. */
export { default as FONT_FILE } from "asset:dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf";
