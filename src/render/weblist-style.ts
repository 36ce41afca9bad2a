import { CHANGE_COLORS } from "./change-colors.js";

const DEPTHS = Array.from({ length: 13 }, (_, depth) => `.d${depth}{padding-left:${2 * depth}ch}`);

const WIDTHS = Array.from({ length: 21 }, (_, step) => `.w${step}{width:${5 * step}%}`);

const LIGHT =
  "--page:#fff;--text:#1c1e21;--faint:#6b7076;--border:#dcdfe3;--panel:#f6f7f8;--hover:#eef1f4;" +
  "--asm:#20603d;--call:#35509c;--link:#0b57b0;--solid:#cf3a24;--light:#f0b9ab;--focus:#0b57b0;" +
  `--h1:#5c6167;--h2:#1c1e21;--h3:#a04a00;--h4:#b3001b;--less:${CHANGE_COLORS.light.less};` +
  "--comment:#5a6169;--string:#0a6640;--number:#6b2fb3;--keyword:#0b4fb3;" +
  "--t1:#fffaf8;--t2:#fff4ef;--t3:#ffe9e0;--t4:#ffd9cb;--warn:#7a4b00;--warnback:#fff5df";

const DARK =
  "--page:#17191c;--text:#e4e6e9;--faint:#9aa0a7;--border:#373b41;--panel:#1f2226;--hover:#272b30;" +
  "--asm:#8fd0a8;--call:#a3b8f5;--link:#8ab8ff;--solid:#f0705a;--light:#7a3b30;--focus:#8ab8ff;" +
  `--h1:#a9afb6;--h2:#e4e6e9;--h3:#f5b56b;--h4:#ff8a80;--less:${CHANGE_COLORS.dark.less};` +
  "--comment:#a3aab2;--string:#8fd0a8;--number:#d8b4fe;--keyword:#8ab8ff;" +
  "--t1:#1c1a1b;--t2:#241c1b;--t3:#33211e;--t4:#472721;--warn:#f2cd8a;--warnback:#33290f";

/**
 * The style sheet of the page. A row has the columns bar, flat, cum, mark, line number and source.
 * The address of an instruction spans two of them, and its position is at the end.
 */
