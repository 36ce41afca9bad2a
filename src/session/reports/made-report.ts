import type { Options } from "../../options/table.js";
import type { SourceNames } from "../../page/protocol.js";
import type { Profile } from "../../profile/profile.js";
import type { TextStyle } from "../../render/text-reports.js";
import type { MachineCode } from "../../report/machine-code.js";
import type { ReportContext as PureContext } from "../../report/request.js";
import type { Terminal } from "../../terminal/terminal.js";
import type { Warn } from "../show/messages.js";

/** Runs long synchronous work. A client may pass a function that lets Ctrl-C stop the work. */
export type Compute = <T>(work: () => T) => T;

export interface ReportContext extends PureContext, TextStyle {
  readonly options: Options;
  /** The profile before all filters. */
  readonly profile: Profile;
  /** A short name for the sources. */
  readonly title: string;
  readonly sourceNames: SourceNames;
  /** Whether pprof reads the formats of the sources itself. */
  readonly isPprofs: boolean;
  readonly warn: Warn;
  /** Opens the machine code of the binaries that the profile names. */
  readonly openMachineCode: () => Promise<MachineCode>;
  readonly compute: Compute;
}

/** A report, in each form that it can be shown in. */
export interface MadeReport {
  /**
   * Returns the text that pprof prints, or the bytes of a file, in pieces if it may be long.
   * Callers remove control characters from strings, but not from bytes.
   */
  text(): string | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;
  /** Whether the text is for people, so that it may appear in the log of a build. */
  readonly isForPeople?: boolean;
  /** Returns the JSON for the web interface, for reports that it does not show as text. */
  json?(): string;
  /** Draws the report for a terminal, if that differs from the text. */
  draw?(terminal: Terminal): Promise<string | Iterable<string>>;
}
