import { CHANGE_COLORS } from "../../render/change-colors.js";

const LIGHT = `color-scheme:light;--bg:#ffffff;--panel:#f6f7f9;--text:#1b1f24;--muted:#57606a;--line:#d0d7de;--accent:#0b5fce;--accent-text:#ffffff;--hover:#eaeef2;--plus:${CHANGE_COLORS.light.more};--minus:${CHANGE_COLORS.light.less};--focus:#0b5fce`;
const DARK = `color-scheme:dark;--bg:#16191d;--panel:#1e2227;--text:#e6e9ec;--muted:#9aa4ae;--line:#363c43;--accent:#6cb0ff;--accent-text:#0b1520;--hover:#2a3037;--plus:${CHANGE_COLORS.dark.more};--minus:${CHANGE_COLORS.dark.less};--focus:#6cb0ff`;

/** The style of the page around the views, and the colours of everything on it. */
export const PAGE_STYLE = `
:root{${LIGHT};--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
@media (prefers-color-scheme:dark){:root{${DARK}}}
:root[data-theme=light]{${LIGHT}}
:root[data-theme=dark]{${DARK}}
*{box-sizing:border-box}
html,body{height:100%}
body{display:flex;flex-direction:column;margin:0;background:var(--bg);color:var(--text);font:14px/1.45 system-ui,sans-serif}
[hidden]{display:none!important}
a{color:var(--accent)}
button,.button,select,input[type=text],input[type=search]{font:inherit;color:inherit;background:var(--bg);border:1px solid var(--line);border-radius:6px;padding:3px 10px;min-height:28px;text-decoration:none;white-space:nowrap}
button,.button{cursor:pointer}
button:hover,.button:hover{background:var(--hover)}
button:disabled{color:var(--muted);cursor:default}
button.main{background:var(--accent);border-color:var(--accent);color:var(--accent-text)}
button.plain{border-color:transparent;background:none;color:var(--accent)}
:focus-visible{outline:2px solid var(--focus);outline-offset:1px}
.skip{position:absolute;left:-9999px}
.skip:focus{left:8px;top:8px;z-index:200;background:var(--bg);padding:6px 10px}
header{flex:none;background:var(--panel);border-bottom:1px solid var(--line)}
.bar{display:flex;align-items:center;gap:8px;padding:6px 12px;min-width:0}
.brand{font-weight:700;letter-spacing:.2px}
.profile-title{min-width:0;overflow:hidden;text-overflow:ellipsis;border-color:transparent;background:none;color:var(--muted);padding:3px 6px}
.tools{display:flex;gap:6px;margin-left:auto;flex:none}
.views{display:flex;gap:2px;padding:0 8px;overflow-x:auto;scrollbar-width:none}
.views a{flex:none;padding:5px 9px;color:var(--muted);text-decoration:none;border-bottom:2px solid transparent}
.views a:hover{color:var(--text)}
.views a[aria-current]{color:var(--text);font-weight:600;border-bottom-color:var(--accent)}
.filter-bar{flex-wrap:wrap;border-top:1px solid var(--line)}
.active-filters{display:contents}
.chips{display:flex;flex-wrap:wrap;gap:6px;margin:0;padding:0;list-style:none;min-width:0}
.chip{display:flex;min-width:0;max-width:100%;border:1px solid var(--accent);border-radius:14px;overflow:hidden;background:var(--bg)}
.chip button{border:0;border-radius:0;background:none;min-height:26px}
.chip button:hover{background:var(--hover)}
.chip-text{display:flex;gap:6px;min-width:0;padding:2px 4px 2px 11px}
.chip-label{color:var(--muted)}
.chip-value{max-width:320px;overflow:hidden;text-overflow:ellipsis;font:13px/1.5 var(--mono)}
.chip-remove{padding:2px 9px 2px 6px}
.busy{position:relative;height:2px;margin-bottom:-2px;overflow:hidden;flex:none;z-index:2}
.busy::before{content:"";position:absolute;inset:0;width:30%;background:var(--accent);animation:busy 1s ease-in-out infinite}
@keyframes busy{from{left:-30%}to{left:100%}}
@media (prefers-reduced-motion:reduce){.busy::before{animation:none;width:100%}}
.messages{flex:none}
.warning{display:flex;align-items:baseline;justify-content:space-between;gap:8px;margin:0;padding:4px 12px;background:#fff4d6;color:#4d3800;border-bottom:1px solid #e8d39b;overflow-wrap:anywhere}
.warning button{border:0;background:none;color:inherit;padding:0 6px;min-height:24px}
.notices{position:fixed;left:50%;bottom:16px;transform:translateX(-50%);z-index:150;display:flex;flex-direction:column;gap:6px;max-width:calc(100vw - 24px)}
.notices p{margin:0;padding:8px 14px;border-radius:8px;background:var(--text);color:var(--bg);overflow-wrap:anywhere}
main{flex:1;min-height:0;min-width:0;overflow:auto;outline:none;position:relative}
.failure,.empty{max-width:640px;margin:48px auto;padding:0 20px;text-align:center;overflow-wrap:anywhere}
.starting{display:flex;align-items:center;justify-content:center;height:100%;color:var(--muted)}
.note{color:var(--muted);font-size:13px;margin:4px 0}
.mono{font-family:var(--mono);font-size:13px;overflow-wrap:anywhere}
.wide{width:100%;min-width:0}
ul.plain{list-style:none;margin:0 0 8px;padding:0}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 14px;margin:8px 0}
dt{color:var(--muted)}
dd{margin:0;overflow-wrap:anywhere}
h3{margin:14px 0 2px;font-size:14px}
kbd{font:12px var(--mono);padding:1px 5px;border:1px solid var(--line);border-radius:4px;background:var(--panel)}
.form-row{display:flex;gap:8px;flex-wrap:wrap}
.form-row .wide{flex:1 1 220px;width:auto}
.tag-choices{display:flex;flex-direction:column;gap:6px;max-height:220px;overflow:auto}
.tag-choice{display:flex;flex-wrap:wrap;gap:4px;align-items:baseline}
.tag-choice .value{min-height:24px;padding:1px 8px;font:13px var(--mono);max-width:100%;overflow:hidden;text-overflow:ellipsis}
fieldset{border:0;padding:0;margin:0 0 12px}
legend{font-weight:600;padding:0}
.option-row{display:grid;grid-template-columns:190px 1fr;gap:2px 10px;align-items:center;padding:3px 0}
.option-row input[type=checkbox]{justify-self:start;grid-column:1;grid-row:1;width:16px;height:16px;margin:0}
.option-row input[type=checkbox]+label{grid-column:1;grid-row:1;margin-left:24px}
.option-row .note{grid-column:2;margin:0}
.drop-overlay{position:fixed;inset:12px;z-index:300;display:flex;align-items:center;justify-content:center;border:3px dashed var(--accent);border-radius:14px;background:var(--bg);opacity:.94;font-size:20px;pointer-events:none}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]) .warning{background:#3a3014;color:#f5dfa3;border-color:#5a4b20}}
:root[data-theme=dark] .warning{background:#3a3014;color:#f5dfa3;border-color:#5a4b20}
@media (max-width:600px){
.bar{padding:6px 8px;flex-wrap:wrap}
.brand{display:none}
.profile-title{flex:1 1 100%;text-align:left}
.tools{margin-left:0;flex:1 1 100%;flex-wrap:wrap}
.bar button,.bar .button,.bar select{padding:2px 7px}
.bar.filter-bar{gap:6px}
.bar,.filter-bar{padding-block:4px}
.tools .button,.tools button{font-size:13px;padding:2px 5px}
.tools{gap:4px}
.filter-bar select{flex:1 1 40%;min-width:0}
.chips{flex:1 1 100%;flex-wrap:nowrap;overflow-x:auto;overscroll-behavior-x:contain}
.chips>li{flex:none}
.chip{max-width:75vw}
.option-row{grid-template-columns:1fr}
.option-row .note{grid-column:1}
}
@media print{
html,body{height:auto;display:block}
.tools,.views,.skip,.busy,.notices,.filter-bar>select,.filter-bar>button,.chip-remove{display:none!important}
main{overflow:visible}
}
`;
