import type { Options } from "../../options/table.js";
import type { SourceNames } from "../../page/protocol.js";
import type { TextStyle } from "../../render/text-reports.js";
import type { MachineCode } from "../../report/machine-code.js";
import type { ReportContext as PureContext } from "../../report/request.js";
import type { Terminal } from "../../terminal/terminal.js";
import type { Warn } from "../show/notices.js";

/**
 * Does work that may take long and goes on in one piece: whoever asks for a report may
 * want to be able to break it off.
 */
export type Compute = <T>(work: () => T) => T;

/** What a report is made with; its sources are looked for where the options say. */
export interface ReportContext extends PureContext, TextStyle {
  readonly options: Options;
  /** What was opened, in a few words. */
  readonly title: string;
  readonly sourceNames: SourceNames;
  /** Takes a line for standard error. */
  readonly warn: Warn;
  /** Gets at the code of the binaries that the profile names. */
  readonly openMachineCode: () => Promise<MachineCode>;
  readonly compute: Compute;
}

/** A report that was made, in the forms it can be shown in. */
export interface MadeReport {
  /**
   * As pprof prints it, byte for byte, in pieces where it may be long; or the bytes of a
   * file. Control characters are taken out of strings later, but not out of bytes.
   */
  text(): string | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;
  /** Whether the text is for people, who print it into the logs of builds. */
  readonly isForPeople?: boolean;
  /** As a page of the web interface takes it, if that is not the same text: JSON. */
  json?(): string;
  /** As it is drawn on a terminal, where that is not the same text. */
  draw?(terminal: Terminal): Promise<string | Iterable<string>>;
}
