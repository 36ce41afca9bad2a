import { Announcer } from "../flame-canvas/announcer.js";
import { spoken } from "../flame-canvas/describe.js";
import { NameFitter } from "../flame-canvas/name-fitter.js";
import { fontOf, type Surface } from "../flame-canvas/painter.js";
import { type Gesture, listen } from "../flame-canvas/pointer-input.js";
import { Tooltip } from "../flame-canvas/tooltip.js";
import { h } from "../widgets/elements.js";
import type { BlockSums } from "./block-sums.js";
import { type BoxRef, type Chart, HEADER_HEIGHT, NONE, ROW_HEIGHT } from "./chart.js";
import type { ChartCamera } from "./chart-camera.js";
import type { ChartColors } from "./chart-colors.js";
import { type ChartTheme, readChartTheme } from "./chart-theme.js";
import { describeBox } from "./describe-box.js";
import { RangeHandles } from "./range-handles.js";
import { ScenePainter } from "./scene-painter.js";
import type { TimeRange } from "./time-range.js";
import { lengthText } from "./times.js";
import { AXIS_HEIGHT, Viewport } from "./viewport.js";

/** A pointer may miss a box by this much, in CSS pixels. */
const POINTER_SLACK_PX = 1.5;
/** The wheel distance, in pixels, that zooms by a factor of e. */
const WHEEL_PX_PER_E = 300;
/** The distance of a tooltip or menu opened by a key from the left of its box, in CSS pixels. */
const MAX_TIP_OFFSET = 40;
/** A click opens the menu after this time, unless a second click makes it a double click. */
const DOUBLE_CLICK_MS = 260;

/** What the stage shows. */
export interface Scenery {
  readonly chart: Chart;
  readonly colors: ChartColors;
  readonly sums: readonly BlockSums[];
}

export interface StageOptions {
  readonly camera: () => ChartCamera;
  scenery(): Scenery | undefined;
  selected(): BoxRef | undefined;
  range(): TimeRange | undefined;
  onSelect(at: BoxRef): void;
  onMenu(at: BoxRef, point: { readonly x: number; readonly y: number }): void;
  onToggleLane(lane: number): void;
  onDoubleClick(): void;
  /** A finger taps a box, or `undefined` where there is none. */
  onTap(at: BoxRef | undefined): void;
  onDoubleTap(): void;
  /** The user selects a range; `isDone` at the end of the drag. */
  onRange(range: TimeRange, isDone: boolean): void;
  onResize(): void;
  /** The picture has been painted. */
  onPaint(view: Viewport): void;
}

/** The canvas of a timeline with its tooltip and the handles of the range. */
export class TimelineStage {
  readonly element: HTMLElement;
  /** The element that has the focus. */
  readonly host = h("div", { class: "timeline-host", tabindex: 0, "aria-label": "Timeline" });
  readonly #options: StageOptions;
  readonly #canvas = h("canvas", { "aria-hidden": "true" });
  readonly #painter = new ScenePainter();
  readonly #tooltip = new Tooltip();
  readonly #length = h("div", { class: "timeline-length", "aria-hidden": "true", hidden: true });
  readonly #handles: RangeHandles;
  readonly #announcer: Announcer;
  #fitter = new NameFitter(() => 0);
  surface: Surface = { width: 0, height: 0, ratio: 1 };
  theme: ChartTheme | undefined;
  #hovered: BoxRef | undefined;
  /** The id of the requested animation frame; 0 for none. */
  #animationFrame = 0;
  #menuTimer: ReturnType<typeof setTimeout> | undefined;
  #drag: "range" | "pan" | undefined;

