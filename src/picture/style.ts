/**
 * The style of interactive SVG files and of the controls that their script adds (see
 * src/ui/entries/graph-picture.ts). Only screens get dark colors; printed pages stay white.
 */
export const STYLE = `
.bar, .info { font: 13px/1.4 system-ui, "Segoe UI", Arial, "Liberation Sans", sans-serif; color: #1b1f24; }
.bar { display: flex; gap: 6px; justify-content: flex-end; padding: 10px; box-sizing: border-box; pointer-events: none; }
.bar > * { pointer-events: auto; font: inherit; color: inherit; box-sizing: border-box; height: 32px; margin: 0; border: 1px solid #c9ced6; border-radius: 6px; background: #fffffff2; }
.bar .find { display: flex; align-items: center; flex: 0 1 300px; min-width: 0; }
.bar input { font: inherit; color: inherit; flex: 1 1 auto; min-width: 0; height: 100%; padding: 0 8px; margin: 0; border: 0; background: none; outline: none; }
.bar .count { padding: 0 8px; color: #59626e; white-space: nowrap; font-variant-numeric: tabular-nums; }
.bar button { min-width: 34px; padding: 0 9px; cursor: pointer; }
.bar button:hover { border-color: #0b63ce; }
.bar .find:focus-within, .bar button:focus-visible { outline: 2px solid #0b63ce; outline-offset: 0; border-color: #0b63ce; }
.panel { display: flex; align-items: flex-end; height: 100%; padding: 10px; box-sizing: border-box; pointer-events: none; }
.info { max-width: min(760px, 100%); max-height: 50%; overflow: hidden; box-sizing: border-box; padding: 6px 10px; border: 1px solid #c9ced6; border-radius: 6px; background: #fffffff2; overflow-wrap: anywhere; white-space: pre-wrap; }
.info:empty { display: none; }
.info b { display: block; font-weight: 600; }
.moving { cursor: grabbing; }
.node, .tag, .edge { transition: opacity .12s; }
.live .node { cursor: pointer; }
.live text { pointer-events: none; user-select: none; }
.live .node > :first-child, .live .tag > :first-child { pointer-events: all; }
.node:focus { outline: none; }
.ring { fill: none; stroke: #0b63ce; stroke-width: 3px; vector-effect: non-scaling-stroke; display: none; pointer-events: none; }
.node:focus-visible .ring, .node.chosen .ring { display: inline; }
.node.match .ring { display: inline; stroke: #b35900; }
.node.match.current .ring { stroke: #b35900; stroke-width: 6px; }
.hit { fill: none; stroke: #000; stroke-opacity: 0; stroke-width: 12px; }
.near .node:not(.on), .near .tag:not(.on), .near .edge:not(.on) { opacity: .16; }
.found .node:not(.match):not(.on), .found .tag:not(.on), .found .edge:not(.on) { opacity: .35; }
@media screen and (prefers-color-scheme: dark) {
  svg { background: #16181d; }
  .paper { fill: #16181d; }
  .graph rect, .graph path, .graph ellipse { fill: var(--f, none); stroke: var(--s); }
  .graph text { fill: #e4e6ea; }
  .graph .hit { fill: none; }
  .graph .ring { fill: none; stroke: #6cb2ff; }
  .graph .match .ring { stroke: #ffb454; }
  .bar, .info { color: #e4e6ea; color-scheme: dark; }
  .bar > *, .info { background: #22262df2; border-color: #444b57; }
  .bar .count { color: #a4adba; }
  .bar button:hover { border-color: #6cb2ff; }
  .bar .find:focus-within, .bar button:focus-visible { outline-color: #6cb2ff; border-color: #6cb2ff; }
}
@media print { .bar, .info { display: none; } }
`;