export const WEBLIST_STYLE = `
:root{${LIGHT};color-scheme:light dark}
:root[data-theme=light]{color-scheme:light}
:root[data-theme=dark]{${DARK};color-scheme:dark}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){${DARK}}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:14px/1.45 system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif}
a{color:var(--link);text-decoration:none}
a:hover{text-decoration:underline}
:focus-visible{outline:2px solid var(--focus);outline-offset:-2px;border-radius:3px}
.faint,.none{color:var(--faint)}
header{padding:18px 24px 14px;border-bottom:1px solid var(--border)}
h1 span{font-weight:400}
h1{margin:0;font-size:20px;font-weight:650;overflow-wrap:anywhere}
.facts{display:flex;flex-wrap:wrap;gap:2px 18px;margin:4px 0 0;padding:0;list-style:none;color:var(--faint);overflow-wrap:anywhere}
header p{margin:4px 0 0}
.warning{color:var(--warn);background:var(--warnback);padding:5px 10px;border-radius:5px;overflow-wrap:anywhere}
#tools{display:flex;flex-wrap:wrap;gap:6px;margin-top:12px;align-items:center}
#tools[hidden]{display:none}
input,button{font:inherit;color:inherit;background:var(--page);border:1px solid var(--border);border-radius:6px;padding:4px 10px}
input{width:220px;max-width:100%}
button{cursor:pointer}
button:hover{background:var(--hover)}
.keys{display:grid;grid-template-columns:auto 1fr;gap:3px 14px;margin:10px 0 0;padding:10px 14px;border:1px solid var(--border);border-radius:6px;background:var(--panel);max-width:520px}
.keys[hidden],[data-for][hidden],section[hidden]{display:none}
kbd{font:12px/1.4 ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;border:1px solid var(--border);border-bottom-width:2px;border-radius:4px;padding:0 5px;margin-right:3px;background:var(--page)}
.columns{display:grid;grid-template-columns:minmax(280px,22%) minmax(0,1fr);align-items:start}
nav{position:sticky;top:0;max-height:100vh;overflow:auto;padding:14px 0 14px 24px}
nav details>summary{cursor:pointer;font-weight:600;padding:2px 0 6px}
table{border-collapse:collapse;width:100%;font-size:12.5px}
th{font-weight:400;color:var(--faint);text-align:right;padding:2px 6px;white-space:nowrap}
th:last-child{text-align:left}
td{padding:3px 6px;vertical-align:top}
.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
td.name{overflow-wrap:anywhere}
td.name span{display:block}
tr[data-for]:hover{background:var(--hover)}
main{padding:14px 24px 60vh;min-width:0}
section{scroll-margin-top:8px;margin-bottom:30px}
h2{margin:0;font-size:16px;font-weight:650;overflow-wrap:anywhere}
.file{margin:1px 0;color:var(--faint);overflow-wrap:anywhere}
.fn>summary{display:grid;grid-template-columns:1.3em minmax(0,1fr);margin-bottom:8px;cursor:pointer;list-style:none;border-radius:5px}
.fn>summary::-webkit-details-marker{display:none}
.fn>summary>*{grid-column:2}
.fn>summary::before{content:"";grid-row:1;width:.7em;height:.7em;margin-top:.45em;background:var(--faint);clip-path:polygon(15% 0,90% 50%,15% 100%)}
.fn[open]>summary::before{clip-path:polygon(0 15%,100% 15%,50% 90%)}
.fn>summary:hover h2{text-decoration:underline;text-decoration-color:var(--border)}
.c{color:var(--comment);font-style:italic}.s{color:var(--string)}.n{color:var(--number)}.k{color:var(--keyword)}
.quiet .c,.quiet .s,.quiet .n,.quiet .k{opacity:.85}
.sums{display:flex;flex-wrap:wrap;gap:2px 16px;margin:0;color:var(--faint);font-variant-numeric:tabular-nums}
.code{border:1px solid var(--border);border-radius:8px;overflow-x:auto;font:12.5px/1.5 ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace}
.lines{min-width:max-content;padding-bottom:4px}
code{font:inherit;white-space:pre;tab-size:4}
.row{display:grid;grid-template-columns:72px 9ch 9ch 2ch 6ch minmax(0,1fr);column-gap:1ch;padding-right:16px;align-items:baseline}
.row>*{min-width:0;white-space:pre}
.titles{color:var(--faint);border-bottom:1px solid var(--border);background:var(--panel);margin-bottom:3px;padding-top:2px;padding-bottom:2px}
.titles span,.flat,.cum,.no,.address{text-align:right}
.no,.address,.position{color:var(--faint)}
.row code{padding-left:1ch}
.quiet{color:var(--faint)}
em{color:var(--faint)}
.mark{color:var(--faint);text-align:right}
summary.row{cursor:pointer;list-style:none}
summary.row::-webkit-details-marker{display:none}
summary.row .mark::before{content:"";display:inline-block;width:.6em;height:.6em;background:currentColor;clip-path:polygon(15% 0,90% 50%,15% 100%)}
details[open]>summary.row .mark::before{clip-path:polygon(0 15%,100% 15%,50% 90%)}
summary.row:hover{box-shadow:inset 0 0 0 9999px #8080801f}
.bar{position:relative;height:1em;align-self:center;margin-left:6px}
.bar i,.bar b{position:absolute;right:0;top:.1em;height:.8em;border-radius:2px}
.bar i{background:var(--light)}
.bar b{background:var(--solid)}
.h1{color:var(--h1)}.h2{color:var(--h2)}.h3{color:var(--h3)}.h4{color:var(--h4);font-weight:700}
.t1{background:var(--t1)}.t2{background:var(--t2)}.t3{background:var(--t3)}.t4{background:var(--t4)}
details.t1,details.t2,details.t3,details.t4{background:none}
details.t1>summary{background:var(--t1)}details.t2>summary{background:var(--t2)}
details.t3>summary{background:var(--t3)}details.t4>summary{background:var(--t4)}
.l1{color:var(--h1)}.l2{color:var(--h2)}.l3,.l4{color:var(--less)}.l4{font-weight:700}
.s1{--s:2%}.s2{--s:5%}.s3{--s:10%}.s4{--s:18%}
.row:is(.s1,.s2,.s3,.s4),details:is(.s1,.s2,.s3,.s4)>summary{background:color-mix(in srgb,var(--less) var(--s),var(--page))}
.bar .less{background:var(--less)}.bar i.less{opacity:.35}
.asm{border-block:1px solid var(--border);background:var(--panel);padding:3px 0;margin-bottom:3px}
.inst{grid-template-columns:72px 9ch 9ch 16ch minmax(62ch,max-content) auto}
.inst code{color:var(--asm);padding-left:0}
.inst code b{font-weight:600}
.call code{color:var(--call);font-style:italic}
.gap.piece{padding:3px 0 3px calc(72px + 24ch);border-block:1px dashed var(--border);margin-block:3px}
.gap{color:var(--faint);padding-left:calc(72px + 36ch);line-height:1}
:target>summary{outline:2px solid var(--focus);outline-offset:-2px}
section:target h2::after{content:" ←";color:var(--focus)}
.note{color:var(--faint)}
${DEPTHS.map((rule) => `.inst ${rule}`).join("")}
${WIDTHS.join("")}
@media (max-width:900px){
header{padding:14px 14px 12px}
.columns{display:block}
nav{position:static;max-height:none;padding:10px 14px 0}
nav table{display:block;max-height:40vh;overflow:auto}
main{padding:14px 14px 30vh}
.row{grid-template-columns:14px 8ch 8ch 1ch 4ch minmax(0,1fr);column-gap:.7ch}
.bar{margin-left:3px}
.inst{grid-template-columns:14px 8ch 8ch 9ch minmax(46ch,max-content) auto}
.row code{padding-left:.5ch}
.gap,.gap.piece{padding-left:calc(14px + 26ch)}
.code{font-size:11.5px}
}
@media (max-width:600px){.facts{display:none}h1{font-size:15px}}
@media print{#tools{display:none}.columns{display:block}nav{position:static;max-height:none}}
`.replaceAll("\n", "");
