import { BoxTexts } from "./box-texts.js";
import type { Camera } from "./camera.js";
import type { NameFitter } from "./name-fitter.js";
import { PixelLine } from "./pixel-line.js";
import type { Scene } from "./scene.js";
import { type CanvasTheme, fillIndex, pixelOf, Tone } from "./theme.js";

/** The distance between levels, and the size of names in boxes, in CSS pixels. */
export const LEVEL_HEIGHT = 20;
export const FONT_SIZE = 12;
const PADDING = 4;
/** The opacity of texts behind names. */
const DETAIL_OPACITY = 0.85;
/** Narrower boxes have no name. */
const MIN_NAMED_WIDTH = 24;
/** Narrower boxes are blended with their neighbours instead of drawn with edges. */
const MIN_CRISP_WIDTH = 2.5;

export interface Look {
  /** The colour class of each box. */
  readonly classes: Uint8Array;
  /** By function: 1 if it matches the search. Undefined without a search. */
  readonly matches: Uint8Array | undefined;
  /** The function under the pointer; -1 for none. */
  readonly alike: number;
  /** The frame zoomed in on. Levels between it and the root are faded. */
  readonly zoomed: number;
  readonly flipped: boolean;
}

export interface Surface {
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
}

/**
 * Draws boxes in a time that does not depend on the number of boxes per pixel. Each level is built
 * as one line of pixels, in which boxes narrower than a pixel are blended; the line is then
 * stretched to the height of the level. Names are drawn on top.
 */
export class Painter {
  readonly #strip = document.createElement("canvas");
  #texts: { readonly scene: Scene; readonly all: BoxTexts } | undefined;
  #pixels: ImageData | undefined;
  #named: { box: number; left: number; right: number; level: number; fill: number }[] = [];

  /** Returns the height of a level in device pixels, rounded so that levels are sharp. */
  static levelPixels({ ratio }: Surface): number {
    return Math.max(2, Math.round(LEVEL_HEIGHT * ratio));
  }

  paint(
    context: CanvasRenderingContext2D,
    surface: Surface,
    scene: Scene,
    camera: Camera,
    look: Look,
    theme: CanvasTheme,
    fitter: NameFitter,
  ): void {
    const { ratio } = surface;
    const width = Math.round(surface.width * ratio);
    const height = Math.round(surface.height * ratio);
    const levelHeight = Painter.levelPixels(surface);
    const offset = offsetOf(surface, scene, camera, look.flipped);
    const firstRow = Math.max(0, Math.floor(-offset / levelHeight));
    const lastRow = Math.min(scene.levels, Math.ceil((height - offset) / levelHeight));
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = theme.background;
    context.fillRect(0, 0, width, height);
    const rows = lastRow - firstRow;
    if (rows <= 0 || width <= 0) return;
    this.#named = [];
    const levels = Int32Array.from({ length: rows }, (_, row) =>
      look.flipped ? scene.levels - 1 - (firstRow + row) : firstRow + row,
    );
    const strip = this.#paintStrip(width, levels, scene, camera, look, theme, ratio);
    const y = offset + firstRow * levelHeight;
    context.imageSmoothingEnabled = false;
    context.drawImage(strip, 0, 0, width, rows, 0, y, width, rows * levelHeight);
    const gap = Math.max(1, Math.round(ratio));
    for (let row = 1; row <= rows; row++) {
      context.fillRect(0, y + row * levelHeight - gap, width, gap);
    }
    this.#paintNames(context, surface, scene, look, theme, fitter, offset, levelHeight);
  }

  /** Draws the whole graph for the map. If there are more levels than pixels, some are skipped. */
  paintSmall(
    context: CanvasRenderingContext2D,
    width: number,
    height: number,
    scene: Scene,
    look: Look,
    theme: CanvasTheme,
  ): void {
    this.#named = [];
    const rows = Math.min(scene.levels, height);
    const levels = Int32Array.from({ length: rows }, (_, row) => {
      const level = Math.floor((row * scene.levels) / rows);
      return look.flipped ? scene.levels - 1 - level : level;
    });
    const whole = { left: 0, right: 1, top: 0 };
    const strip = this.#paintStrip(width, levels, scene, whole, look, theme, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(strip, 0, 0, width, rows, 0, 0, width, height);
  }

