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
body>header{flex:none;background:var(--panel);border-bottom:1px solid var(--line)}
.bar{display:flex;align-items:center;gap:10px;padding:0 12px;min-width:0;height:44px}
.brand{flex:none;font-weight:700;letter-spacing:.2px}
h1{flex:0 1 auto;min-width:64px;max-width:18vw;margin:0;font:inherit}
.profile-title{display:block;max-width:100%;overflow:hidden;text-overflow:ellipsis;border-color:transparent;background:none;color:var(--muted);padding:3px 6px}
.views{flex:1 1 0;min-width:104px;align-self:stretch;display:flex;overflow:hidden}
.views>*{flex:none;display:flex;align-items:center;padding:2px 7px 0;color:var(--muted);text-decoration:none;white-space:nowrap;border:0;border-bottom:2px solid transparent;border-radius:0;background:none}
.views>:hover{color:var(--text)}
.views>[aria-current],.views>.is-current{color:var(--text);border-bottom-color:var(--accent)}
.views>:focus-visible{outline-offset:-3px}
.views-rest::after,.more-arrow::after{content:"▾";content:"▾" / "";margin-left:5px}
.tools{display:flex;align-items:center;gap:6px;flex:none}
.tools select{max-width:190px;text-overflow:ellipsis}
.more{min-width:36px;font-weight:700}
.badge{padding:3px 8px;border-color:#e8d39b;background:#fff4d6;color:#4d3800;font-variant-numeric:tabular-nums}
.badge:hover{background:#ffe9ad}
.chips{display:flex;flex-wrap:wrap;gap:6px;margin:0;padding:0 12px 7px;list-style:none;min-width:0}
.chip{display:flex;min-width:0;height:28px;max-width:100%;border:1px solid var(--accent);border-radius:14px;overflow:hidden;background:var(--bg)}
.chips .plain{height:28px;min-height:0;padding-block:0}
.chip button{border:0;border-radius:0;background:none;min-height:0}
.chip button:hover{background:var(--hover)}
.chip-text{display:flex;align-items:center;gap:6px;min-width:0;padding:2px 4px 2px 11px}
.chip-label{color:var(--muted)}
.chip-value{max-width:320px;overflow:hidden;text-overflow:ellipsis;font:13px/1.5 var(--mono)}
.chip-remove{padding:2px 9px 2px 6px}
.busy{position:relative;height:2px;margin-bottom:-2px;overflow:hidden;flex:none;z-index:2}
.busy::before{content:"";position:absolute;inset:0;width:30%;background:var(--accent);animation:busy 1s ease-in-out infinite}
@keyframes busy{from{left:-30%}to{left:100%}}
@media (prefers-reduced-motion:reduce){.busy::before{animation:none;width:100%}}
.messages{position:fixed;top:46px;right:8px;z-index:90;width:min(560px,calc(100vw - 16px));max-height:60vh;overflow:auto;border:1px solid #e8d39b;border-radius:8px;box-shadow:0 6px 24px #0003}
.warning{display:flex;flex-wrap:wrap;align-items:baseline;gap:4px 8px;padding:6px 10px 6px 14px;background:#fff4d6;color:#4d3800;overflow-wrap:anywhere}
.warning+.warning{border-top:1px solid #e8d39b}
.warning p{flex:1 1 240px;margin:0}
.warning button{border-color:currentColor;background:none;color:inherit;padding:1px 8px;min-height:26px}
.warning .dismiss{border:0;min-width:28px}
.spoken{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.notices{position:fixed;left:50%;bottom:16px;transform:translateX(-50%);z-index:150;display:flex;flex-direction:column;gap:6px;max-width:calc(100vw - 24px)}
.notices p{margin:0;padding:8px 14px;border-radius:8px;background:var(--text);color:var(--bg);overflow-wrap:anywhere}
main{flex:1;min-height:0;min-width:0;overflow:auto;outline:none;position:relative}
.failure{position:fixed;left:50%;top:38vh;z-index:80;transform:translate(-50%,-50%);width:max-content;max-width:min(640px,calc(100vw - 24px));max-height:70vh;overflow:auto;padding:14px 22px;border:1px solid var(--line);border-radius:10px;background:var(--bg);box-shadow:0 6px 24px #0003;text-align:center;overflow-wrap:anywhere}
.failure p{margin:4px 0 10px}
.starting .failure{box-shadow:none}
.remedies{display:flex;flex-wrap:wrap;gap:8px;justify-content:center}
.remedies button{max-width:100%;overflow:hidden;text-overflow:ellipsis}
.outdated>:not(.view-tools,.source-bar,.text-tools){opacity:.25}
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
.brought dl{margin:0 0 8px}
.brought b{font-weight:600;overflow-wrap:anywhere}
.change{margin:0 0 10px;font-size:17px;font-weight:600;font-variant-numeric:tabular-nums}
fieldset{border:0;padding:0;margin:0 0 12px}
legend{font-weight:600;padding:0}
.option-row{display:grid;grid-template-columns:190px 1fr;gap:2px 10px;align-items:center;padding:3px 0}
.option-row input[type=checkbox]{justify-self:start;grid-column:1;grid-row:1;width:16px;height:16px;margin:0}
.option-row input[type=checkbox]+label{grid-column:1;grid-row:1;margin-left:24px}
.option-row .note{grid-column:2;margin:0}
.drop-overlay{position:fixed;inset:12px;z-index:300;display:flex;align-items:center;justify-content:center;border:3px dashed var(--accent);border-radius:14px;background:var(--bg);opacity:.94;font-size:20px;pointer-events:none}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]) :is(.badge,.warning,.messages){background:#3a3014;color:#f5dfa3;border-color:#5a4b20}}
:root[data-theme=dark] :is(.badge,.warning,.messages){background:#3a3014;color:#f5dfa3;border-color:#5a4b20}
@media (max-width:1300px){.tools select{max-width:120px}}
@media (max-width:1000px){
.brand{display:none}
.bar{gap:6px;padding:0 8px}
.tools{gap:4px}
.tools button,.tools select{padding-inline:7px}
.tools select{max-width:112px}
.roomy-only{display:none}
}
@media (max-width:700px){
.wide-only{display:none}
h1{flex:1 1 0;min-width:40px;max-width:none}
.views{flex:0 1 132px;min-width:92px;justify-content:flex-end}
.profile-title{width:100%;text-align:left}
.chips{flex-wrap:nowrap;overflow-x:auto;overscroll-behavior-x:contain;padding-inline:8px}
.chips>li{flex:none}
.chip{max-width:75vw}
.option-row{grid-template-columns:1fr}
.option-row .note{grid-column:1}
}
@media (pointer:coarse){
button,.button,select,input[type=text],input[type=search]{min-height:36px}
.bar{height:48px}
.chip{height:36px;border-radius:18px}
.chip button{min-width:34px}
}
@media print{
html,body{height:auto;display:block}
.tools,.views,.skip,.busy,.notices,.messages,.chip-remove,.chips .plain,.failure .remedies{display:none!important}
.bar{height:auto}
h1{max-width:none}
main{overflow:visible}
}
`;
