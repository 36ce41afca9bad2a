/** The style that the table views share. */
export const TABLE_STYLE = `
.table-view{display:flex;flex-direction:column;min-width:0;min-height:0;height:100%;box-sizing:border-box;padding:12px 16px;gap:10px;container:table/inline-size;font-size:14px;line-height:1.45;color:var(--text)}
.table-view [hidden]{display:none !important}
.table-view p{margin:0}
.table-view a{color:var(--accent)}
.table-view .plus{color:var(--plus)}
.table-view .minus{color:var(--minus)}
.report-lines{display:flex;flex-wrap:wrap;gap:2px 18px;color:var(--muted)}
.view-tools{display:flex;flex-wrap:wrap;gap:8px;align-items:center}
.table-view :is(input,select),.table-view button:not(.explained,th button){box-sizing:border-box;min-height:32px;max-width:100%;padding:4px 10px;border:1px solid var(--line);border-radius:6px;background:var(--bg);color:inherit;font:inherit}
.table-view button:not(.explained,th button){cursor:pointer;white-space:nowrap}
.table-view button:not(.explained):hover{background:var(--hover)}
.table-view input{width:260px;flex:0 1 auto}
.table-view input::placeholder{color:var(--muted);opacity:1}
.view-tools .count{color:var(--muted);font-variant-numeric:tabular-nums}
.share-bar{position:absolute;right:0;top:4px;bottom:4px;border-radius:2px 0 0 2px;background:var(--accent);opacity:.22;pointer-events:none}
.share-bar.plus{background:var(--plus)}
.share-bar.minus{background:var(--minus)}
.number{font-variant-numeric:tabular-nums;text-align:right;white-space:nowrap}
.nothing{padding:24px 0;color:var(--muted)}
.table-view :is(a,button,input,select,[tabindex]):focus-visible{outline:2px solid var(--focus);outline-offset:1px}
@media (forced-colors:active){.share-bar{background:Highlight}}
@media print{.view-tools,.chosen{display:none !important}.table-view{height:auto;padding:0}}
`;

export const TOP_STYLE = `
.table-scroll{flex:0 1 auto;min-height:160px;max-height:calc(100dvh - 210px);overflow:auto;border:1px solid var(--line);border-radius:8px;background:var(--bg)}
.top-table,.top-table :is(thead,tbody){display:block}
.top-table{min-width:640px;outline-offset:-2px !important}
.top-table thead{position:sticky;top:0;z-index:2;background:var(--panel);border-bottom:1px solid var(--line)}
.top-table tr{display:grid;grid-template-columns:max(112px,calc(var(--flat) + 40px)) 96px 96px max(112px,calc(var(--cum) + 40px)) 96px minmax(160px,1fr) 128px}
.top-table.no-inlining tr{grid-template-columns:max(112px,calc(var(--flat) + 40px)) 96px 96px max(112px,calc(var(--cum) + 40px)) 96px minmax(160px,1fr)}
.top-table.no-inlining .col-inlining{display:none}
.top-table tr.space{display:block}
.top-table th{display:flex;padding:0;font-weight:600}
.top-table th button{flex:1;display:flex;gap:4px;align-items:center;justify-content:flex-end;padding:6px 10px;border:0;background:none;color:inherit;font:inherit;cursor:pointer;white-space:nowrap}
.top-table th:is(.col-name,.col-inlining) button{justify-content:flex-start}
.top-table th button::after{content:"";width:.7em;font-size:.75em;color:var(--accent)}
.top-table th[data-order=descending] button::after,.top-table th[data-order=size] button::after{content:"\\25BC";content:"\\25BC" / ""}
.top-table th[data-order=ascending] button::after{content:"\\25B2";content:"\\25B2" / ""}
.top-table td{position:relative;box-sizing:border-box;height:28px;padding:0 10px;line-height:28px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.top-table td span{position:relative}
.top-table td .share-bar{position:absolute}
.top-table :is(.col-flat,.col-cum) .share-bar{display:none}
.top-table td.number{padding-right:calc(14px + .53em);overflow:visible;text-overflow:clip}
.top-table td.col-sum{color:var(--muted)}
.top-table td.col-name{font-family:var(--mono);font-size:13px}
.top-table td.col-inlining{color:var(--muted);font-size:13px}
.top-table tbody tr{cursor:default}
.top-table tbody tr:nth-child(even){background:color-mix(in srgb,var(--panel) 60%,transparent)}
.top-table tbody tr:hover{background:var(--hover)}
.top-table tbody tr[aria-selected=true]{background:var(--hover);box-shadow:inset 3px 0 var(--accent)}
.chosen{display:flex;flex-wrap:wrap;gap:6px 14px;align-items:center;min-height:32px}
.chosen-name{flex:0 1 auto;font:13px/1.4 var(--mono);overflow-wrap:anywhere;max-height:4.2em;overflow:auto}
.chosen:empty{display:none}
@container table (max-width:680px){
.flat-table{min-width:0}
.flat-table tr,.flat-table.no-inlining tr{grid-template-columns:1.15fr 1fr 1fr 1.15fr 1fr}
.flat-table tr.space{display:block}
.flat-table :is(td,th).col-name{grid-column:1/5;grid-row:1}
.flat-table.no-inlining :is(td,th).col-name{grid-column:1/-1}
.flat-table tr:has(td.col-inlining:empty) td.col-name{grid-column:1/-1}
.flat-table td.col-inlining:empty{display:none}
.flat-table td.col-name:not(:has(+:empty)){grid-column:1/4}
.flat-table.no-inlining td.col-name.col-name{grid-column:1/-1}
.flat-table td.col-inlining{grid-column:4/-1}
.flat-table th.col-inlining{grid-column:5/-1}
.flat-table :is(td,th).col-inlining{grid-row:1;font-size:11px;padding-left:0;padding-right:4px;text-align:right}
.flat-table th.col-inlining button{padding:6px 2px;justify-content:flex-end}
.flat-table :is(td,th).number,.flat-table th{font-size:12px}
.flat-table td.number{padding:0 5px}
.flat-table th button{padding:5px;gap:2px}
.flat-table th:not(.col-name) button::after{display:none}
.flat-table th[data-order]:not([data-order=""]) button{text-decoration:underline;text-underline-offset:3px}
.flat-table td{height:24px;line-height:24px}
.flat-table td.col-name{padding:0 6px}
.flat-table tbody tr:not(.space){padding:3px 0;border-bottom:1px solid var(--line)}
}
@container narrow (max-width:680px){
.flat-table{min-width:0}
.flat-table tr,.flat-table.no-inlining tr{grid-template-columns:calc(var(--flat) + 20px) calc(var(--cum) + 20px) minmax(0,1fr)}
.flat-table :is(.col-flatShare,.col-sum,.col-cumShare,.col-inlining){display:none}
.flat-table td.number{padding:0 8px}
.flat-table th button{padding:4px 8px}
.flat-table th button::after{display:none}
.flat-table th[data-order]:not([data-order=""]) button{text-decoration:underline;text-underline-offset:3px}
.flat-table :is(.col-flat,.col-cum) .share-bar{display:block}
}
@media print{.table-scroll{max-height:none;overflow:visible;border:0}.top-table thead{position:static}.top-table{min-width:0;font-size:12px}.top-table tr,.top-table.no-inlining tr{grid-template-columns:68px 62px 66px 68px 62px minmax(0,1fr) 104px}.top-table.no-inlining tr{grid-template-columns:68px 62px 66px 68px 62px minmax(0,1fr)}.top-table td{padding-inline:6px}.top-table td.col-name{white-space:normal;height:auto;line-height:1.5;padding-block:5px;font-size:12px;overflow-wrap:anywhere}.top-table tr{break-inside:avoid}}
`;

