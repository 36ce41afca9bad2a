import type { Camera } from "../flame-canvas/camera.js";
import type { NameFitter } from "../flame-canvas/name-fitter.js";
import type { Surface } from "../flame-canvas/painter.js";
import { paintAxis, paintGrid } from "./axis.js";
import type { BoxRef, Chart } from "./chart.js";
import type { ChartTheme } from "./chart-theme.js";
import { type LaneLook, LanePainter } from "./lane-painter.js";
import type { TimeRange } from "./time-range.js";
import { AXIS_HEIGHT, type Viewport } from "./viewport.js";

/** How much of what is outside the selected range is covered. */
const OUTSIDE_OPACITY = 0.62;
/** The width of the lines at the ends of the range, in CSS pixels. */
const END_WIDTH = 1.5;
const MIN_SCROLL_BAR_HEIGHT = 24;

export interface Scene extends LaneLook {
  readonly chart: Chart;
  readonly range: TimeRange | undefined;
  readonly hovered: BoxRef | undefined;
  readonly selected: BoxRef | undefined;
  readonly scroll: { readonly now: Camera; readonly maxTop: number };
}

/** Paints the canvas of a timeline, from the lanes to the marks on top of them. */
export class ScenePainter {
  readonly #lanes = new LanePainter();

  paint(
    context: CanvasRenderingContext2D,
    surface: Surface,
    view: Viewport,
    fitter: NameFitter,
    scene: Scene,
  ): void {
    const { chart, theme, range, hovered, selected } = scene;
    const { width, height, ratio } = surface;
    context.fillStyle = theme.background;
    context.fillRect(0, 0, width * ratio, height * ratio);
    this.#lanes.paintRows(context, surface, chart, view, scene);
    paintGrid(context, surface, view, theme);
    this.#lanes.paintNames(context, surface, chart, scene, fitter);
    if (range) dimOutside(context, surface, view, theme, range);
    context.strokeStyle = theme.text;
    if (hovered) outline(context, surface, view, chart, hovered, 1);
    if (selected) outline(context, surface, view, chart, selected, 2);
    this.#lanes.paintHeaders(context, surface, chart, view, theme);
    paintAxis(context, surface, view, theme);
    if (range) markEnds(context, surface, view, theme, range);
    paintScrollBar(context, surface, theme, scene);
  }
}

function dimOutside(
  context: CanvasRenderingContext2D,
  { width, height, ratio }: Surface,
  view: Viewport,
  { background }: ChartTheme,
  { from, to }: TimeRange,
): void {
  const [left, right] = [from, to].map((time) => Math.min(width, Math.max(0, view.xOf(time))));
  context.fillStyle = background;
  context.globalAlpha = OUTSIDE_OPACITY;
  context.fillRect(0, 0, left * ratio, height * ratio);
  context.fillRect(right * ratio, 0, (width - right) * ratio, height * ratio);
  context.globalAlpha = 1;
}

function markEnds(
  context: CanvasRenderingContext2D,
  { width, height, ratio }: Surface,
  view: Viewport,
  { accent }: ChartTheme,
  { from, to }: TimeRange,
): void {
  context.fillStyle = accent;
  for (const time of [from, to]) {
    const x = view.xOf(time);
    if (x < -END_WIDTH || x > width + END_WIDTH) continue;
    const left = Math.round((x - END_WIDTH / 2) * ratio);
    context.fillRect(left, 0, Math.ceil(END_WIDTH * ratio), height * ratio);
  }
}

/** Outlines a box with a line of the given width in CSS pixels. */
function outline(
  context: CanvasRenderingContext2D,
  { width, ratio }: Surface,
  view: Viewport,
  chart: Chart,
  at: BoxRef,
  line: number,
): void {
  const left = Math.max(-4, view.xOf(chart.startOf(at)));
  const right = Math.min(width + 4, view.xOf(chart.endOf(at)));
  const { rows, rowHeight } = chart.placed[at.lane];
  if (right < 0 || left > width || at.row >= rows) return;
  context.lineWidth = line * ratio;
  context.strokeRect(
    (left + line / 2) * ratio,
    (view.yOf(chart.topOf(at)) + line / 2) * ratio,
    Math.max(1, right - left - 1 - line) * ratio,
    Math.max(1, rowHeight - 1 - line) * ratio,
  );
}

function paintScrollBar(
  context: CanvasRenderingContext2D,
  { width, height, ratio }: Surface,
  { muted }: ChartTheme,
  { chart, scroll }: Scene,
): void {
  if (scroll.maxTop === 0) return;
  const room = height - AXIS_HEIGHT;
  const size = Math.max(MIN_SCROLL_BAR_HEIGHT, (room * room) / chart.height);
  const top = AXIS_HEIGHT + ((room - size) * scroll.now.top) / scroll.maxTop;
  context.fillStyle = muted;
  context.globalAlpha = 0.6;
  context.fillRect((width - 6) * ratio, top * ratio, 4 * ratio, size * ratio);
  context.globalAlpha = 1;
}
