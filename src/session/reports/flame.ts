import script from "client:flame-picture";
import { escapeControls } from "../../render/controls.js";
import { renderFlameSvg } from "../../render/flame-svg.js";
import type { FormatTime } from "../../render/legend.js";
import { flame } from "../../report/flame.js";
import type { ReportInput } from "../../report/input.js";

/** Renders the flame graph as an SVG file for browsers, with its script. */
export function drawFlame(
  input: ReportInput,
  formatTime: FormatTime,
  compact: boolean,
): Iterable<string> {
  return renderFlameSvg(flame(input), { script, formatTime, compact, readable: escapeControls });
}
