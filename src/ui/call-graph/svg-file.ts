/** Larger pictures are scaled down: browsers limit the size of canvases. */
const MAX_PNG_PIXELS = 8000;
/** Device pixels per CSS pixel. */
const PNG_RATIO = 2;

/** Returns a picture of the page as an SVG file: with its computed colours, without its zoom. */
export function svgFile(svg: SVGSVGElement, background: string): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const { width, height } = svg.viewBox.baseVal;
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  for (const hit of copy.querySelectorAll(".hit")) hit.remove();
  const texts = svg.querySelectorAll("text");
  // The style sheet of the page, which gives texts their colours, is not part of the file.
  copy.querySelectorAll("text").forEach((text, i) => {
    const { fill, fontFamily } = getComputedStyle(texts[i]);
    text.setAttribute("fill", fill);
    text.setAttribute("font-family", fontFamily);
  });
  const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [name, value] of [
    ["width", "100%"],
    ["height", "100%"],
    ["fill", background],
  ]) {
    paper.setAttribute(name, value);
  }
  copy.prepend(paper);
  return `${new XMLSerializer().serializeToString(copy)}\n`;
}

/** Returns an SVG file as a PNG file. */
export async function pngOf(svg: string, width: number, height: number): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const ratio = Math.min(PNG_RATIO, MAX_PNG_PIXELS / Math.max(width, height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil(width * ratio);
    canvas.height = Math.ceil(height * ratio);
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
    if (!blob) throw new Error("the browser cannot draw a picture of this size");
    return blob;
  } finally {
    URL.revokeObjectURL(url);
  }
}
