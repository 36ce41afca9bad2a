import script from "client:flame-picture";
import { renderFlameSvg } from "../render/flame-svg.js";
import type { FormatTime } from "../render/legend.js";
import type { FlameReport } from "../report/flame.js";
import { withoutControls } from "./controls.js";

/** The flame graph as a file for browsers, with the program that it runs there. */
export function drawFlame(
  report: FlameReport,
  formatTime: FormatTime,
  compact: boolean,
): Iterable<string> {
  return renderFlameSvg(report, { script, formatTime, compact, readable: withoutControls });
}
