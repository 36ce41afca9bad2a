import { h } from "../widgets/elements.js";
import type { Camera } from "./camera.js";
import { NameFitter } from "./name-fitter.js";
import { fontOf, LEVEL_HEIGHT, type Look, type Painter } from "./painter.js";
import type { Scene } from "./scene.js";
import { paperTheme } from "./theme.js";

/** What is on the screen, to be drawn for paper. */
interface Printed {
  readonly scene: Scene;
  readonly camera: Camera;
  readonly look: Look;
  readonly fontFamily: string;
  readonly painter: Painter;
}

/** As wide as a page is in CSS pixels, about; and how fine it is drawn. */
const WIDTH = 1000;
const RATIO = 3;
/** Levels beyond are not printed: canvases have a limit, and so have readers. */
const MOST_LEVELS = 150;

/** Takes the place of the canvas on paper: all levels, in light colours, and sharper. */
export class PaperCopy {
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
  const levels = Math.min(scene.levels, MOST_LEVELS);
  const surface = { width: WIDTH, height: levels * LEVEL_HEIGHT, ratio: RATIO };
  const theme = paperTheme(fontFamily);
  const canvas = h("canvas", { width: WIDTH * RATIO, height: surface.height * RATIO });
  const context = canvas.getContext("2d", { alpha: false });
  if (!context) return canvas;
  context.font = fontOf(theme, 1);
  const measuring = h("canvas").getContext("2d");
  if (measuring) measuring.font = fontOf(theme, 1);
  const fitter = new NameFitter((text) => measuring?.measureText(text).width ?? 0);
  // Of a graph that is turned over the levels next to the root are at the end.
  const top = look.flipped ? (scene.levels - levels) * LEVEL_HEIGHT : 0;
  painter.paint(context, surface, scene, { ...camera, top }, look, theme, fitter);
  return canvas;
}
