import script from "client:graph-picture";
import type { Drawing } from "./drawing.js";
import { STYLE } from "./style.js";
import { renderSvg } from "./svg.js";

/** Renders a drawing as an SVG file that readers can pan, zoom and search. */
export function renderLiveSvg(drawing: Drawing): string {
  return renderSvg(drawing, { script, style: STYLE });
}
