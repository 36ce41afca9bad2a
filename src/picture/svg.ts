import { darkFill, darkStroke } from "../render/dark-colors.js";
import { escapeXml } from "../render/xml.js";
import type { Color, Drawing, Figure, Point, Shape, Stroke, TextLine } from "./drawing.js";
import { round } from "./xdot.js";

/** The additions that make an SVG file interactive. */
export interface Live {
  /** JavaScript that uses the classes and data attributes written here. */
  readonly script: string;
  readonly style: string;
}

/** Arial, then fonts with the same widths, then any font. */
const FONTS = "Arial, Helvetica, 'Liberation Sans', Arimo, 'DejaVu Sans Condensed', sans-serif";

/** Renders a drawing as SVG. `live` adds the reader's color scheme, panning and search. */
export function renderSvg(drawing: Drawing, live?: Live): string {
  const { title, width, height, boxes, arrows } = drawing;
  const out: string[] = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}pt" height="${height}pt" viewBox="0 0 ${width} ${height}">\n`,
    `<title>${escapeXml(title)}</title>\n`,
    live ? `<style>${escapeXml(live.style)}</style>\n` : "",
    `<rect class="paper" width="100%" height="100%" fill="#ffffff"/>\n`,
    `<g class="graph" font-family="${FONTS}">\n`,
  ];
  arrows.forEach((arrow) => {
    out.push(`<g class="edge" data-from="${arrow.from}" data-to="${arrow.to}">`);
    out.push(figure(arrow, live), "</g>\n");
  });
  boxes.forEach((box) => {
    out.push(`<g class="${box.kind}">`, figure(box, live), "</g>\n");
  });
  out.push("</g>\n");
  if (live) out.push(`<script>${escapeXml(live.script)}</script>\n`);
  out.push("</svg>\n");
  return out.join("");
}

function figure({ tooltip, shapes, lines }: Figure, live: Live | undefined): string {
  const title = tooltip === "" || !live ? "" : `<title>${escapeXml(tooltip)}</title>`;
  const drawn = shapes.map((shape) => drawShape(shape, live !== undefined));
  return title + drawn.join("") + lines.map(drawLine).join("");
}

/** The radius of the corners of boxes, in points. */
const RADIUS = 3;

function drawShape(shape: Shape, isLive: boolean): string {
  const paint = paintOf(shape, isLive);
  switch (shape.kind) {
    case "rectangle":
      return `<rect x="${shape.x}" y="${shape.y}" width="${shape.width}" height="${shape.height}" rx="${RADIUS}"${paint}/>`;
    case "ellipse":
      return `<ellipse cx="${shape.cx}" cy="${shape.cy}" rx="${shape.rx}" ry="${shape.ry}"${paint}/>`;
    case "polygon":
      return `<path d="${path(shape.points, "L")}Z"${paint}/>`;
    case "polyline":
      return `<path d="${path(shape.points, "L")}"${paint}/>`;
    case "curve":
      return `<path d="${path(shape.points, "C")}"${paint}/>`;
  }
}

function path(points: readonly Point[], command: "L" | "C"): string {
  const [start, ...rest] = points.map(([x, y]) => `${x} ${y}`);
  return `M${start}${command}${rest.join(" ")}`;
}

function paintOf(shape: Shape, isLive: boolean): string {
  const fill = shape.kind === "polyline" ? undefined : shape.fill;
  const { stroke } = shape;
  const dark = isLive
    ? ` style="${fill ? `--f:${darkFill(fill)};` : ""}--s:${darkStroke(stroke.color)}"`
    : "";
  return `${fill ? color("fill", fill) : ' fill="none"'}${strokeOf(stroke)}${dark}`;
}

function strokeOf({ color: name, width, dash }: Stroke): string {
  const thickness = width === 1 ? "" : ` stroke-width="${round(width)}"`;
  return color("stroke", name) + thickness + DASHES[dash];
}

const DASHES: Record<Stroke["dash"], string> = {
  solid: "",
  dashed: ' stroke-dasharray="5 2"',
  dotted: ' stroke-dasharray="2 3"',
};

/** Writes the opacity as an attribute of its own: some viewers know only SVG 1.1 colors. */
function color(name: "fill" | "stroke", value: Color): string {
  const opacity = value.slice(7);
  const share = opacity ? ` ${name}-opacity="${round(Number.parseInt(opacity, 16) / 255)}"` : "";
  return ` ${name}="${value.slice(0, 7)}"${share}`;
}

function drawLine({ text, x, y, anchor, size, width }: TextLine): string {
  const at = anchor === "start" ? "" : ` text-anchor="${anchor}"`;
  return `<text x="${x}" y="${y}"${at} font-size="${size}" textLength="${width}" lengthAdjust="spacingAndGlyphs">${escapeXml(text)}</text>`;
}
