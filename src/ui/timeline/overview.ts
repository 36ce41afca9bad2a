import type { Activity } from "../../report/timeline.js";
import type { Camera } from "../flame-canvas/camera.js";
import { h } from "../widgets/elements.js";
import type { Chart } from "./chart.js";
import type { ChartTheme } from "./chart-theme.js";
import type { TimeRange } from "./time-range.js";

/** The height of the strip, in CSS pixels. */
const HEIGHT = 44;
/** A pointer this near to an edge of the window moves the edge, in CSS pixels. */
const EDGE = 5;
/** A drag shorter than this is a click, in CSS pixels. */
const MIN_DRAG = 4;

export interface OverviewActions {
  /** The user wants to see this part of the recording, from 0 to 1. */
  show(left: number, right: number): void;
}

/** The activity of all threads over the whole recording, with a window for the visible part. */
export class Overview {
  readonly element: HTMLElement;
  readonly #canvas = h("canvas");
  readonly #window = h("div", { class: "timeline-window" });
  readonly #range = h("div", { class: "timeline-overview-range", hidden: true });
  readonly #actions: OverviewActions;
  #camera: Camera = { left: 0, right: 1, top: 0 };

  constructor(actions: OverviewActions) {
    this.#actions = actions;
    this.element = h(
      "div",
      { class: "timeline-overview", "aria-hidden": "true" },
      this.#canvas,
      this.#range,
      this.#window,
    );
    this.#listen();
  }

  draw({ report }: Chart, theme: ChartTheme, width: number, ratio: number): void {
    const canvas = this.#canvas;
    canvas.width = Math.max(1, Math.round(width * ratio));
    canvas.height = Math.round(HEIGHT * ratio);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${HEIGHT}px`;
    const context = canvas.getContext("2d", { alpha: false });
    if (context) paintActivity(context, report.activity, theme);
  }

  showWindow(camera: Camera): void {
    this.#camera = camera;
    const { left, right } = camera;
    this.#window.style.left = `${left * 100}%`;
    this.#window.style.width = `${(right - left) * 100}%`;
    this.#window.classList.toggle("timeline-whole", left === 0 && right === 1);
  }

  /** Marks a range of the recording; undefined marks none. */
  showRange(range: TimeRange | undefined, { report, length }: Chart): void {
    this.#range.hidden = range === undefined;
    if (!range) return;
    const part = (time: number) => Math.min(1, Math.max(0, (time - report.start) / length));
    this.#range.style.left = `${part(range.from) * 100}%`;
    this.#range.style.width = `${(part(range.to) - part(range.from)) * 100}%`;
  }

  #listen(): void {
    const { element } = this;
    const part = ({ clientX }: PointerEvent) => {
      const { left, width } = element.getBoundingClientRect();
      return Math.min(1, Math.max(0, (clientX - left) / width));
    };
    /** Moves the window to the pointer, which is at a part of the recording. */
    let move: ((at: number) => void) | undefined;
    element.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      element.setPointerCapture(event.pointerId);
      move = this.#dragFrom(part(event), element.clientWidth);
    });
    element.addEventListener("pointermove", (event) => move?.(part(event)));
    element.addEventListener("pointerup", (event) => {
      move?.(part(event));
      move = undefined;
    });
    element.addEventListener("pointercancel", () => {
      move = undefined;
    });
  }

  /** Returns what a drag from a part of the recording does: move the window, an edge, or draw one. */
  #dragFrom(start: number, width: number): (at: number) => void {
    const { left, right } = this.#camera;
    const { show } = this.#actions;
    const edge = EDGE / width;
    const span = right - left;
    const isWhole = span === 1;
    if (!isWhole && Math.abs(start - left) < edge) return (at) => show(Math.min(at, right), right);
    if (!isWhole && Math.abs(start - right) < edge) return (at) => show(left, Math.max(at, left));
    if (!isWhole && start > left && start < right) {
      return (at) => show(left + at - start, right + at - start);
    }
    return (at) => {
      if (Math.abs(at - start) * width >= MIN_DRAG) show(Math.min(at, start), Math.max(at, start));
      else if (!isWhole) show(start - span / 2, start + span / 2);
    };
  }
}

/** Draws stacked areas: garbage collection at the bottom, the engine's own code, and code. */
function paintActivity(
  context: CanvasRenderingContext2D,
  { code, program, gc }: Activity,
  { background, accent, swatches }: ChartTheme,
): void {
  const { width, height } = context.canvas;
  context.fillStyle = background;
  context.fillRect(0, 0, width, height);
  const layers = [
    { column: gc, color: swatches.u4, opacity: 1 },
    { column: program, color: swatches.none, opacity: 1 },
    { column: code, color: accent, opacity: 0.5 },
  ];
  let most = 0;
  for (let step = 0; step < code.length; step++) {
    most = Math.max(most, code[step] + program[step] + gc[step]);
  }
  const scale = (height * 0.92) / Math.max(most, 1e-9);
  for (let x = 0; x < width; x++) {
    const from = Math.floor((x * code.length) / width);
    const to = Math.max(from + 1, Math.floor(((x + 1) * code.length) / width));
    let y = height;
    for (const { column, color, opacity } of layers) {
      let sum = 0;
      for (let step = from; step < to; step++) sum += column[step];
      const size = (sum / (to - from)) * scale;
      context.fillStyle = color;
      context.globalAlpha = opacity;
      context.fillRect(x, y - size, 1, size);
      y -= size;
    }
  }
}
