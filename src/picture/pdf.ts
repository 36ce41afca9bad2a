import { readFile } from "node:fs/promises";
import PDFDocument from "pdfkit";
import type { Drawing, Figure, Point, Shape, TextLine } from "./drawing.js";
import { FONT_FILE } from "./font.js";

/** The longest side of a page that PDF viewers support, in points. */
const MAX_SIDE = 14_400;

/** A fixed creation time, so that equal drawings give equal bytes. */
const NO_TIME = new Date(0);

/** No ligatures, so that viewers can find and copy the text. */
const FEATURES: PDFKit.Mixins.OpenTypeFeatures[] = [];

/** Renders a drawing as a PDF file with one page of the drawing's size. */
export async function renderPdf(drawing: Drawing): Promise<Uint8Array> {
  const { title, width, height, boxes, arrows } = drawing;
  const scale = Math.min(1, MAX_SIDE / Math.max(width, height));
  const page = new PDFDocument({
    size: [width * scale, height * scale],
    margin: 0,
    // No standard font, as pdfkit would need its description file.
    font: "",
    info: { Title: title, Producer: "tsprof", Creator: "tsprof", CreationDate: NO_TIME },
  });
  const pieces: Uint8Array[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    page.on("data", (piece: Uint8Array) => pieces.push(piece));
    page.on("end", resolve);
    page.on("error", reject);
  });
  page.font(await readFile(FONT_FILE)).scale(scale);
  for (const figure of [...arrows, ...boxes]) draw(page, figure);
  page.end();
  await ended;
  return Buffer.concat(pieces);
}

function draw(page: PDFKit.PDFDocument, { shapes, lines }: Figure): void {
  for (const shape of shapes) drawShape(page, shape);
  for (const line of lines) drawLine(page, line);
}

/** The radius of the corners of boxes, in points. */
const RADIUS = 3;

function drawShape(page: PDFKit.PDFDocument, shape: Shape): void {
  const { stroke } = shape;
  page.lineWidth(stroke.width);
  if (stroke.dash === "solid") page.undash();
  else page.dash(stroke.dash === "dashed" ? 5 : 2, { space: stroke.dash === "dashed" ? 2 : 3 });
  trace(page, shape);
  const fill = shape.kind === "polyline" ? undefined : shape.fill;
  if (fill) page.fillOpacity(opacityOf(fill));
  page.strokeOpacity(opacityOf(stroke.color));
  if (fill) page.fillAndStroke(fill.slice(0, 7), stroke.color.slice(0, 7));
  else page.stroke(stroke.color.slice(0, 7));
}

function trace(page: PDFKit.PDFDocument, shape: Shape): void {
  switch (shape.kind) {
    case "rectangle":
      page.roundedRect(shape.x, shape.y, shape.width, shape.height, RADIUS);
      break;
    case "ellipse":
      page.ellipse(shape.cx, shape.cy, shape.rx, shape.ry);
      break;
    case "polygon":
      page.polygon(...shape.points.map(([x, y]) => [x, y]));
      break;
    case "polyline":
      page.moveTo(...shape.points[0]);
      for (const point of shape.points.slice(1)) page.lineTo(...point);
      break;
    case "curve":
      traceCurve(page, shape.points);
  }
}

function traceCurve(page: PDFKit.PDFDocument, points: readonly Point[]): void {
  page.moveTo(...points[0]);
  for (let i = 1; i + 2 < points.length; i += 3) {
    page.bezierCurveTo(...points[i], ...points[i + 1], ...points[i + 2]);
  }
}

function opacityOf(color: string): number {
  return color.length > 7 ? Number.parseInt(color.slice(7), 16) / 255 : 1;
}

/** Draws a line of text, scaled to the width in the layout. */
function drawLine(
  page: PDFKit.PDFDocument,
  { text, x, y, anchor, size, width, color }: TextLine,
): void {
  const natural = page.fontSize(size).widthOfString(text, { features: FEATURES });
  if (natural <= 0) return;
  const left = x - { start: 0, middle: width / 2, end: width }[anchor];
  page
    .save()
    .translate(left, y)
    .scale(width / natural, 1)
    .fillOpacity(opacityOf(color))
    .fillColor(color.slice(0, 7))
    .text(text, 0, 0, { lineBreak: false, baseline: "alphabetic", features: FEATURES })
    .restore();
}
