import script from "client:weblist";
import { encodeDisasm } from "../../page/disasm-json.js";
import { renderDisasm } from "../../render/disasm.js";
import { renderWeblist } from "../../render/weblist-html.js";
import { WEBLIST_STYLE } from "../../render/weblist-style.js";
import { disasm } from "../../report/disasm.js";
import { weblist } from "../../report/weblist.js";
import { contentHash } from "./content-hash.js";
import type { MadeReport, ReportContext } from "./made-report.js";

export async function makeDisasm(context: ReportContext): Promise<MadeReport> {
  const { input, pattern, patternText, openMachineCode, sources } = context;
  const report = await disasm(input, pattern, patternText, await openMachineCode());
  return {
    text: () => renderDisasm(report),
    isForPeople: true,
    json: () => encodeDisasm(report),
    draw: async (terminal) =>
      (await import("../../terminal/disasm.js")).drawDisasm(report, sources(), terminal),
  };
}

export async function makeWeblist(context: ReportContext): Promise<MadeReport> {
  const { input, pattern, patternText, formatTime, openMachineCode, sources } = context;
  const report = await weblist(input, pattern, patternText, await openMachineCode(), sources());
  const style = WEBLIST_STYLE;
  return {
    text: () =>
      renderWeblist(report, {
        formatTime,
        script,
        scriptHash: contentHash(script),
        style,
        styleHash: contentHash(style),
      }),
  };
}
