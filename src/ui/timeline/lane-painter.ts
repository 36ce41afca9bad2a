import type { NameFitter } from "../flame-canvas/name-fitter.js";
import { fontOf, type Surface } from "../flame-canvas/painter.js";
import { PixelLine } from "../flame-canvas/pixel-line.js";
import { pixelOf } from "../flame-canvas/theme.js";
import { BLOCK, type BlockSums } from "./block-sums.js";
import { type Chart, firstEndingBehind, HEADER_HEIGHT, ROW_HEIGHT } from "./chart.js";
import type { ChartColors } from "./chart-colors.js";
import type { ChartTheme } from "./chart-theme.js";
import { AXIS_HEIGHT, type Viewport } from "./viewport.js";

const PADDING = 4;
/** Narrower boxes have no name. */
const MIN_NAMED_WIDTH = 24;
/** Narrower boxes are blended with their neighbours instead of drawn with edges. */
const MIN_CRISP_WIDTH = 2.5;

/** What the painter draws besides the chart itself. */
export interface LaneLook {
  readonly theme: ChartTheme;
  readonly colors: ChartColors;
  readonly sums: readonly BlockSums[];
}

/**
 * Draws the rows and headers of lanes in a time that depends on the pixels, not on the number of
 * boxes. Each row is built as one line of pixels, which is then stretched to the height of the row.
 */
export class LanePainter {
  readonly #strip = document.createElement("canvas");
  #pixels: ImageData | undefined;
  #hatch: CanvasPattern | null = null;
  #hatchColor = "";
  /** Wide boxes, which get names: four numbers each, reused for every picture. */
  #named = new Float64Array(256);
  #namedCount = 0;

