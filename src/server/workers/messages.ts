import type { UserErrorCode } from "../../errors/user-error.js";
import type { CommandName } from "../../options/commands.js";
import type { Options } from "../../options/table.js";
import type { SourceRequest } from "../../session/request.js";
import type { SessionState } from "../../session/session.js";

/**
 * The descriptor of a pipe from the server. Nothing is written to it, so a worker that reads its
 * end knows that the server has ended.
 */
export const LIFELINE = 4;

/** The work of a worker for a request. Equal tasks have equal output. */
export type Task =
  | {
      readonly kind: "report";
      readonly name: CommandName;
      /** The pattern of a report such as `peek`; empty for others. */
      readonly parameter: string;
      readonly options: Options;
      readonly form: ReportForm;
    }
  | { readonly kind: "flame"; readonly options: Options }
  | { readonly kind: "summary" };

/** The form of a report: text or a file, JSON for the page, or an HTML page in one theme. */
export type ReportForm = "text" | "json" | "dark" | "light";

/** A message from the server to a worker. The first is `open`, or the pieces before `restore`. */
export type ToWorker =
  | { readonly type: "open"; readonly request: SourceRequest; readonly title: string }
  /** A piece of the profile for the `restore` that follows. */
  | { readonly type: "bytes"; readonly bytes: Uint8Array }
  | { readonly type: "restore"; readonly opened: OpenedProfile; readonly options: Options }
  /** Starts a task. The server sends the next one only when the task has ended. */
  | { readonly type: "task"; readonly task: Task }
  /** Asks for the next piece of output. */
  | { readonly type: "more" };

/** A message from a worker to the server. */
export type FromWorker =
  /** The worker begins to read the sources. */
  | { readonly type: "started" }
  /** The sources have no obvious fault, and reading continues. */
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
  /** The request is wrong, or there is nothing to report on. The message is one line. */
  | { readonly type: "refused"; readonly status: number; readonly message: string }
  /** The task failed, and the request is not to blame. */
  | { readonly type: "error"; readonly error: SentError };

/** A session of a worker, without its profile. */
export interface OpenedProfile {
  readonly state: SessionState;
  /** The file name for downloads of the profile. */
  readonly fileName: string;
  /** Whether names in the file are demangled and frames are dropped. */
  readonly isPrepared: boolean;
  /** Warnings from reading the profile, one line each. */
  readonly warnings: readonly string[];
  /** The approximate time to make a copy of the session, in milliseconds. */
  readonly copyMs: number;
}

/** An error, as it is sent from one process to another. */
export interface SentError {
  /** Undefined for a fault of tsprof. */
  readonly code: UserErrorCode | undefined;
  readonly name: string;
  /** One line. */
  readonly message: string;
  readonly stack: string | undefined;
}
