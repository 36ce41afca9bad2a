import { usageError } from "../../errors/user-error.js";
import type { Options } from "../../options/table.js";
import { gzip } from "../../platform/gzip.js";
import { encodePieces } from "../../profile/wire/encode.js";
import { renderCallgrind } from "../../render/callgrind.js";
import { renderCpuprofile } from "../../render/cpuprofile.js";
import { renderSpeedscope } from "../../render/speedscope.js";
import { TEXT_REPORTS } from "../../render/text-reports.js";
import { converted } from "../../report/converted.js";
import { proto } from "../../report/proto.js";
import type { MadeReport, ReportContext } from "./made-report.js";

/** The formats that profiles are converted to, by their names in `-to`. */
const WRITERS: Record<string, (context: ReportContext) => MadeReport> = {
  pprof: ({ input }) => {
    const profile = proto(input);
    return { text: () => gzip(encodePieces(profile)) };
  },
  folded: (context) => {
    const { input, options } = context;
    // Frames are functions here, unless something else is asked for.
    const nodes = { ...input.nodes, granularity: options.granularity, binaries: false };
    const report = TEXT_REPORTS.folded.make({ ...context, input: { ...input, nodes } });
    return { text: () => TEXT_REPORTS.folded.render(report, context) };
  },
  speedscope: ({ input, options }) => {
    const report = converted(input, "speedscope", baseOptionOf(options));
    return { text: () => renderSpeedscope(report) };
  },
  cpuprofile: ({ input, options }) => {
    const report = converted(input, "a .cpuprofile", baseOptionOf(options));
    return { text: () => renderCpuprofile(report) };
  },
  callgrind: (context) => {
    const { input } = context;
    // A unit that reads well, as pprof chooses one, would round what others compute with.
    const unit = input.unit === "minimum" ? input.value.unit : input.unit;
    const report = TEXT_REPORTS.callgrind.make({ ...context, input: { ...input, unit } });
    return { text: () => renderCallgrind(report, 1) };
  },
};

/** Makes what `-to` asks for; throws a {@link UserError} where there is no such format. */
export function makeConverted(context: ReportContext): MadeReport {
  const { to } = context.options;
  if (Object.hasOwn(WRITERS, to)) return WRITERS[to](context);
  const known = Object.keys(WRITERS).join(", ");
  throw usageError(`-to wants one of ${known}, not ${JSON.stringify(to)}`);
}

function baseOptionOf({ base, diff_base: diffBase }: Options): string | undefined {
  if (diffBase !== "") return "-diff_base";
  return base === "" ? undefined : "-base";
}