  paintRows(
    context: CanvasRenderingContext2D,
    { width, height, ratio }: Surface,
    chart: Chart,
    view: Viewport,
    look: LaneLook,
  ): void {
    const wide = Math.round(width * ratio);
    const top = Math.max(0, view.chartYAt(AXIS_HEIGHT));
    const bottom = view.chartYAt(height);
    const first = chart.laneAt(Math.min(top, chart.height - 1));
    const { placed } = chart;
    this.#namedCount = 0;
    const maxRows = height;
    const strip = this.#prepareStrip(wide, maxRows);
    if (!strip || !this.#pixels || first < 0) return;
    const pixels = new Uint32Array(this.#pixels.data.buffer);
    const line = new PixelLine(pixels, wide, pixelOf(look.theme.background));
    /** The upper and lower edges of rows, in device pixels. */
    const edges: number[] = [];
    const gap = Math.max(1, Math.round(ratio));
    for (let lane = first; lane < placed.length && placed[lane].top < bottom; lane++) {
      const { rows, rowHeight, isFolded } = placed[lane];
      const begin = placed[lane].top + HEADER_HEIGHT;
      const from = Math.max(0, Math.floor((top - begin) / rowHeight));
      const to = Math.min(rows, Math.ceil((bottom - begin) / rowHeight));
      for (let row = from; row < to && edges.length < 2 * maxRows; row++) {
        const y = view.yOf(begin + row * rowHeight);
        line.begin(edges.length / 2);
        this.#paintRow(line, chart, lane, row, view, look, isFolded ? -1 : y, ratio);
        line.finish();
        edges.push(Math.round(y * ratio));
        edges.push(Math.round((y + rowHeight) * ratio) - (isFolded ? 0 : gap));
      }
    }
    strip.putImageData(this.#pixels, 0, 0, 0, 0, wide, edges.length / 2);
    context.imageSmoothingEnabled = false;
    for (let at = 0; at < edges.length; at += 2) {
      const size = edges[at + 1] - edges[at];
      context.drawImage(this.#strip, 0, at / 2, wide, 1, 0, edges[at], wide, size);
    }
  }

  /** Draws the names in the boxes that {@link paintRows} has drawn, and hatches waiting. */
  paintNames(
    context: CanvasRenderingContext2D,
    { ratio }: Surface,
    { report }: Chart,
    { theme, colors }: LaneLook,
    fitter: NameFitter,
  ): void {
    context.font = fontOf(theme, ratio);
    context.textBaseline = "middle";
    context.textAlign = "left";
    const padding = PADDING * ratio;
    let color = "";
    for (let i = 0; i < this.#namedCount; i++) {
      const left = this.#named[i * 4];
      const right = this.#named[i * 4 + 1];
      const y = this.#named[i * 4 + 2];
      const fn = this.#named[i * 4 + 3];
      if (colors.idle[fn]) {
        this.#paintHatch(context, theme, left, right, y, ratio);
        color = "";
        continue;
      }
      const text = fitter.fit(report.functions[fn].name, (right - left - 2 * padding) / ratio);
      if (text === "") continue;
      if (colors.texts[fn] !== color) {
        color = colors.texts[fn];
        context.fillStyle = color;
      }
      context.fillText(text, left + padding, (y + ROW_HEIGHT / 2) * ratio);
    }
  }

  /** Draws the names of lanes; at the top of the canvas while only rows of a lane are visible. */
  paintHeaders(
    context: CanvasRenderingContext2D,
    surface: Surface,
    chart: Chart,
    view: Viewport,
    theme: ChartTheme,
  ): void {
    const top = Math.max(0, view.chartYAt(AXIS_HEIGHT));
    const bottom = view.chartYAt(surface.height);
    const { placed } = chart;
    let lane = chart.laneAt(Math.min(top, chart.height - 1));
    for (; lane >= 0 && placed[lane] && placed[lane].top < bottom; lane++) {
      this.#paintHeader(context, surface, chart, lane, view, theme);
    }
  }

  #prepareStrip(width: number, rows: number): CanvasRenderingContext2D | null {
    const strip = this.#strip;
    const context = strip.getContext("2d", { willReadFrequently: true });
    if (context && (strip.width !== width || strip.height < rows || !this.#pixels)) {
      strip.width = Math.max(1, width);
      strip.height = Math.max(rows, 1);
      this.#pixels = context.createImageData(strip.width, strip.height);
    }
    return context;
  }

  /** `y` is the position of names; negative for none. */
  #paintRow(
    line: PixelLine,
    chart: Chart,
    laneNumber: number,
    row: number,
    view: Viewport,
    { colors, sums }: LaneLook,
    y: number,
    ratio: number,
  ): void {
    const lane = chart.laneOf(laneNumber);
    const { offsets, starts, ends, boxFunctions } = lane;
    const { fills, idle } = colors;
    const { lengths, reds, greens, blues } = sums[laneNumber];
    const { width } = line;
    const { from: left } = view;
    const scale = ratio / view.perPixel;
    const minCrisp = MIN_CRISP_WIDTH * ratio;
    const minNamed = MIN_NAMED_WIDTH * ratio;
    const gap = Math.max(1, Math.round(ratio));
    const end = offsets[row + 1];
    const lastBlock = Math.floor(end / BLOCK);
    let box = firstEndingBehind(lane, row, left);
    while (box < end) {
      const from = (starts[box] - left) * scale;
      if (from >= width) break;
      const to = Math.min(width, (ends[box] - left) * scale);
      const begin = Math.max(0, from);
      if (to - begin >= minCrisp) {
        const first = Math.round(begin);
        const last = Math.round(to);
        line.fill(first, last, to >= width ? last : last - gap, fills[boxFunctions[box]]);
        const fn = boxFunctions[box];
        if (y >= 0 && (to - begin >= minNamed || idle[fn])) this.#addNamed(first, last, y, fn);
        box++;
        continue;
      }
      const column = Math.floor(from);
      const pixelEnd = left + (column + 1) / scale;
      if (column < 0 || ends[box] > pixelEnd) {
        line.blend(begin, to, fills[boxFunctions[box]]);
        box++;
        continue;
      }
      // Add up the boxes within the pixel, whole blocks of them as far as possible.
      let length = 0;
      let red = 0;
      let green = 0;
      let blue = 0;
      for (; box < end && ends[box] <= pixelEnd; box++) {
        const block = box / BLOCK;
        if (box % BLOCK === 0 && block < lastBlock && ends[box + BLOCK - 1] <= pixelEnd) {
          const next = blocksWithin(ends, block + 1, lastBlock, pixelEnd);
          length += lengths[next] - lengths[block];
          red += reds[next] - reds[block];
          green += greens[next] - greens[block];
          blue += blues[next] - blues[block];
          box = next * BLOCK - 1;
          continue;
        }
        const own = ends[box] - starts[box];
        const fill = fills[boxFunctions[box]];
        length += own;
        red += own * (fill & 255);
        green += own * ((fill >>> 8) & 255);
        blue += own * ((fill >>> 16) & 255);
      }
      line.blendSum(column, length * scale, red * scale, green * scale, blue * scale);
    }
  }

  #addNamed(left: number, right: number, y: number, fn: number): void {
    const at = this.#namedCount * 4;
    if (at === this.#named.length) {
      const longer = new Float64Array(at * 2);
      longer.set(this.#named);
      this.#named = longer;
    }
    this.#named[at] = left;
    this.#named[at + 1] = right;
    this.#named[at + 2] = y;
    this.#named[at + 3] = fn;
    this.#namedCount++;
  }

  /** Hatches an area in which a thread waits. */
  #paintHatch(
    context: CanvasRenderingContext2D,
    { background, line }: ChartTheme,
    left: number,
    right: number,
    y: number,
    ratio: number,
  ): void {
    if (this.#hatchColor !== background + line) {
      this.#hatchColor = background + line;
      this.#hatch = context.createPattern(hatch(background, line, ratio), "repeat");
    }
    if (!this.#hatch) return;
    context.fillStyle = this.#hatch;
    const top = Math.round(y * ratio);
    const gap = Math.max(1, Math.round(ratio));
    context.fillRect(
      left,
      top,
      right - left - gap,
      Math.round((y + ROW_HEIGHT) * ratio) - top - gap,
    );
  }

  #paintHeader(
    context: CanvasRenderingContext2D,
    { width, ratio }: Surface,
    chart: Chart,
    lane: number,
    view: Viewport,
    theme: ChartTheme,
  ): void {
    const { top, bottom, isFolded } = chart.placed[lane];
    const { name, detail, busy, gc } = chart.laneOf(lane);
    const pinned = Math.min(Math.max(view.yOf(top), AXIS_HEIGHT), view.yOf(bottom) - HEADER_HEIGHT);
    const y = Math.round(pinned * ratio);
    const height = Math.round(HEADER_HEIGHT * ratio);
    const edge = Math.max(1, Math.round(ratio));
    context.fillStyle = theme.panel;
    context.fillRect(0, y, width * ratio, height);
    context.fillStyle = theme.line;
    context.fillRect(0, y, width * ratio, edge);
    const middle = y + height / 2 + edge / 2;
    context.textBaseline = "middle";
    context.font = fontOf(theme, ratio);
    context.fillStyle = theme.muted;
    context.fillText(isFolded ? "▸" : "▾", 8 * ratio, middle);
    const share = (part: number) => `${Number((part * 100).toFixed(part < 0.0995 ? 1 : 0))}%`;
    const collects = gc > 0 ? `, GC ${share(gc)}` : "";
    const usage = `busy ${share(busy)}${collects}`;
    context.textAlign = "right";
    context.fillText(usage, (width - 12) * ratio, middle);
    const room = (width - 48) * ratio - context.measureText(usage).width;
    context.textAlign = "left";
    context.font = `600 ${fontOf(theme, ratio)}`;
    context.fillStyle = theme.text;
    const shown = fitText(context, name, room);
    context.fillText(shown, 22 * ratio, middle);
    const left = 22 * ratio + context.measureText(shown).width + 10 * ratio;
    context.font = fontOf(theme, ratio);
    context.fillStyle = theme.muted;
    context.fillText(fitText(context, detail, room - left + 22 * ratio), left, middle);
  }
}

/** Returns the end of the blocks from `block` on whose boxes all end before a time. */
function blocksWithin(ends: Float64Array, block: number, last: number, time: number): number {
  let low = block;
  let high = last;
  // Most pixels have few blocks, so look nearby first.
  for (let step = 1; low + step < last; step *= 2) {
    if (ends[(low + step) * BLOCK - 1] > time) {
      high = low + step;
      break;
    }
    low += step;
  }
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (ends[middle * BLOCK - 1] <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}

function fitText(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (text === "" || context.measureText(text).width <= room) return text;
  let length = Math.floor((text.length * room) / context.measureText(text).width);
  while (length > 1 && context.measureText(`${text.slice(0, length)}…`).width > room) length--;
  return length > 1 ? `${text.slice(0, length)}…` : "";
}

function hatch(background: string, line: string, ratio: number): HTMLCanvasElement {
  const size = Math.round(6 * ratio);
  const tile = document.createElement("canvas");
  tile.width = size;
  tile.height = size;
  const context = tile.getContext("2d");
  if (!context) return tile;
  context.fillStyle = background;
  context.fillRect(0, 0, size, size);
  context.strokeStyle = line;
  context.lineWidth = Math.max(1, ratio);
  context.beginPath();
  // The diagonal and its continuation in the neighbouring tiles.
  for (const shift of [-size, 0, size]) {
    context.moveTo(shift - 1, size + 1);
    context.lineTo(shift + size + 1, -1);
  }
  context.stroke();
  return tile;
}