export const TREE_STYLE = `
.tree-view .table-scroll{flex:0 1 auto;max-height:none}
.choices{display:inline-flex}
.table-view .choices button:not(.explained,th button){border-radius:0}
.table-view .choices button:first-child:first-child{border-radius:6px 0 0 6px}
.table-view .choices button:last-child:last-child{border-radius:0 6px 6px 0;border-left:0}
.choices button[aria-pressed=true]{font-weight:600;color:var(--accent);background:var(--hover) !important}
.tree-table tr{grid-template-columns:calc(var(--number) + 26px) 84px calc(var(--number) + 26px) 96px minmax(0,1fr)}
.tree-table.bottom-up tr{grid-template-columns:calc(var(--number) + 26px) 96px minmax(0,1fr)}
.tree-table th button::after{display:none}
.tree-table th button{cursor:default}
.tree-table td.number{padding-right:12px}
.tree-table td.col-name{padding-right:6px}
.tree-table :is(.col-flat,.col-cum) .share-bar{display:block}
.tree-table .twisty{display:inline-block;width:18px;height:28px;margin-left:-2px;text-align:center;color:var(--muted);cursor:pointer;vertical-align:top;font-size:10px}
.tree-table tr[aria-expanded=false] .twisty::before{content:"\\25B6";content:"\\25B6" / ""}
.tree-table tr[aria-expanded=true] .twisty::before{content:"\\25BC";content:"\\25BC" / ""}
.tree-table .twisty:hover{color:var(--accent)}
.tree-table .depth{margin-right:6px;color:var(--muted);font-size:11px}
.tree-table .match{background:color-mix(in srgb,var(--accent) 24%,transparent);border-radius:3px;font-weight:600}
@container (max-width:680px){
.tree-table{min-width:0}
.tree-table tr,.tree-table.bottom-up tr{grid-template-columns:calc(var(--number) + 12px) 62px minmax(0,1fr)}
.tree-table :is(.col-flat,.col-flatShare){display:none}
.tree-table td.number{padding:0 8px;font-size:12px}
.tree-table th button{padding:5px}
}
@container (max-width:420px){
.tree-table tr,.tree-table.bottom-up tr{grid-template-columns:62px minmax(0,1fr)}
.tree-table .col-cum{display:none}
}
`;

