import type { ReportCommand } from "../options/commands.js";
import type { Options } from "../options/table.js";

/** Profiles that are to be read. */
export interface SourceRequest {
  /** Files and URLs; the first may be the program that the others are profiles of. */
  readonly sources: readonly string[];
  readonly options: Options;
  /** By what the values of each of the sources are multiplied; 1 where this is left out. */
  readonly weights?: readonly number[];
  /** Set where one source that cannot be read is one too many. */
  readonly needsAll?: true;
  /** Whether what a file held is kept, to be passed on as it was. */
  readonly keepsOriginal?: boolean;
}

/** A report that is asked for, of profiles that were read. */
export interface ReportRequest {
  readonly command: ReportCommand;
  /** The pattern of a command that takes one. */
  readonly parameter: string | undefined;
  readonly options: Options;
}
