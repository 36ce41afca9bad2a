/** The style of the timeline; it shares the toolbar, tooltip and legend of flame graphs. */
export const TIMELINE_STYLE = `
.timeline-status{display:flex;flex-wrap:wrap;gap:2px 14px;align-items:baseline;padding:0 12px 7px;color:var(--muted);font-variant-numeric:tabular-nums;min-height:27px}
.timeline-status strong{color:var(--text);font-weight:600}
.timeline-status button{font:inherit;color:var(--accent);background:none;border:0;padding:0 2px;min-height:0;cursor:pointer}
.timeline-status button:hover{text-decoration:underline}
.timeline-overview{position:relative;flex:none;height:44px;overflow:hidden;border-top:1px solid var(--line);cursor:crosshair;touch-action:none;user-select:none;-webkit-user-select:none}
.timeline-overview canvas{display:block}
.timeline-window{position:absolute;top:0;bottom:0;min-width:3px;border:1.5px solid var(--text);border-radius:2px;box-shadow:0 0 0 10000px color-mix(in srgb,var(--bg) 62%,transparent);cursor:grab;pointer-events:none}
.timeline-window.timeline-whole{display:none}
.timeline-overview-range{position:absolute;top:0;bottom:0;min-width:2px;background:color-mix(in srgb,var(--accent) 22%,transparent);border-inline:1.5px solid var(--accent);pointer-events:none}
.timeline-stage{flex:1;min-height:160px;position:relative;border-block:1px solid var(--line)}
.timeline-host{position:absolute;inset:0;overflow:hidden;touch-action:none;user-select:none;-webkit-user-select:none;-webkit-touch-callout:none;cursor:default}
.timeline-host canvas{display:block}
.timeline-host:focus-visible{outline:2px solid var(--focus,var(--accent));outline-offset:-2px}
.timeline-host.timeline-selects{cursor:ew-resize}
.timeline-host.timeline-pans{cursor:grabbing}
.timeline-host.timeline-hovers{cursor:pointer}
.timeline-handle{position:absolute;top:0;z-index:1;width:20px;height:24px;margin-left:-10px;cursor:ew-resize;touch-action:none}
.timeline-handle::before{content:"";position:absolute;left:6px;top:4px;width:8px;height:15px;border-radius:3px;background:var(--accent);box-shadow:0 0 0 1.5px var(--bg)}
.timeline-handle:focus-visible{outline:2px solid var(--focus,var(--accent));outline-offset:-1px;border-radius:5px}
.timeline-length{position:absolute;top:3px;padding:0 6px;border-radius:8px;background:var(--accent);color:var(--accent-text,var(--bg));font-size:12px;line-height:17px;white-space:nowrap;pointer-events:none;box-shadow:0 0 0 3px var(--bg);transform:translateX(-50%)}
.timeline-idle{background-image:repeating-linear-gradient(135deg,var(--line) 0 1px,transparent 1px 4px);outline:1px solid var(--line);outline-offset:-1px}
@media (max-width:600px){
.timeline-status{padding:0 8px 5px;gap:0 8px;font-size:12px}
.timeline-keys,.timeline-tools .flame-button:disabled{display:none}
}
`;
