import { h } from "../widgets/elements.js";
import type { Camera } from "./camera.js";
import { NameFitter } from "./name-fitter.js";
import { fontOf, LEVEL_HEIGHT, type Look, Painter, type Surface } from "./painter.js";
import type { Scene } from "./scene.js";
import { type CanvasTheme, readTheme } from "./theme.js";

/** The canvas of a flame graph: its size, its colours and font, and what is drawn on it. */
export class FlameCanvas {
  readonly element = h("canvas", { "aria-hidden": "true" });
  readonly painter = new Painter();
  #surface: Surface = { width: 0, height: 0, ratio: 1 };
  #theme: CanvasTheme | undefined;
  #fitter = new NameFitter(() => 0);

  get surface(): Surface {
    return this.#surface;
  }

  /** Undefined until it is read. */
  get theme(): CanvasTheme | undefined {
    return this.#theme;
  }

  /** Reads colours and font where `page` is in the page. */
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

  /** Takes another size, in CSS pixels. It is empty then until it is painted. */
  resize(width: number, height: number): void {
    this.#surface = { width, height, ratio: window.devicePixelRatio || 1 };
  }

  /** Draws what the camera sees; false where it has no size or no colours yet. */
  paint(scene: Scene, camera: Camera, look: Look): boolean {
    const { width, height } = this.#surface;
    if (!this.#theme || width === 0) return false;
    // A window may have come to another screen.
    this.resize(width, height);
    this.#fit();
    const context = this.#context();
    if (!context) return false;
    this.painter.paint(context, this.#surface, scene, camera, look, this.#theme, this.#fitter);
    return true;
  }

  /** Draws a line of so many CSS pixels around an area of one level. */
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

  /** Gives the element as many pixels as the device has for it. */
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