  #paintStrip(
    width: number,
    levels: Int32Array,
    scene: Scene,
    camera: Camera,
    look: Look,
    theme: CanvasTheme,
    ratio: number,
  ): HTMLCanvasElement {
    const rows = levels.length;
    const strip = this.#strip;
    if (strip.width !== width || strip.height < rows) {
      strip.width = width;
      strip.height = Math.max(rows, 1);
      this.#pixels = undefined;
    }
    const context = strip.getContext("2d", { willReadFrequently: true });
    if (!context) return strip;
    this.#pixels ??= context.createImageData(width, strip.height);
    const pixels = new Uint32Array(this.#pixels.data.buffer);
    const line = new PixelLine(pixels, width, pixelOf(theme.background));
    levels.forEach((level, row) => {
      line.begin(row);
      this.#paintLevel(line, level, scene, camera, look, theme, ratio);
      line.finish();
    });
    context.putImageData(this.#pixels, 0, 0, 0, 0, width, rows);
    return strip;
  }

  #paintLevel(
    line: PixelLine,
    level: number,
    scene: Scene,
    camera: Camera,
    look: Look,
    { fills }: CanvasTheme,
    ratio: number,
  ): void {
    const { starts, ends, frames } = scene;
    const { functions } = scene.tree;
    const { classes, matches, alike } = look;
    const { width } = line;
    const { left } = camera;
    const scale = width / (camera.right - left);
    const passed = isPassed(scene, look, level) ? Tone.passed : Tone.plain;
    const minCrisp = MIN_CRISP_WIDTH * ratio;
    const minNamed = MIN_NAMED_WIDTH * ratio;
    const end = scene.levelStarts[level + 1];
    for (let box = scene.firstEndingBehind(level, left); box < end; box++) {
      const from = (starts[box] - left) * scale;
      if (from >= width) break;
      const to = Math.min(width, (ends[box] - left) * scale);
      const fn = functions[frames[box]];
      let tone: number = passed;
      if (matches) tone = matches[fn] ? Tone.match : Tone.dim;
      if (fn === alike && tone !== Tone.match) tone = Tone.alike;
      const fill = fillIndex(classes[box], tone);
      const visible = to - Math.max(0, from);
      if (ratio === 0 || visible < minCrisp) {
        line.blend(Math.max(0, from), to, fills[fill]);
        continue;
      }
      const first = Math.max(0, Math.round(from));
      const last = Math.round(to);
      line.fill(
        first,
        last,
        to >= width ? last : last - Math.max(1, Math.round(ratio)),
        fills[fill],
      );
      if (visible >= minNamed) {
        this.#named.push({ box, left: first, right: last, level, fill });
      }
    }
  }

  #paintNames(
    context: CanvasRenderingContext2D,
    { ratio }: Surface,
    scene: Scene,
    { flipped }: Look,
    theme: CanvasTheme,
    fitter: NameFitter,
    offset: number,
    levelHeight: number,
  ): void {
    context.font = fontOf(theme, ratio);
    context.textBaseline = "middle";
    context.textAlign = "left";
    const padding = PADDING * ratio;
    if (this.#texts?.scene !== scene) this.#texts = { scene, all: new BoxTexts(scene) };
    const texts = this.#texts.all;
    let color = "";
    for (const { box, left, right, level, fill } of this.#named) {
      const room = (right - left - 2 * padding) / ratio;
      const { name, details } = texts.textOf(scene.frames[box], room, fitter);
      if (name === "") continue;
      if (theme.texts[fill] !== color) {
        color = theme.texts[fill];
        context.fillStyle = color;
      }
      const row = flipped ? scene.levels - 1 - level : level;
      const y = offset + (row + 0.5) * levelHeight;
      context.fillText(name, left + padding, y);
      if (details.length === 0) continue;
      context.globalAlpha = DETAIL_OPACITY;
      for (const detail of details) {
        context.fillText(detail.text, left + padding + detail.offset * ratio, y);
      }
      context.globalAlpha = 1;
    }
  }
}

/** Returns the font of names. A ratio of 1 gives the font for measuring. */
export function fontOf({ fontFamily }: CanvasTheme, ratio: number): string {
  return `${FONT_SIZE * ratio}px ${fontFamily}`;
}

/** Returns the first row's position in device pixels. Short flipped graphs are at the bottom. */
export function offsetOf(surface: Surface, scene: Scene, camera: Camera, flipped: boolean): number {
  const spare =
    Math.round(surface.height * surface.ratio) - scene.levels * Painter.levelPixels(surface);
  if (flipped && spare > 0) return spare;
  return -Math.round(camera.top * surface.ratio);
}

/** Returns whether a level lies between the root and the frame zoomed in on. */
function isPassed(scene: Scene, { zoomed }: Look, level: number): boolean {
  if (zoomed === scene.root) return false;
  const own = scene.levelOf(zoomed);
  return scene.isCaller(zoomed) ? level > own : level < own;
}
