import { fontOf, type Surface } from "../flame-canvas/painter.js";
import type { ChartTheme } from "./chart-theme.js";
import { tickStep, timeText } from "./times.js";
import { AXIS_HEIGHT, type Viewport } from "./viewport.js";

/** The smallest distance between labels, in CSS pixels. */
const LABEL_DISTANCE = 96;

/** Draws vertical lines at round times over the lanes. */
export function paintGrid(
  context: CanvasRenderingContext2D,
  { height, ratio }: Surface,
  view: Viewport,
  theme: ChartTheme,
): void {
  context.fillStyle = theme.line;
  context.globalAlpha = 0.4;
  const line = Math.max(1, Math.round(ratio));
  eachTick(view, (time) => {
    const x = Math.round(view.xOf(time) * ratio);
    context.fillRect(x, AXIS_HEIGHT * ratio, line, (height - AXIS_HEIGHT) * ratio);
  });
  context.globalAlpha = 1;
}

/** Draws the axis at the top. */
export function paintAxis(
  context: CanvasRenderingContext2D,
  { width, ratio }: Surface,
  view: Viewport,
  theme: ChartTheme,
): void {
  context.fillStyle = theme.background;
  context.fillRect(0, 0, width * ratio, AXIS_HEIGHT * ratio);
  context.font = fontOf(theme, ratio);
  context.textBaseline = "middle";
  context.textAlign = "left";
  const line = Math.max(1, Math.round(ratio));
  eachTick(view, (time, step) => {
    const x = Math.round(view.xOf(time) * ratio);
    context.fillStyle = theme.line;
    context.fillRect(x, AXIS_HEIGHT * ratio * 0.6, line, AXIS_HEIGHT * ratio * 0.4);
    context.fillStyle = theme.muted;
    context.fillText(timeText(time, step), x + 4 * ratio, AXIS_HEIGHT * ratio * 0.5);
  });
  context.fillStyle = theme.line;
  context.fillRect(0, AXIS_HEIGHT * ratio - line, width * ratio, line);
}

function eachTick(view: Viewport, act: (time: number, step: number) => void): void {
  const step = tickStep(view.to - view.from, view.width / LABEL_DISTANCE);
  const last = Math.floor(view.to / step);
  // The label of a tick left of the canvas may reach into it.
  for (let tick = Math.floor(view.from / step); tick <= last; tick++) act(tick * step, step);
}
