const SUGGEST_STYLE = `
.suggest{display:flex;flex:1 1 260px;gap:6px;max-width:720px;margin:0}
.suggest-box{position:relative;flex:1;min-width:0}
.suggest-input{box-sizing:border-box;width:100%;height:34px;padding:0 10px;font:13px var(--mono);color:var(--text);background:var(--bg);border:1px solid var(--line);border-radius:6px}
.suggest-input::placeholder{color:var(--muted);opacity:1}
.suggest>button{height:34px;padding:0 14px;font:14px system-ui,sans-serif;color:var(--text);background:var(--bg);border:1px solid var(--line);border-radius:6px;cursor:pointer}
.suggest>button:hover{background:var(--hover)}
.suggest-input:focus-visible,.suggest>button:focus-visible{outline:2px solid var(--focus);outline-offset:0}
.suggest-list{position:absolute;z-index:20;left:0;right:0;top:calc(100% + 4px);max-height:320px;margin:0;padding:4px;overflow:auto;list-style:none;background:var(--bg);border:1px solid var(--line);border-radius:8px;box-shadow:0 6px 24px #0004}
.suggest-list[hidden]{display:none}
.suggest-list li{padding:4px 8px;font:12.5px/1.4 var(--mono);overflow-wrap:anywhere;border-radius:5px;cursor:pointer}
.suggest-list li:hover{background:var(--hover)}
.suggest-list li[aria-selected=true]{background:var(--accent);color:var(--accent-text)}
`;

const HEAVIEST_STYLE = `
.heaviest{border-collapse:collapse;font-size:13px}
.heaviest caption{padding:4px 6px 8px;text-align:left;font-size:15px;font-weight:600}
.heaviest th{padding:3px 10px;color:var(--muted);font-weight:400;text-align:right}
.heaviest th:last-child{text-align:left}
.heaviest td{padding:3px 10px;vertical-align:top}
.heaviest .number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.heaviest .share{display:inline-block;min-width:7ch;color:var(--muted)}
.heaviest .name{font:12.5px/1.5 var(--mono);overflow-wrap:anywhere}
.heaviest a{color:var(--accent);text-decoration:none}
.heaviest a:hover{text-decoration:underline}
.heaviest a:focus-visible{outline:2px solid var(--focus);outline-offset:2px;border-radius:2px}
.heaviest tbody tr:hover{background:var(--hover)}
@media (max-width:600px){.heaviest td,.heaviest th{padding:3px 4px}.heaviest .share{display:block}}
`;

export const SOURCE_STYLE = `${SUGGEST_STYLE}${HEAVIEST_STYLE}
.source-view{display:flex;flex-direction:column;height:100%;min-height:320px;background:var(--bg);color:var(--text)}
.source-bar{display:flex;flex-wrap:wrap;gap:8px 16px;align-items:center;padding:8px 12px;border-bottom:1px solid var(--line)}
.source-help{position:relative;font-size:13px;color:var(--muted)}
.source-help summary{cursor:pointer}
.source-help summary:focus-visible{outline:2px solid var(--focus);outline-offset:2px;border-radius:2px}
.source-help p{position:absolute;z-index:10;right:0;top:calc(100% + 6px);box-sizing:border-box;width:min(420px,calc(100vw - 24px));margin:0;padding:10px 14px;line-height:1.5;color:var(--text);background:var(--bg);border:1px solid var(--line);border-radius:8px;box-shadow:0 6px 24px #0004}
.source-help code{font:12px var(--mono);white-space:nowrap}
.source-body{flex:1;min-height:0;overflow:auto}
.source-list{padding:14px}
.source-note{padding:14px 20px;margin:0;font-size:15px}
.source-frame{display:block;width:100%;height:100%;border:0;background:var(--bg)}
@media (max-width:600px){.source-help p{left:0;right:auto}.source-list{padding:10px 6px}}
@media print{
.source-bar{display:none}
.source-view{display:block;height:auto}
.source-body{overflow:visible}
}
`;
