/** The font of PNG and PDF files, for which no installed font is used. It is about as wide as Arial. */
export { default as FONT_FILE } from "asset:dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf";
