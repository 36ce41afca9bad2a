/** The style of flame graphs; the page defines the custom properties. */
export const FLAME_STYLE = `
.flame-panel{display:flex;flex-direction:column;height:100%;min-height:0;min-width:0;background:var(--bg);color:var(--text);font-size:13px;line-height:1.4}
.flame-panel [hidden],.flame-view [hidden]{display:none!important}
.flame-lead{display:flex;flex-wrap:wrap;gap:6px 10px;align-items:center;padding:8px 12px 0;overflow-wrap:anywhere}
.flame-lead strong{font-weight:600}
.flame-tools{display:flex;flex-wrap:wrap;gap:6px;align-items:center;padding:8px 12px}
.flame-space{flex:1}
.flame-search,.flame-button,.flame-select{font:inherit;color:inherit;background:var(--bg);border:1px solid var(--line);border-radius:6px;padding:4px 9px;min-height:28px;box-sizing:border-box}
.flame-search{width:220px;max-width:100%;flex:0 1 auto}
.flame-search[aria-invalid=true]{border-color:var(--plus)}
.flame-button,.flame-select{cursor:pointer}
.flame-button:hover:not(:disabled),.flame-select:hover{background:var(--hover)}
.flame-button:disabled{opacity:.45;cursor:default}
.flame-button[aria-pressed=true]{background:color-mix(in srgb,var(--accent) 14%,var(--bg));border-color:var(--accent);color:var(--accent)}
.flame-panel :is(input,button,select):focus-visible,.flame-host:focus-visible,.flame-table:focus-visible{outline:2px solid var(--focus,var(--accent));outline-offset:1px}
.flame-found{font-variant-numeric:tabular-nums;color:var(--muted);min-height:1.4em}
.flame-found.flame-wrong{color:var(--plus)}
.flame-crumbs{flex:none;padding:0 12px 6px;min-width:0}
.flame-crumbs ol{display:flex;align-items:center;gap:0 2px;margin:0;padding:0;list-style:none;min-width:0;overflow-x:auto;scrollbar-width:none;white-space:nowrap}
.flame-crumbs-whole ol{flex-wrap:wrap;max-height:7.5em;overflow:auto}
.flame-crumbs li{display:flex;align-items:center;flex:0 0 auto;min-width:0;min-height:26px}
.flame-crumbs li+li::before{content:"›";content:"›" / "";margin:0 2px;color:var(--muted)}
.flame-crumbs button{font:inherit;color:var(--accent);background:none;border:0;border-radius:4px;padding:2px 4px;min-height:24px;cursor:pointer}
.flame-crumbs button:hover{background:var(--hover);text-decoration:underline}
.flame-crumbs span{padding:2px 4px;color:var(--muted)}
.flame-crumbs li:nth-child(n+2) span{color:var(--text);font-weight:600}
.flame-sheet{position:fixed;left:0;right:0;bottom:0;z-index:20;box-sizing:border-box;max-height:60dvh;overflow:auto;padding:12px 14px max(12px,env(safe-area-inset-bottom));border-top:1px solid var(--line);border-radius:14px 14px 0 0;background:var(--bg);color:var(--text);box-shadow:0 -4px 24px rgb(0 0 0/.25);font-size:14px}
.flame-sheet-opening{pointer-events:none}
.flame-sheet-head{display:flex;gap:10px;align-items:flex-start;justify-content:space-between}
.flame-sheet-head .flame-button{flex:none;min-width:40px;min-height:36px;margin:-4px -4px 0 0;font-size:18px}
.flame-sheet-actions{display:flex;flex-wrap:wrap;gap:8px;margin-top:10px}
.flame-sheet-actions .flame-button{flex:1 1 auto;min-height:40px}
.flame-view{flex:1;min-height:0;display:flex;flex-direction:column;position:relative}
.flame-stage{flex:1;min-height:160px;position:relative;border-block:1px solid var(--line)}
.flame-as-table .flame-stage{display:none}
.flame-host{position:absolute;inset:0;overflow:hidden;touch-action:none;user-select:none;-webkit-user-select:none;-webkit-touch-callout:none;cursor:grab}
.flame-host:focus-visible{outline-offset:-2px}
.flame-host.flame-hovers{cursor:pointer}
.flame-host.flame-drags{cursor:grabbing}
.flame-host canvas{display:block}
.flame-unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.flame-hint{position:absolute;left:50%;top:50%;transform:translate(-50%,-50%);padding:8px 16px;border-radius:8px;background:var(--text);color:var(--bg);opacity:.88;pointer-events:none}
.flame-tip{position:absolute;left:0;top:0;z-index:3;pointer-events:none;box-sizing:border-box;max-width:min(460px,calc(100% - 8px));padding:8px 12px;border:1px solid var(--line);border-radius:8px;background:var(--bg);color:var(--text);box-shadow:0 4px 18px rgb(0 0 0/.22)}
.flame-tip-name{font-weight:600;overflow-wrap:anywhere}
.flame-tip-note{color:var(--muted);overflow-wrap:anywhere}
:is(.flame-tip,.flame-sheet) dl{display:grid;grid-template-columns:auto 1fr;gap:1px 14px;margin:4px 0 0;font-variant-numeric:tabular-nums}
:is(.flame-tip,.flame-sheet) dt{color:var(--muted)}
:is(.flame-tip,.flame-sheet) dd{margin:0;text-align:right}
.flame-map{position:absolute;right:12px;bottom:12px;z-index:2;border:1px solid var(--line);border-radius:6px;overflow:hidden;background:var(--bg);box-shadow:0 2px 10px rgb(0 0 0/.18);cursor:move;touch-action:none}
.flame-map canvas{display:block}
.flame-map-window{position:absolute;box-sizing:border-box;min-width:4px;border:1.5px solid var(--text);border-radius:2px;box-shadow:0 0 0 400px color-mix(in srgb,var(--bg) 55%,transparent);pointer-events:none}
.flame-legend{display:flex;flex-wrap:wrap;gap:2px 14px;padding:6px 12px;color:var(--muted);font-size:12px}
.flame-swatch{display:inline-block;width:11px;height:11px;border-radius:3px;margin-right:5px;vertical-align:-1px}
.flame-note{flex-basis:100%}
.flame-table{flex:1;overflow:auto;border-block:1px solid var(--line);padding:0 12px 12px}
.flame-table table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
.flame-table caption{text-align:left;color:var(--muted);padding:8px 0}
.flame-table th,.flame-table td{padding:3px 10px 3px 0;text-align:left;border-bottom:1px solid var(--line);font-weight:400;overflow-wrap:anywhere;min-width:4ch}
.flame-table thead th{position:sticky;top:0;background:var(--bg);font-weight:600;white-space:nowrap}
.flame-table .number{text-align:right;white-space:nowrap;padding-left:10px}
.flame-table th button{font:inherit;color:inherit;background:none;border:0;padding:0;text-align:inherit;cursor:pointer;overflow-wrap:anywhere}
.flame-table th button:hover{text-decoration:underline}
.flame-table tbody th button{color:var(--accent)}
.flame-table th[aria-sort] button::after{content:" ▾"}
.flame-paper{display:none}
@media (max-width:600px){
.flame-tools{gap:5px;padding:6px 8px}
.flame-search{width:auto;flex:1 1 130px;min-width:0}
.flame-tools .flame-select{max-width:130px}
.flame-space,.flame-map-button,.flame-reset:disabled{display:none}
.flame-found{flex-basis:100%;order:9}
.flame-found:empty{display:none}
.flame-crumbs{padding:0 8px 4px}
.flame-legend{padding:5px 8px;gap:1px 10px;font-size:11px}
.flame-table{padding:0 8px 8px}
}
@media print{
.flame-tools,.flame-tip,.flame-map,.flame-hint,.flame-host,.flame-sheet{display:none!important}
.flame-panel,.flame-view{display:block;height:auto}
.flame-stage{display:none}
.flame-paper{display:block}
.flame-paper canvas{display:block;width:100%;height:auto}
.flame-table{overflow:visible}
.flame-swatch{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
`;
