import { escapeXml } from "../../render/xml.js";
import { h } from "../widgets/elements.js";
import { BoxTexts } from "./box-texts.js";
import type { Camera } from "./camera.js";
import { NameFitter } from "./name-fitter.js";
import { FONT_SIZE, fontOf, LEVEL_HEIGHT, type Look, type Painter } from "./painter.js";
import type { Scene } from "./scene.js";
import { type CanvasTheme, fillIndex, Tone } from "./theme.js";

/** A flame graph with its zoom, colours and search, to draw all its levels outside the window. */
export interface WholeGraph {
  readonly scene: Scene;
  readonly camera: Camera;
  readonly look: Look;
  readonly fontFamily: string;
  readonly painter: Painter;
}

/** The width of pictures in CSS pixels. */
const WIDTH = 1000;
/** Browsers limit the height of canvases, so deeper graphs are drawn in several pieces. */
const LEVELS_PER_CANVAS = 150;
/** Deeper levels are left out. */
const MAX_LEVELS = 3000;

/** Draws all levels. Graphs with more levels have a lower resolution, to need less memory. */
export function drawWhole(graph: WholeGraph, theme: CanvasTheme): HTMLCanvasElement[] {
  const { levels } = graph.scene;
  const ratio = levels <= LEVELS_PER_CANVAS ? 3 : levels <= 4 * LEVELS_PER_CANVAS ? 2 : 1;
  const shown = Math.min(levels, MAX_LEVELS);
  const pieces: HTMLCanvasElement[] = [];
  // In a flipped graph, the levels next to the root are at the bottom.
  const start = graph.look.flipped ? levels - shown : 0;
  for (let first = 0; first < shown; first += LEVELS_PER_CANVAS) {
    const count = Math.min(LEVELS_PER_CANVAS, shown - first);
    pieces.push(drawLevels(graph, theme, start + first, count, ratio));
  }
  return pieces;
}

/** Draws `count` rows from row `first` on. */
function drawLevels(
  { scene, camera, look, painter }: WholeGraph,
  theme: CanvasTheme,
  first: number,
  count: number,
  ratio: number,
): HTMLCanvasElement {
  const surface = { width: WIDTH, height: count * LEVEL_HEIGHT, ratio };
  const canvas = h("canvas", { width: WIDTH * ratio, height: surface.height * ratio });
  const context = canvas.getContext("2d", { alpha: false });
  if (!context) return canvas;
  const top = first * LEVEL_HEIGHT;
  painter.paint(context, surface, scene, { ...camera, top }, look, theme, fitterFor(theme));
  return canvas;
}

/** Returns the graph as a PNG file, without the levels that do not fit into one canvas. */
export async function wholePng(graph: WholeGraph, theme: CanvasTheme): Promise<Blob> {
  const [canvas] = drawWhole(graph, theme);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!blob) throw new Error("the browser cannot draw a picture of this size");
  return blob;
}

/** Narrower boxes are left out of SVG files, in CSS pixels. */
const MIN_SVG_WIDTH = 0.2;
const PADDING = 4;

/** Returns the graph as an SVG file without a script. Names are texts, and tooltips of boxes. */
export function wholeSvg({ scene, camera, look }: WholeGraph, theme: CanvasTheme): string {
  const fitter = fitterFor(theme);
  const texts = new BoxTexts(scene);
  const scale = WIDTH / (camera.right - camera.left);
  const { starts, ends, frames, levelStarts } = scene;
  const height = scene.levels * LEVEL_HEIGHT;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" ` +
      `viewBox="0 0 ${WIDTH} ${height}" font-family="${escapeXml(theme.fontFamily)}" ` +
      `font-size="${FONT_SIZE}"><rect width="100%" height="100%" fill="${theme.background}"/>`,
  ];
  for (let level = 0; level < scene.levels; level++) {
    const row = look.flipped ? scene.levels - 1 - level : level;
    const y = row * LEVEL_HEIGHT;
    for (let box = levelStarts[level]; box < levelStarts[level + 1]; box++) {
      const from = Math.max(0, (starts[box] - camera.left) * scale);
      const to = Math.min(WIDTH, (ends[box] - camera.left) * scale);
      if (to - from < MIN_SVG_WIDTH) continue;
      const matches = look.matches?.[scene.tree.functions[frames[box]]];
      const tone = matches === undefined ? Tone.plain : matches ? Tone.match : Tone.dim;
      const fill = fillIndex(look.classes[box], tone);
      const width = Math.max(MIN_SVG_WIDTH, to - from - Math.min(1, (to - from) / 4));
      parts.push(
        `<g><title>${escapeXml(scene.nameOf(frames[box]))}</title>` +
          `<rect x="${digits(from)}" y="${y}" width="${digits(width)}" ` +
          `height="${LEVEL_HEIGHT - 1}" fill="${cssOf(theme.fills[fill])}"/>`,
      );
      const { name, details } = texts.textOf(frames[box], to - from - 2 * PADDING, fitter);
      const write = (text: string, offset: number) =>
        parts.push(
          `<text x="${digits(from + PADDING + offset)}" y="${y + 14}" ` +
            `fill="${theme.texts[fill]}">${escapeXml(text)}</text>`,
        );
      if (name !== "") write(name, 0);
      for (const detail of details) write(detail.text, detail.offset);
      parts.push("</g>");
    }
  }
  parts.push("</svg>\n");
  return parts.join("");
}

function fitterFor(theme: CanvasTheme): NameFitter {
  const context = h("canvas").getContext("2d");
  if (context) context.font = fontOf(theme, 1);
  return new NameFitter((text) => context?.measureText(text).width ?? 0);
}

function digits(pixels: number): string {
  return String(Math.round(pixels * 100) / 100);
}

/** Returns a pixel of a canvas as a CSS colour. */
function cssOf(pixel: number): string {
  const bytes = new Uint8Array(Uint32Array.of(pixel).buffer).subarray(0, 3);
  return `#${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
