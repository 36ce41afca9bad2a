import { type Camera, panned, within, zoomed } from "../flame-canvas/camera.js";
import { MovingCamera } from "../flame-canvas/moving-camera.js";
import type { Surface } from "../flame-canvas/painter.js";
import { AXIS_HEIGHT } from "./viewport.js";

export interface CameraHost {
  surface(): Surface;
  /** The height of all lanes, in CSS pixels. */
  chartHeight(): number;
  /** The camera moves: paint soon. */
  onMove(): void;
}

/** The visible part of a timeline. Widths are parts of the whole recording. */
export class ChartCamera {
  readonly #host: CameraHost;
  readonly #camera = new MovingCamera();
  readonly #reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

  constructor(host: CameraHost) {
    this.#host = host;
  }

  get now(): Camera {
    return this.#camera.now;
  }

  /** The camera at the end of the animation. */
  get goal(): Camera {
    return this.#camera.goal;
  }

  get isMoving(): boolean {
    return this.#camera.isMoving;
  }

  get isZoomed(): boolean {
    const { left, right } = this.#camera.goal;
    return left > 0 || right < 1;
  }

  /** The largest scroll position, in CSS pixels. */
  get maxTop(): number {
    return Math.max(0, this.#host.chartHeight() - (this.#host.surface().height - AXIS_HEIGHT));
  }

  /** Moves an animated camera to its position at `time`, as of `performance.now()`. */
  advance(time: number): void {
    this.#camera.advance(time);
    if (this.#camera.isMoving) this.#host.onMove();
  }

  /** Moves the camera without an animation. */
  put(camera: Camera): void {
    this.#camera.put(within(camera, this.maxTop));
    this.#host.onMove();
  }

  /**
   * Moves the camera with an animation, unless the user prefers less motion. Calls `done` at the end
   * unless the camera is moved before that.
   */
  send(camera: Camera, done: () => void = () => {}): void {
    if (this.#reducedMotion.matches || this.#host.surface().width === 0) {
      this.put(camera);
      done();
      return;
    }
    this.#camera.send(within(camera, this.maxTop), done);
    this.#host.onMove();
  }

  /** Zooms around `x`, in CSS pixels of the canvas, without an animation. */
  zoomAt(factor: number, x: number): void {
    this.put(zoomed(this.now, factor, x / Math.max(1, this.#host.surface().width)));
  }

  /** Zooms around a position of the visible part, from 0 to 1. */
  zoomBy(factor: number, about: number): void {
    this.send(zoomed(this.goal, factor, about));
  }

  /** Pans by CSS pixels without an animation. */
  pan(dx: number, dy: number): void {
    this.put(panned(this.now, dx / Math.max(1, this.#host.surface().width), dy));
  }

  /** Pans by parts of the visible area. */
  panBy(across: number, down: number): void {
    this.send(panned(this.goal, across, down * this.#host.surface().height));
  }

  /** Shows a range of parts of the recording. */
  showRange(left: number, right: number): void {
    this.send({ ...this.goal, left, right });
  }
}
