import { h } from "../widgets/elements.js";
import type { Camera } from "./camera.js";
import { NameFitter } from "./name-fitter.js";
import { fontOf, LEVEL_HEIGHT, type Look, Painter, type Surface } from "./painter.js";
import type { Scene } from "./scene.js";
import { type CanvasTheme, readTheme } from "./theme.js";

export class FlameCanvas {
  readonly element = h("canvas", { "aria-hidden": "true" });
  readonly painter = new Painter();
  #surface: Surface = { width: 0, height: 0, ratio: 1 };
  #theme: CanvasTheme | undefined;
  #fitter = new NameFitter(() => 0);

  get surface(): Surface {
    return this.#surface;
  }

  /** Undefined until the theme has been read. */
  get theme(): CanvasTheme | undefined {
    return this.#theme;
  }

  /** Reads colours and font from the style of an element. */
  readTheme(page: HTMLElement): void {
    this.#theme = readTheme(page);
    const context = h("canvas").getContext("2d");
    if (!context) return;
    context.font = fontOf(this.#theme, 1);
    this.#fitter = new NameFitter((text) => context.measureText(text).width);
  }

  forgetTheme(): void {
    this.#theme = undefined;
  }

  /** Sets the size in CSS pixels. The canvas is empty until it is painted. */
  resize(width: number, height: number): void {
    this.#surface = { width, height, ratio: window.devicePixelRatio || 1 };
  }

  /** Paints the visible part; returns false if the size or the theme is not known yet. */
  paint(scene: Scene, camera: Camera, look: Look): boolean {
    const { width, height } = this.#surface;
    if (!this.#theme || width === 0) return false;
    // The window may have moved to a screen with another pixel ratio.
    this.resize(width, height);
    this.#fit();
    const context = this.#context();
    if (!context) return false;
    this.painter.paint(context, this.#surface, scene, camera, look, this.#theme, this.#fitter);
    return true;
  }

  /** Outlines an area of one level with a line of the given width in CSS pixels. */
  outline({ x, y, width }: { x: number; y: number; width: number }, line: number): void {
    const context = this.#context();
    if (!context || !this.#theme) return;
    const { ratio, width: whole } = this.#surface;
    const left = Math.max(-4, x);
    const right = Math.min(whole + 4, x + width);
    if (right < 0 || left > whole) return;
    context.strokeStyle = this.#theme.text;
    context.lineWidth = line * ratio;
    context.strokeRect(
      (left + line / 2) * ratio,
      (y + line / 2) * ratio,
      Math.max(1, right - left - 1 - line) * ratio,
      (LEVEL_HEIGHT - 1 - line) * ratio,
    );
  }

  #context(): CanvasRenderingContext2D | null {
    return this.element.getContext("2d", { alpha: false });
  }

  /** Gives the element one pixel for each pixel of the device. */
  #fit(): void {
    const { width, height, ratio } = this.#surface;
    const { element } = this;
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (element.width === wide && element.height === high) return;
    element.width = wide;
    element.height = high;
    element.style.width = `${width}px`;
    element.style.height = `${height}px`;
  }
}