  constructor(options: StageOptions) {
    this.#options = options;
    this.#handles = new RangeHandles({
      view: () => this.view,
      move: (end, time, isDone) => this.#moveEnd(end, time, isDone),
    });
    this.host.append(this.#canvas);
    this.#announcer = new Announcer(this.host);
    this.element = h(
      "div",
      { class: "timeline-stage" },
      this.host,
      this.#length,
      ...this.#handles.elements,
      this.#tooltip.element,
    );
    new ResizeObserver(() => this.#resize()).observe(this.host);
    this.host.addEventListener("focus", () => this.paintSoon());
    this.host.addEventListener("blur", () => {
      this.#tooltip.hide();
      this.paintSoon();
    });
    this.#listen();
  }

  /** Reads colours and font from the style of the page. */
  readTheme(): void {
    this.theme = readChartTheme(this.element);
    const context = h("canvas").getContext("2d");
    if (!context) return;
    context.font = fontOf(this.theme, 1);
    this.#fitter = new NameFitter((text) => context.measureText(text).width);
  }

  get view(): Viewport | undefined {
    const scenery = this.#options.scenery();
    return scenery && new Viewport(scenery.chart, this.#options.camera().now, this.surface);
  }

  /** Paints the canvas in the next animation frame. */
  paintSoon(): void {
    if (this.#animationFrame !== 0) return;
    this.#animationFrame = requestAnimationFrame((now) => {
      this.#animationFrame = 0;
      const camera = this.#options.camera();
      if (camera.isMoving) camera.advance(now);
      this.#paint();
    });
  }

  forgetPointer(): void {
    this.#hovered = undefined;
    this.#tooltip.hide();
  }

  announce(at: BoxRef): void {
    const { view } = this;
    const chart = this.#options.scenery()?.chart;
    if (!view || !chart) return;
    const { offsets } = chart.laneOf(at.lane);
    const text = spoken(describeBox(chart, at, view.perPixel));
    const count = offsets[at.row + 1] - offsets[at.row];
    this.#announcer.announce(text, at.row + 1, at.box - offsets[at.row] + 1, count);
  }

  /** Shows the tooltip of a box that the user went to by key. */
  showTooltipOf(at: BoxRef): void {
    const point = document.activeElement === this.host ? this.#pointOf(at) : undefined;
    if (point) this.#showTooltip(at, point.x, point.y + ROW_HEIGHT / 2);
  }

  /** Opens the menu of a box, for users without a pointer. */
  openMenuOf(at: BoxRef): boolean {
    const point = this.#pointOf(at);
    if (!point) return false;
    this.#openMenu(at, point.x, point.y + ROW_HEIGHT);
    return true;
  }

  /** Returns a point in the visible part of a box, at its upper edge. */
  #pointOf(at: BoxRef): { x: number; y: number } | undefined {
    const { view } = this;
    const chart = this.#options.scenery()?.chart;
    if (!view || !chart) return undefined;
    const left = Math.max(0, view.xOf(chart.startOf(at)));
    const right = Math.min(view.width, view.xOf(chart.endOf(at)));
    const x = Math.min(left + Math.min((right - left) / 2, MAX_TIP_OFFSET), view.width - 10);
    return { x, y: view.yOf(chart.topOf(at)) };
  }

  #openMenu(at: BoxRef, x: number, y: number): void {
    const { left, top } = this.host.getBoundingClientRect();
    this.#tooltip.hide();
    this.#options.onMenu(at, { x: left + x, y: top + y });
  }

  #listen(): void {
    const camera = () => this.#options.camera();
    listen(this.host, {
      hover: (x, y) => this.#hover(x, y),
      leave: () => this.#leave(),
      click: (x, y) => this.#click(x, y),
      doubleClick: () => {
        clearTimeout(this.#menuTimer);
        this.#options.onDoubleClick();
      },
      tap: (x, y) => this.#tap(x, y),
      doubleTap: () => this.#options.onDoubleTap(),
      drag: (dx, dy, gesture) => this.#dragBy(dx, dy, gesture),
      drop: () => this.#drop(),
      zoom: (factor, x) => {
        this.#tooltip.hide();
        camera().zoomAt(factor, x);
      },
      scroll: (dx, dy, { x, shiftKey }) => {
        this.#leave();
        // The page has no other use for the wheel here, so it never scrolls by accident.
        if (shiftKey) camera().pan(0, dx + dy);
        else if (Math.abs(dx) > Math.abs(dy)) camera().pan(dx, 0);
        else camera().zoomAt(Math.exp(-dy / WHEEL_PX_PER_E), x);
        return true;
      },
      menu: (x, y) => {
        clearTimeout(this.#menuTimer);
        const at = this.#boxAt(x, y);
        if (!at) return;
        this.#options.onSelect(at);
        this.#openMenu(at, x, y);
      },
    });
  }

  #click(x: number, y: number): void {
    clearTimeout(this.#menuTimer);
    const lane = this.#headerAt(y);
    if (lane !== NONE) {
      this.#options.onToggleLane(lane);
      return;
    }
    const at = this.#boxAt(x, y);
    if (!at) return;
    this.#options.onSelect(at);
    this.#menuTimer = setTimeout(() => this.#openMenu(at, x, y), DOUBLE_CLICK_MS);
  }

  #tap(x: number, y: number): void {
    const lane = this.#headerAt(y);
    if (lane !== NONE) this.#options.onToggleLane(lane);
    else this.#options.onTap(this.#boxAt(x, y));
  }

  #dragBy(dx: number, dy: number, { x, startX, isTouch, shiftKey }: Gesture): void {
    const { view } = this;
    if (!view) return;
    clearTimeout(this.#menuTimer);
    this.#leave();
    this.#drag ??= isTouch || shiftKey ? "pan" : "range";
    this.host.classList.toggle("timeline-selects", this.#drag === "range");
    this.host.classList.toggle("timeline-pans", this.#drag === "pan");
    if (this.#drag === "pan") {
      this.#options.camera().pan(-dx, -dy);
      return;
    }
    this.#dragged = {
      from: view.timeAt(Math.min(x, startX)),
      to: view.timeAt(Math.max(x, startX)),
    };
    this.#options.onRange(this.#dragged, false);
  }

  /** The range that the pointer is selecting. */
  #dragged: TimeRange | undefined;

  #drop(): void {
    this.#drag = undefined;
    this.host.classList.remove("timeline-selects", "timeline-pans");
    const dragged = this.#dragged;
    this.#dragged = undefined;
    if (dragged) this.#options.onRange(dragged, true);
  }

  #moveEnd(end: keyof TimeRange, time: number, isDone: boolean): void {
    const range = this.#options.range();
    const { view } = this;
    if (!range || !view) return;
    const other = range[end === "from" ? "to" : "from"];
    // The ends stay a pixel apart.
    const moved =
      end === "from"
        ? Math.min(time, other - view.perPixel)
        : Math.max(time, other + view.perPixel);
    this.#options.onRange({ ...range, [end]: moved }, isDone);
  }

  /** Returns the lane whose header is at a vertical position, or {@link NONE}. */
  #headerAt(y: number): number {
    const { view } = this;
    const chart = this.#options.scenery()?.chart;
    if (!view || !chart || y < AXIS_HEIGHT) return NONE;
    const lane = chart.laneAt(view.chartYAt(y));
    if (lane === NONE) return NONE;
    const { top, bottom } = chart.placed[lane];
    const pinned = Math.min(Math.max(view.yOf(top), AXIS_HEIGHT), view.yOf(bottom) - HEADER_HEIGHT);
    return y >= pinned && y < pinned + HEADER_HEIGHT ? lane : NONE;
  }

  #boxAt(x: number, y: number): BoxRef | undefined {
    const { view } = this;
    const chart = this.#options.scenery()?.chart;
    if (!view || !chart || y < AXIS_HEIGHT || this.#headerAt(y) !== NONE) return undefined;
    return chart.boxAt(view.timeAt(x), view.chartYAt(y), POINTER_SLACK_PX * view.perPixel);
  }

  #hover(x: number, y: number): void {
    const at = this.#boxAt(x, y);
    const before = this.#hovered;
    if (at?.lane !== before?.lane || at?.box !== before?.box) this.paintSoon();
    this.#hovered = at;
    this.host.classList.toggle("timeline-hovers", at !== undefined || this.#headerAt(y) !== NONE);
    if (at) this.#showTooltip(at, x, y);
    else this.#tooltip.hide();
  }

  #leave(): void {
    this.#tooltip.hide();
    if (!this.#hovered) return;
    this.#hovered = undefined;
    this.paintSoon();
  }

  #showTooltip(at: BoxRef, x: number, y: number): void {
    const chart = this.#options.scenery()?.chart;
    const { view } = this;
    if (!chart || !view) return;
    const { width, height } = this.surface;
    this.#tooltip.show(describeBox(chart, at, view.perPixel), x, y, width, height);
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.host;
    if (width === 0 || height === 0) return;
    this.surface = { width, height, ratio: window.devicePixelRatio || 1 };
    this.#options.onResize();
    // Not in the next animation frame: a canvas is empty after a change of its size.
    this.#paint();
  }

  #paint(): void {
    const scenery = this.#options.scenery();
    const { view, theme } = this;
    if (!scenery || !view || !theme || this.surface.width === 0) return;
    // The window may have moved to a screen with another pixel ratio.
    this.surface = { ...this.surface, ratio: window.devicePixelRatio || 1 };
    const { surface } = this;
    this.#fit(surface);
    const context = this.#canvas.getContext("2d", { alpha: false });
    if (!context) return;
    const { chart } = scenery;
    const range = this.#options.range();
    this.#painter.paint(context, surface, view, this.#fitter, {
      ...scenery,
      theme,
      range,
      hovered: this.#hovered,
      selected: document.activeElement === this.host ? this.#options.selected() : undefined,
      scroll: this.#options.camera(),
    });
    this.#placeRange(range, view, chart);
    this.#options.onPaint(view);
  }

  /** Places the handles of the range and its length between them. */
  #placeRange(range: TimeRange | undefined, view: Viewport, { report }: Chart): void {
    this.#handles.place(range, view, report.start, report.end);
    this.#length.hidden = range === undefined;
    if (!range) return;
    const from = Math.max(range.from, report.start);
    const to = Math.min(range.to, report.end);
    const [left, right] = [from, to].map((time) =>
      Math.min(view.width, Math.max(0, view.xOf(time))),
    );
    this.#length.textContent = lengthText(Math.max(0, to - from));
    this.#length.hidden = right - left < 70;
    this.#length.style.left = `${(left + right) / 2}px`;
  }

  /** Gives the canvas one pixel for each pixel of the device. */
  #fit({ width, height, ratio }: Surface): void {
    const canvas = this.#canvas;
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width === wide && canvas.height === high) return;
    canvas.width = wide;
    canvas.height = high;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
}
