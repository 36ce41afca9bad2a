export const GRAPH_STYLE = `
.graph-view{position:relative;height:100%;min-height:320px;overflow:clip;background:var(--bg);color:var(--text)}
.graph-frame{position:absolute;inset:0;overflow:clip;touch-action:none;cursor:grab}
.graph-frame.moving,.graph-frame.moving *{cursor:grabbing!important}
.graph-stage{position:absolute;left:0;top:0;transform-origin:0 0;width:max-content}
.graph-stage svg{display:block;overflow:visible}
.graph-stage.moving{pointer-events:none;transition:transform .45s}
.graph-stage text{fill:var(--text);pointer-events:none;user-select:none}
.graph-stage .edge text{fill:var(--muted)}
.graph-stage .node,.graph-stage .tag,.graph-stage .edge{transition:opacity .12s}
.graph-stage .node{cursor:pointer;outline:none}
.graph-stage .node:focus-visible polygon,.graph-stage .node.chosen polygon{stroke:var(--focus);stroke-width:3}
.graph-stage .node.match polygon{stroke:var(--focus);stroke-width:2.5;stroke-dasharray:5 3}
.graph-stage .node.match:focus-visible polygon{stroke-width:4}
.graph-stage .hit{stroke:#000;stroke-opacity:0;stroke-width:12;pointer-events:stroke}
.graph-stage.near .node:not(.on),.graph-stage.near .tag,.graph-stage.near .edge:not(.on){opacity:.2}
.graph-stage.near .edge.on text{fill:var(--text)}
.graph-stage.found:not(.near) .node:not(.match),.graph-stage.found:not(.near) .tag,.graph-stage.found:not(.near) .edge{opacity:.4}
.graph-bar{position:absolute;top:8px;left:12px;right:8px;display:flex;flex-wrap:wrap;gap:6px;align-items:center;pointer-events:none}
.graph-bar>*{pointer-events:auto}
.graph-space{flex:1;pointer-events:none !important}
.graph-bar input{height:32px;width:220px;min-width:90px;flex:0 1 auto}
.graph-stage .node.current polygon{stroke:var(--focus);stroke-width:4;stroke-dasharray:none}
.graph-bar button{box-sizing:border-box;min-width:32px;height:32px;padding:0 9px;font:14px system-ui,sans-serif;color:var(--text);background:var(--bg);border:1px solid var(--line);border-radius:6px;cursor:pointer}
.graph-bar button:hover{background:var(--hover)}
.graph-bar button:focus-visible{outline:2px solid var(--focus);outline-offset:1px}
.graph-found{padding:3px 8px;font:13px system-ui,sans-serif;color:var(--text);background:var(--bg);border-radius:6px}
.graph-found:empty,.graph-steps[hidden]{display:none}
.graph-steps{display:flex;gap:6px}
.graph-note{position:absolute;left:50%;top:50%;transform:translate(-50%,-50%);box-sizing:border-box;width:max-content;max-width:calc(100% - 32px);padding:12px 18px;font:15px/1.5 system-ui,sans-serif;color:var(--text);background:var(--panel);border:1px solid var(--line);border-radius:8px}
.graph-tip{position:absolute;z-index:5;box-sizing:border-box;max-width:min(520px,calc(100% - 16px));padding:7px 11px;font:13px/1.45 system-ui,sans-serif;color:var(--text);background:var(--bg);border:1px solid var(--line);border-radius:8px;box-shadow:0 4px 16px #0004;pointer-events:none}
.graph-tip b{display:block;font:600 12.5px/1.4 var(--mono);overflow-wrap:anywhere}
.graph-note[hidden],.graph-tip[hidden],.graph-stage[hidden]{display:none}
@media (max-width:600px){.graph-bar .graph-zoom{display:none}.graph-bar input{flex:1 1 100%}}
@media (prefers-reduced-motion:reduce){.graph-stage,.graph-stage .node,.graph-stage .tag,.graph-stage .edge{transition:none!important}}
@media print{
.graph-bar,.graph-tip{display:none}
.graph-view,.graph-frame{position:static;height:auto;min-height:0;overflow:visible}
.graph-stage{position:static;width:auto;transform:none!important}
.graph-stage svg{width:100%;height:auto;max-height:96vh}
.graph-stage *{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
`;