export const PEEK_STYLE = `
.peek-view{height:auto;min-height:100%}
.peek-entry{border:1px solid var(--line);border-radius:8px;overflow:hidden}
.peek-list{display:flex;flex-direction:column;gap:14px}
.calls{width:100%;border-collapse:collapse;table-layout:fixed}
.calls col.value{width:8.5em}
.calls col.share{width:9em}
.calls caption{padding:6px 12px 2px;color:var(--muted);text-align:left;font-size:13px}
.calls thead th{padding:2px 12px;color:var(--muted);font-weight:400;font-size:13px;text-align:left}
.calls thead th.number{text-align:right}
.calls td{position:relative;padding:3px 12px;vertical-align:baseline}
.calls tr:hover td{background:var(--hover)}
.calls .name{font:13px/1.45 var(--mono);overflow-wrap:anywhere}
.calls .name a{color:inherit;text-decoration:none}
.calls .name a:hover{color:var(--accent);text-decoration:underline}
.calls .itself{color:var(--muted);font-family:inherit;font-style:italic}
.calls .mark{margin-left:8px;color:var(--muted);font:12px system-ui,sans-serif}
.calls .share-bar{top:3px;bottom:3px}
.calls td span{position:relative}
.calls td .share-bar{position:absolute}
.peek-function{display:flex;flex-wrap:wrap;gap:4px 18px;align-items:baseline;padding:9px 12px;background:var(--panel);border-block:1px solid var(--line)}
.peek-entry>.peek-function:first-child{border-top:0}
.peek-function h2{flex:1 1 300px;min-width:0;margin:0;font:600 14px/1.4 var(--mono);overflow-wrap:anywhere}
.peek-function .figures{display:flex;flex-wrap:wrap;gap:2px 16px;font-variant-numeric:tabular-nums}
.peek-function .figures b{font-weight:600}
.none-called{padding:6px 12px;color:var(--muted);font-size:13px}
.calls .more-row td{padding:6px 12px}
@container (max-width:560px){.calls col.value{width:6.2em}.calls col.share{width:5.2em}.calls td,.calls thead th{padding-inline:7px}.calls .share-head-long{display:none}}
@media print{.peek-entry{break-inside:avoid}}
`;

export const TAGS_STYLE = `
.tags-view{height:auto;min-height:100%}
.tags-blocks{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(420px,100%),1fr));gap:14px;align-items:start}
.tag-block{min-width:0;border:1px solid var(--line);border-radius:8px;overflow:hidden}
.tag-block header{display:flex;flex-wrap:wrap;gap:2px 14px;align-items:baseline;justify-content:space-between;padding:9px 12px;background:var(--panel);border-bottom:1px solid var(--line)}
.tag-block h2{margin:0;font:600 14px/1.4 var(--mono);overflow-wrap:anywhere}
.tag-block header p{color:var(--muted)}
.tag-values{margin:0;padding:4px 0;list-style:none}
.tag-values li{position:relative;display:grid;grid-template-columns:minmax(0,1fr) auto 4.4em auto;gap:10px;align-items:center;padding:1px 6px 1px 12px}
.tag-values li:hover{background:var(--hover)}
.tag-values .share-bar{left:0;right:auto;top:3px;bottom:3px;border-radius:0 2px 2px 0;max-width:100%}
.tag-values :is(a,button,.number){position:relative}
.tag-values a,.tag-values .other{font:13px/1.6 var(--mono);overflow-wrap:anywhere;color:inherit}
.tag-values .other{white-space:nowrap}
.tag-values a{text-decoration-color:transparent}
.tag-values a:hover{color:var(--accent);text-decoration-color:currentColor}
.table-view .tag-values button{min-height:28px;min-width:32px;padding:0 8px;border-color:transparent;background:none;color:var(--muted)}
.table-view .tag-values button:hover{border-color:var(--line)}
.tag-values .is-set a{font-weight:700;color:var(--accent)}
@media print{.tag-block{break-inside:avoid}.tag-values button{display:none}}
`;

export const TEXT_STYLE = `
.text-view label{display:flex;gap:6px;align-items:center;color:var(--muted)}
.text-view label{max-width:100%;min-width:0}
.text-view select{flex:0 1 auto;min-width:0;width:26em;text-overflow:ellipsis}
.text-view label :is(input,select){color:var(--text)}
.text-view input[type=checkbox]{width:auto;min-height:0}
.text-view pre{flex:1 1 auto;min-height:200px;max-height:calc(100dvh - 170px);margin:0;padding:12px;overflow:auto;border:1px solid var(--line);border-radius:8px;background:var(--panel);font:12.5px/1.45 var(--mono);tab-size:8}
.text-view pre.wraps{white-space:pre-wrap;overflow-wrap:anywhere}
.command{display:flex;gap:8px;align-items:center;min-width:0}
.command code{flex:0 1 auto;min-width:0;padding:5px 10px;overflow-x:auto;border:1px solid var(--line);border-radius:6px;background:var(--panel);font:12.5px/1.45 var(--mono);white-space:pre}
.text-rest:empty,.text-summary:empty{display:none}
.text-rest{display:flex;flex-wrap:wrap;gap:8px;align-items:center;color:var(--muted)}
@media print{.text-view pre{max-height:none;overflow:visible;white-space:pre-wrap;border:0}.command{display:none}}
`;
