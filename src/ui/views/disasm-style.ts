/** The style of the machine code view. It shares some rules with the source view. */
export const DISASM_STYLE = `
.disasm-view{display:flex;flex-direction:column;height:100%;min-height:320px;background:var(--bg);color:var(--text)}
.disasm-keys{font-size:13px;color:var(--muted)}
.disasm-keys kbd{margin-right:3px;padding:0 5px;font:12px var(--mono);border:1px solid var(--line);border-radius:4px}
.disasm-body{flex:1;min-height:0;overflow:auto}
.disasm-list{padding:8px 12px 40vh}
.disasm-total{margin:4px 0 10px;color:var(--muted);font-size:13px}
.routine{margin-bottom:14px}
.routine>summary{display:flex;flex-wrap:wrap;gap:2px 16px;align-items:baseline;padding:5px 8px;background:var(--panel);border:1px solid var(--line);border-radius:6px;cursor:pointer}
.routine>summary::before{content:"";width:.55em;height:.55em;background:var(--muted);clip-path:polygon(15% 0,90% 50%,15% 100%)}
.routine[open]>summary::before{clip-path:polygon(0 15%,100% 15%,50% 90%)}
.routine>summary:focus-visible,.listing:focus-visible{outline:2px solid var(--focus);outline-offset:-2px}
.routine-name{font:600 13px var(--mono);overflow-wrap:anywhere;min-width:0}
.routine-sums{display:flex;flex-wrap:wrap;gap:2px 14px;color:var(--muted);font-size:13px;font-variant-numeric:tabular-nums}
.routine-aliases{margin:4px 8px;color:var(--muted);font-size:12px;overflow-wrap:anywhere}
.listing{position:relative;overflow-x:auto}
.listing table{border-collapse:collapse;min-width:100%;font:12.5px/1.5 var(--mono)}
.listing th{padding:3px 8px;color:var(--muted);font-weight:400;text-align:left}
.listing th:nth-child(-n+4){text-align:right}
.listing td{padding:0 8px;white-space:pre}
.listing .number,.listing .address{text-align:right;font-variant-numeric:tabular-nums}
.listing .address,.listing .position{color:var(--muted)}
.listing .instruction{width:100%}
.listing .bar{width:72px;min-width:72px;padding:0}
.listing tr:hover{background:var(--hover)}
.listing .less{--plus:var(--minus)}
.heat-bar{display:block;height:.8em;margin-left:auto;border-radius:2px;background:var(--plus)}
.listing .number.h0{color:var(--muted)}
.listing .number.h3,.listing .number.h4,.routine-sums .h3,.routine-sums .h4{font-weight:700}
.routine-sums .h3,.routine-sums .h4{color:var(--text)}
.listing tr.h2{background:color-mix(in srgb,var(--plus) 6%,transparent)}
.listing tr.h3{background:color-mix(in srgb,var(--plus) 11%,transparent)}
.listing tr.h4{background:color-mix(in srgb,var(--plus) 18%,transparent)}
.listing tr.at{outline:2px solid var(--focus);outline-offset:-2px}
.listing .gap button{padding:2px 8px;font:12px system-ui,sans-serif;color:var(--muted);background:none;border:1px dashed var(--line);border-radius:5px;cursor:pointer}
.listing .gap button:hover{background:var(--hover);color:var(--text)}
.listing .gap button:focus-visible{outline:2px solid var(--focus)}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (max-width:600px){.disasm-list{padding:6px 4px 30vh}.listing .bar{width:24px;min-width:24px}.listing td,.listing th{padding:0 4px}.disasm-keys{display:none}}
`;
