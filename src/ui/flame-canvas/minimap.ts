import { h } from "../widgets/elements.js";
import type { Camera } from "./camera.js";
import type { FlameCanvas } from "./flame-canvas.js";
import type { Look } from "./painter.js";
import type { Scene } from "./scene.js";

/** In CSS pixels. */
const WIDTH = 180;
const MIN_HEIGHT = 36;
const MAX_HEIGHT = 120;

/** A small picture of the whole graph, with a draggable rectangle for the visible part. */
export class Minimap {
  readonly element: HTMLElement;
  /** Called with the wanted centre of the visible part, from 0 to 1 across and down. */
  onMove: (x: number, y: number) => void = () => {};
  readonly #canvas = h("canvas");
  readonly #window = h("div", { class: "flame-map-window" });

  constructor() {
    this.element = h(
      "div",
      { class: "flame-map", "aria-hidden": "true" },
      this.#canvas,
      this.#window,
    );
    this.element.hidden = true;
    this.element.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      this.element.setPointerCapture(event.pointerId);
      this.#move(event);
    });
    this.element.addEventListener("pointermove", (event) => {
      if (this.element.hasPointerCapture(event.pointerId)) this.#move(event);
    });
  }

  draw({ painter, theme, surface }: FlameCanvas, scene: Scene, look: Look): void {
    if (!theme) return;
    const { ratio } = surface;
    const height = Math.min(MAX_HEIGHT, Math.max(MIN_HEIGHT, scene.levels * 3));
    const canvas = this.#canvas;
    canvas.width = Math.round(WIDTH * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.width = `${WIDTH}px`;
    canvas.style.height = `${height}px`;
    const context = canvas.getContext("2d", { alpha: false });
    if (context) painter.paintSmall(context, canvas.width, canvas.height, scene, look, theme);
  }

  /** Shows the visible part: `height` of the `all` pixels of the graph's height. */
  showWindow({ left, right, top: scrolled }: Camera, all: number, height: number): void {
    const isWhole = height > all;
    const top = isWhole ? 0 : scrolled / all;
    const bottom = isWhole ? 1 : Math.min(1, (scrolled + height) / all);
    const { style } = this.#window;
    style.left = `${left * 100}%`;
    style.width = `${Math.max(1, (right - left) * 100)}%`;
    style.top = `${top * 100}%`;
    style.height = `${Math.max(2, (bottom - top) * 100)}%`;
  }

  #move({ clientX, clientY }: PointerEvent): void {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    this.onMove((clientX - left) / width, (clientY - top) / height);
  }
}
