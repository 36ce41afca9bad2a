import script from "client:graph-picture";
import type { Drawing } from "./drawing.js";
import { STYLE } from "./style.js";
import { renderSvg } from "./svg.js";

/** A drawing as an SVG file to move in, where scripts run. */
export function renderLiveSvg(drawing: Drawing): string {
  return renderSvg(drawing, { script, style: STYLE });
}
