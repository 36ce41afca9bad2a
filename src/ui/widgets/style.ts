export const PARTS_STYLE = `
.menu,.explanation{position:fixed;z-index:100;box-sizing:border-box;overflow-y:auto;overscroll-behavior:contain;border:1px solid var(--line);border-radius:8px;background:var(--bg);color:var(--text);box-shadow:0 6px 24px #0004;font:14px/1.4 system-ui,sans-serif;text-align:left;white-space:normal}
.menu{min-width:200px;width:max-content;max-width:calc(100vw - 12px);padding:5px;outline:none;user-select:none}
.menu-heading{padding:5px 10px;max-width:340px;color:var(--muted);font:12px/1.4 var(--mono);overflow-wrap:anywhere}
.menu [role=separator]{height:1px;margin:5px 0;background:var(--line)}
.menu [role^=menuitem]{display:flex;gap:16px;align-items:baseline;justify-content:space-between;padding:5px 10px;border-radius:5px;color:inherit;text-decoration:none;cursor:pointer;outline:none}
.menu [role=menuitemradio]{padding-left:28px;position:relative}
.menu [aria-checked=true]::before{content:"\\2713";position:absolute;left:10px}
.menu [role^=menuitem]:focus{background:var(--accent);color:var(--accent-text)}
.menu [role^=menuitem]:focus *{color:inherit}
.menu [aria-disabled=true]{color:var(--muted);cursor:default}
.menu [aria-disabled=true]:focus{background:var(--hover);color:var(--muted)}
.menu-text{display:flex;flex-direction:column;min-width:0}
.menu-detail{max-width:320px;color:var(--muted);font-size:12px;overflow-wrap:anywhere}
.menu kbd{color:var(--muted);font:12px var(--mono)}
.explanation{width:max-content;max-width:min(340px,calc(100vw - 12px));padding:9px 12px;font-size:13px;pointer-events:auto}
.explanation p{margin:3px 0 0}
.explanation .example{color:var(--muted)}
.explained{all:unset;cursor:help;text-decoration:underline dotted;text-decoration-color:var(--muted);text-underline-offset:3px}
.explained:focus-visible{outline:2px solid var(--focus);outline-offset:2px;border-radius:2px}
.dialog{box-sizing:border-box;width:min(560px,calc(100vw - 24px));max-height:calc(100vh - 24px);padding:0;border:1px solid var(--line);border-radius:10px;background:var(--bg);color:var(--text);box-shadow:0 12px 48px #0006;font:14px/1.45 system-ui,sans-serif}
.dialog::backdrop{background:#0007}
.dialog form{display:flex;flex-direction:column;gap:12px;max-height:calc(100vh - 26px);box-sizing:border-box;padding:18px 20px}
.dialog h2{margin:0;font-size:17px;font-weight:600}
.dialog-body{overflow:auto;min-height:0;padding:3px;margin:-3px}
.dialog-problem{margin:0;color:var(--plus);overflow-wrap:anywhere}
.dialog-actions{display:flex;flex-wrap:wrap;gap:8px;justify-content:flex-end}
@media (pointer:coarse){.menu [role^=menuitem]{padding-block:9px}}
@media print{.menu,.explanation,.dialog{display:none}}
`;
