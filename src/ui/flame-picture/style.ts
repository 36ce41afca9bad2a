import { FONT_FAMILY } from "../../render/flame/geometry.js";
import { DARK, LIGHT } from "../../render/flame/themes.js";

/** The style of the interactive parts. The colours of boxes are in the file already. */
export const STYLE = `
.flame-html{font:13px/1.4 system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif;color:var(--text)}
.flame-html *{box-sizing:border-box;font:inherit;color:inherit;margin:0}
.flame-html .top{padding:10px 10px 8px}
.flame-html h1{font-weight:600;font-size:16px;overflow-wrap:anywhere}
.flame-html .faint,.flame-html .notes{color:var(--faint);overflow-wrap:anywhere}
.flame-html .tools{display:flex;flex-wrap:wrap;gap:6px;margin-top:8px;align-items:center}
.flame-html input,.flame-html button,.flame-html kbd{border:1px solid var(--border);border-radius:5px;background:var(--page);padding:3px 8px}
.flame-html input{width:220px;max-width:100%}
.flame-html input.wrong{border-color:var(--wrong);outline-color:var(--wrong)}
.flame-html button{cursor:pointer}
.flame-html button:hover:not(:disabled){background:var(--hover)}
.flame-html button:disabled{opacity:.45;cursor:default}
.flame-html button b{font-weight:600}
.flame-html .found{font-variant-numeric:tabular-nums}
.flame-html .legend{display:flex;flex-wrap:wrap;gap:2px 14px;margin-top:8px;color:var(--faint)}
.flame-html .legend svg{width:12px;height:12px;margin-right:5px;vertical-align:-1px}
.flame-html .notes{padding:8px 10px 12px}
.flame-html .tip{display:inline-block;border:1px solid var(--border);border-radius:6px;background:var(--page);padding:7px 10px;box-shadow:0 2px 10px #0005}
.flame-html .tip .name{font-family:${FONT_FAMILY};font-weight:600;overflow-wrap:anywhere}
.flame-html dl{display:grid;grid-template-columns:auto 1fr;gap:0 12px;margin-top:3px;font-variant-numeric:tabular-nums}
.flame-html dt{color:var(--faint)}
.flame-html .keys{display:inline-grid;grid-template-columns:auto auto;gap:4px 14px;border:1px solid var(--border);border-radius:6px;padding:10px 12px;margin-top:8px;align-items:center}
.flame-html kbd{font-family:${FONT_FAMILY};font-size:12px;padding:1px 6px;margin-right:4px}
foreignObject{overflow:visible}
#flame-boxes{outline:none;cursor:pointer;user-select:none}
#flame-boxes .parent{opacity:.75}
#flame-boxes .box:hover rect,#flame-boxes rect.box:hover{stroke:var(--selected);stroke-width:1}
#flame-boxes .match.match,#flame-boxes .match.match rect{fill:var(--match)}
#flame-boxes .match.match text{fill:var(--page)}
#flame-mark{fill:none;stroke:var(--selected);stroke-width:2.5;pointer-events:none;visibility:hidden}
#flame-boxes:focus~#flame-mark{visibility:visible}
#flame-tip{pointer-events:none}
${variables(LIGHT, "#c9c9c9", "#f0f0f0", "#b3001b")}
@media screen and (prefers-color-scheme:dark){${variables(DARK, "#555555", "#303030", "#ff8a8a")}}
@media print{.flame-html .tools,#flame-tip,#flame-mark{display:none}}
`;

function variables(theme: typeof LIGHT, border: string, hover: string, wrong: string): string {
  const { page, faint, match, selected } = theme;
  return (
    `svg{--page:${page.fill};--text:${page.text};--faint:${faint};--match:${match};` +
    `--selected:${selected};--border:${border};--hover:${hover};--wrong:${wrong}}`
  );
}
