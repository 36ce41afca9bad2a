import type { ReportCommand } from "../options/commands.js";
import type { Options } from "../options/table.js";

export interface SourceRequest {
  /** Files and URLs; the first may be the profiled program. */
  readonly sources: readonly string[];
  readonly options: Options;
  /** A factor for the values of each source; 1 by default. */
  readonly weights?: readonly number[];
  /** Whether an unreadable source is an error, and not a warning. */
  readonly needsAll?: boolean;
  /** Whether the output must equal pprof's if pprof reads the formats of all sources. */
  readonly equalsPprof?: boolean;
  /** Whether to keep the bytes of the file: see {@link LoadedProfile.original}. */
  readonly keepsOriginal?: boolean;
}

export interface ReportRequest {
  readonly command: ReportCommand;
  /** The pattern of a command such as `peek`. */
  readonly parameter: string | undefined;
  readonly options: Options;
  /** Whether a terminal shows the report, drawn for reading. */
  readonly onTerminal?: boolean;
}
