import { h } from "../widgets/elements.js";
import type { Camera } from "./camera.js";
import { NameFitter } from "./name-fitter.js";
import { fontOf, LEVEL_HEIGHT, type Look, type Painter } from "./painter.js";
import type { Scene } from "./scene.js";
import { printTheme } from "./theme.js";

interface Printed {
  readonly scene: Scene;
  readonly camera: Camera;
  readonly look: Look;
  readonly fontFamily: string;
  readonly painter: Painter;
}

/** The width of a page in CSS pixels, and the device pixels per CSS pixel. */
const WIDTH = 1000;
const RATIO = 3;
/** Deeper levels are not printed: browsers limit the size of canvases. */
const MAX_LEVELS = 150;

/** Replaces the canvas in print: all levels, in light colours and a higher resolution. */
export class PrintCopy {
  readonly element = h("div", { class: "flame-paper", "aria-hidden": "true" });

  constructor(printed: () => Printed | undefined) {
    window.addEventListener("beforeprint", () => {
      const copy = this.element.isConnected ? printed() : undefined;
      if (copy) this.element.replaceChildren(draw(copy));
    });
    window.addEventListener("afterprint", () => this.element.replaceChildren());
  }
}

function draw({ scene, camera, look, fontFamily, painter }: Printed): HTMLCanvasElement {
  const levels = Math.min(scene.levels, MAX_LEVELS);
  const surface = { width: WIDTH, height: levels * LEVEL_HEIGHT, ratio: RATIO };
  const theme = printTheme(fontFamily);
  const canvas = h("canvas", { width: WIDTH * RATIO, height: surface.height * RATIO });
  const context = canvas.getContext("2d", { alpha: false });
  if (!context) return canvas;
  context.font = fontOf(theme, 1);
  const measuring = h("canvas").getContext("2d");
  if (measuring) measuring.font = fontOf(theme, 1);
  const fitter = new NameFitter((text) => measuring?.measureText(text).width ?? 0);
  // In a flipped graph, the levels next to the root are at the bottom.
  const top = look.flipped ? (scene.levels - levels) * LEVEL_HEIGHT : 0;
  painter.paint(context, surface, scene, { ...camera, top }, look, theme, fitter);
  return canvas;
}
