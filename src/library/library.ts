import { demangle } from "../demangle/index.js";
import { type Gunzip, readWithFormat } from "../formats/read.js";
import { defaultOptions, type Options } from "../options/table.js";
import type { Profile } from "../profile/profile.js";
import { encodePieces } from "../profile/wire/encode.js";
import type { FormatTime } from "../render/legend.js";
import { printableText } from "../render/pieces.js";
import { TEXT_REPORTS, type TextReport } from "../render/text-reports.js";
import { identityInText } from "../view/identity.js";
import { prepareProfile } from "../view/prepare.js";
import { compileRe2 } from "../view/re2.js";
import { type ReportArguments, type ReportOptions, reportContext } from "./context.js";
import { isInPprofFormat, markPprofFormat } from "./pprof-formats.js";
import { maxBytesOf, type SizeLimit } from "./size-limit.js";

/** The functions that differ between Node and browsers. */
export interface Environment {
  readonly gunzip: Gunzip;
  gzip(pieces: Iterable<Uint8Array>): Promise<Uint8Array>;
  readonly formatTime: FormatTime;
  /** Includes nanoseconds and the offset from UTC. */
  readonly formatExactTime: FormatTime;
}

/** Options of `readProfile`. */
export interface ReadOptions
  extends SizeLimit,
    Partial<Pick<Options, "symbolize" | "all_frames" | "add_comment">> {}

/** The reports that {@link TextOptions} can name. */
export type TextReportName = keyof typeof TEXT_REPORTS;

/** Options of `text`. */
export interface TextOptions extends ReportOptions, ReportArguments {
  /** The name of the report's command. */
  readonly report: TextReportName;
}

/** The functions of the library that depend on where it runs. */
export function libraryFor({ gunzip, gzip, formatTime, formatExactTime }: Environment) {
  return {
    /**
     * Reads a profile in any format that the command line reads, gzipped or not. Unless the
     * options say otherwise, names are demangled, and frames that the profile itself marks as
     * uninteresting are dropped. Rejects with an Error of one line if the bytes are not a
     * profile, are damaged, or exceed the size limit.
     */
    async readProfile(bytes: Uint8Array, options: ReadOptions = {}): Promise<Profile> {
      const read = await readWithFormat(bytes, gunzip, maxBytesOf(options));
      const all = { ...defaultOptions(), ...options };
      const engines = { compile: compileRe2, demangle };
      const { profile } = prepareProfile(read.profile, all, engines);
      return read.format.isPprofs ? markPprofFormat(profile) : profile;
    },

    /** Writes a profile as gzipped profile.proto. Equal profiles give equal bytes. */
    writeProfile(profile: Profile): Promise<Uint8Array> {
      return gzip(encodePieces(profile));
    },

    /**
     * Returns a report as the command line prints it into a pipe, without control characters.
     * Throws an Error of one line if the options are invalid, or there is nothing to report.
     */
    text(profile: Profile, { report, ...given }: TextOptions): string {
      const { make, render } = TEXT_REPORTS[report] as TextReport<unknown>;
      const identity = identityInText(given.identity ?? "auto", isInPprofFormat(profile));
      const options = { ...given, identity };
      const context = reportContext(report, profile, options);
      const compact = options.compact_labels ?? false;
      const pieces = render(make(context), { formatTime, formatExactTime, compact });
      return printableText(pieces);
    },
  };
}
