import type { UserErrorCode } from "../../errors/user-error.js";
import type { CommandName } from "../../options/commands.js";
import type { Options } from "../../options/table.js";
import type { SourceRequest } from "../../session/request.js";
import type { SessionState } from "../../session/session.js";

/**
 * The descriptor by which a worker notices that the server has ended: there is nothing to read
 * from it, and its end comes when the server has ended.
 */
export const LIFELINE = 4;

/** Something that a worker computes for a request. Equal tasks have equal output. */
export type Task =
  | {
      readonly kind: "report";
      readonly name: CommandName;
      /** The pattern of a report that takes one; empty for others. */
      readonly parameter: string;
      readonly options: Options;
      readonly form: ReportForm;
    }
  | { readonly kind: "flame"; readonly options: Options }
  | { readonly kind: "summary" };

/** A report as text or a file, as JSON for the page, or as a page in one theme. */
export type ReportForm = "text" | "json" | "dark" | "light";

/** What the server sends to a worker. `open` or `restore` comes first. */
export type ToWorker =
  | { readonly type: "open"; readonly request: SourceRequest; readonly title: string }
  /** A piece of the profile for the `restore` that follows. */
  | { readonly type: "bytes"; readonly bytes: Uint8Array }
  | { readonly type: "restore"; readonly opened: OpenedProfile; readonly options: Options }
  /** The worker gets the next task only when the one before is over. */
  | { readonly type: "task"; readonly task: Task }
  /** Asks for the next piece of output. */
  | { readonly type: "more" };

/** What a worker sends to the server. */
export type FromWorker =
  /** The worker starts to read the sources. */
  | { readonly type: "started" }
  /** The sources are not wrong at first sight: reading them goes on. */
  | { readonly type: "reading" }
  /** A piece of the profile as a file, before `opened`. */
  | { readonly type: "bytes"; readonly bytes: Uint8Array }
  | { readonly type: "opened"; readonly opened: OpenedProfile }
  | { readonly type: "restored" }
  /** The profile could not be read. */
  | { readonly type: "failed"; readonly error: SentError }
  /** A piece of output; the worker waits for `more` before it makes the next one. */
  | { readonly type: "piece"; readonly bytes: Uint8Array }
  | { readonly type: "done" }
  /** The task is wrong, or there is nothing to report on; the message is one line. */
  | { readonly type: "refused"; readonly status: number; readonly message: string }
  /** The task failed, and the request is not to blame. */
  | { readonly type: "error"; readonly error: SentError };

/** A session that a worker opened, without its profile. */
export interface OpenedProfile {
  readonly state: SessionState;
  /** The name of the profile as a file. */
  readonly fileName: string;
  /** Whether names are demangled and frames dropped in the file. */
  readonly isPrepared: boolean;
  /** Warnings of the reading, one line each. */
  readonly warnings: readonly string[];
  /** About how long a copy of the session takes to make, in milliseconds. */
  readonly copyMs: number;
}

/** An error as it goes from one process to another. */
export interface SentError {
  /** Undefined for a fault of tsprof. */
  readonly code: UserErrorCode | undefined;
  readonly name: string;
  /** One line. */
  readonly message: string;
  readonly stack: string | undefined;
}
