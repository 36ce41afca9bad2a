import { usageError } from "../../errors/user-error.js";
import type { Options } from "../../options/table.js";
import { gzip } from "../../platform/files/gzip.js";
import { encodePieces } from "../../profile/wire/encode.js";
import { renderCallgrind } from "../../render/callgrind.js";
import { renderCpuprofile } from "../../render/cpuprofile.js";
import { renderSpeedscope } from "../../render/speedscope.js";
import { TEXT_REPORTS } from "../../render/text-reports.js";
import { buildConvertedTree } from "../../report/converted.js";
import { proto } from "../../report/proto.js";
import type { MadeReport, ReportContext } from "./made-report.js";

/** The writers by format, as `-to` names them. */
const WRITERS: Record<string, (context: ReportContext) => MadeReport> = {
  pprof: ({ input }) => {
    const profile = proto(input);
    return { text: () => gzip(encodePieces(profile)) };
  },
  folded: (context) => {
    const { input, options } = context;
    // By default, frames are functions without their binaries.
    const nodes = { ...input.nodes, granularity: options.granularity, binaries: false };
    const report = TEXT_REPORTS.folded.make({ ...context, input: { ...input, nodes } });
    return { text: () => TEXT_REPORTS.folded.render(report, context) };
  },
  speedscope: ({ input, options }) => {
    const report = buildConvertedTree(input, "speedscope", baseOptionOf(options));
    return { text: () => renderSpeedscope(report) };
  },
  cpuprofile: ({ input, options }) => {
    const report = buildConvertedTree(input, "a .cpuprofile", baseOptionOf(options));
    return { text: () => renderCpuprofile(report) };
  },
  callgrind: (context) => {
    const { input } = context;
    // Keep the unit of the profile: the unit that pprof chooses for readability would round the
    // values.
    const unit = input.unit === "minimum" ? input.value.unit : input.unit;
    const report = TEXT_REPORTS.callgrind.make({ ...context, input: { ...input, unit } });
    return { text: () => renderCallgrind(report, false) };
  },
};

/** Converts the profile to the format of `-to`. Throws a {@link UserError} for unknown formats. */
export function makeConverted(context: ReportContext): MadeReport {
  const { target } = context.options;
  if (Object.hasOwn(WRITERS, target)) return WRITERS[target](context);
  const known = Object.keys(WRITERS).join(", ");
  throw usageError(`-to must be one of ${known}, not ${JSON.stringify(target)}`);
}

function baseOptionOf({ base, diff_base: diffBase }: Options): string | undefined {
  if (diffBase !== "") return "-diff_base";
  return base === "" ? undefined : "-base";
}
