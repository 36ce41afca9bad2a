import type { Camera } from "../flame-canvas/camera.js";
import type { Surface } from "../flame-canvas/painter.js";
import type { Chart } from "./chart.js";

/** The height of the axis above the lanes, in CSS pixels. */
export const AXIS_HEIGHT = 24;

/** Converts between times, in nanoseconds, and points of the canvas, in CSS pixels. */
export class Viewport {
  /** The time at the left edge, and the nanoseconds per CSS pixel. */
  readonly from: number;
  readonly perPixel: number;
  readonly width: number;
  readonly #top: number;

  constructor({ report, length }: Chart, { left, right, top }: Camera, { width }: Surface) {
    this.from = report.start + left * length;
    this.perPixel = ((right - left) * length) / Math.max(1, width);
    this.width = width;
    this.#top = top;
  }

  get to(): number {
    return this.from + this.width * this.perPixel;
  }

  timeAt(x: number): number {
    return this.from + x * this.perPixel;
  }

  xOf(time: number): number {
    return (time - this.from) / this.perPixel;
  }

  /** Returns the vertical position on the canvas of a position in the chart. */
  yOf(chartY: number): number {
    return chartY - this.#top + AXIS_HEIGHT;
  }

  chartYAt(y: number): number {
    return y + this.#top - AXIS_HEIGHT;
  }
}
