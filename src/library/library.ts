import { demangle } from "../demangle/index.js";
import { usageError } from "../errors/user-error.js";
import { type Gunzip, readProfile as read } from "../formats/read.js";
import { type CommandName, commandSpec } from "../options/commands.js";
import { defaultOptions, type Options } from "../options/table.js";
import type { Profile } from "../profile/profile.js";
import { encodePieces } from "../profile/wire/encode.js";
import type { FormatTime } from "../render/legend.js";
import { printableText } from "../render/pieces.js";
import { TEXT_REPORTS, type TextReport } from "../render/text-reports.js";
import { prepareProfile } from "../view/prepare.js";
import { compileRe2 } from "../view/re2.js";
import { reportContext, type SourceTexts } from "./context.js";

/** What differs between Node and browsers. */
export interface Surroundings {
  readonly gunzip: Gunzip;
  gzip(pieces: Iterable<Uint8Array>): Promise<Uint8Array>;
  readonly formatTime: FormatTime;
  /** To the nanosecond, with the offset of the zone. */
  readonly formatExactTime: FormatTime;
}

/** How a profile is read. */
export interface ReadOptions
  extends Partial<Pick<Options, "symbolize" | "all_frames" | "add_comment">> {
  /** The most bytes that it may take, inflated and in tables; 4 GiB where it is left out. */
  readonly maxBytes?: number;
}

/** Texts that reports are printed as. */
export type TextName = keyof typeof TEXT_REPORTS;

const MAX_BYTES = 4 * 2 ** 30;

/** The functions of the library that depend on where it runs. */
export function libraryFor({ gunzip, gzip, formatTime, formatExactTime }: Surroundings) {
  return {
    /**
     * Reads a profile of any format that the command line reads, compressed by gzip or not.
     * Names are demangled, and frames left out that the profile itself calls uninteresting,
     * unless `options` say otherwise. Rejects with an Error of one line where it is no
     * profile, is damaged, or is larger than allowed.
     */
    async readProfile(bytes: Uint8Array, options: ReadOptions = {}): Promise<Profile> {
      const { maxBytes = MAX_BYTES, ...changes } = options;
      const profile = await read(bytes, gunzip, maxBytes);
      const all = { ...defaultOptions(), ...changes };
      return prepareProfile(profile, all, { compile: compileRe2, demangle }).profile;
    },

    /** The profile as a file: profile.proto, gzipped. Equal profiles give equal bytes. */
    writeProfile(profile: Profile): Promise<Uint8Array> {
      return gzip(encodePieces(profile));
    },

    /**
     * A report as the command line prints it, byte for byte, free of control characters;
     * `pattern` for `peek` and `list`, which finds its sources in `sources`. Throws an Error of
     * one line where the options make no sense, or there is nothing to report on.
     */
    text(
      name: TextName,
      profile: Profile,
      options: Partial<Options> = {},
      { pattern = "", sources = {} }: { pattern?: string; sources?: SourceTexts } = {},
    ): string {
      const command: CommandName = name;
      if (commandSpec(command).parameter && pattern === "") {
        throw usageError(`${name} wants a pattern: which functions?`);
      }
      const { make, render } = TEXT_REPORTS[name] as TextReport<unknown>;
      const context = reportContext(command, profile, options, { pattern, sources });
      const compact = options.compact_labels ?? false;
      const pieces = render(make(context), { formatTime, formatExactTime, compact });
      return printableText(pieces);
    },
  };
}
