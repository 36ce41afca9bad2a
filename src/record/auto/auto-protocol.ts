import type { Plan } from "../plan.js";
import type { MainHeap } from "../start-watcher.js";
import type { AutoSettings } from "./settings.js";

/** How to write the profiles of a process. */
export interface Writing {
  readonly settings: AutoSettings;
  /** The folder in which the process started; relative output paths begin there. */
  readonly workingFolder: string;
}

/** The beginning of the names of the temporary folders of processes that profile themselves. */
export const FOLDER_PREFIX = "tsprof-auto-";

/** The file with the {@link Writing} of a process, in its temporary folder. */
export const WRITING_FILE = "writing.json";

/** The data of the watcher of a process that profiles itself. */
export interface AutoWatch extends MainHeap, Writing {
  /** The temporary folder of the process. */
  readonly folder: string;
  /** The recording that runs already. */
  readonly plan: Plan | undefined;
  /** Shared with the main thread: the flags of watcher.ts, {@link HAS_LEFT} and {@link LISTENS}. */
  readonly flags: Int32Array;
}

/** The flag that the watcher sets when it has written everything and released the signals. */
export const HAS_LEFT = 2;

/** The flag with a bit for each of {@link ENDING_SIGNALS} that the program listens to. */
export const LISTENS = 3;

/** The flag that the watcher sets when it receives signals. */
export const IS_READY = 4;

export const FLAG_COUNT = 5;

/** The signals that end a program without listeners, and can be caught. */
export const ENDING_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR2"] as const;

/** The answer to a signal as command if the program is just removing its listener. */
export const TRY_AGAIN = "again";

/** A message of the main thread: that the toggle signal arrived, or that the process ends. */
export type ToWatcher = "toggle" | Leave;

export interface Leave {
  /** The plan of the recording that ends with the process. */
  readonly plan: Plan | undefined;
  /**
   * The signal that the watcher sends to end the process. If the main thread sent it itself, Node
   * would print that it waits for a debugger: the watcher.
   */
  readonly signal: NodeJS.Signals | undefined;
}

/** A message of the watcher: it cannot receive signals. */
export type FromWatcher = "no signals";

/** The data of the worker that writes profiles (auto-writer.ts). */
export interface WriteRequest extends Writing {
  /** The folder of a recording. It is removed afterwards. */
  readonly folder: string;
  /** How long to wait for the samples of threads that still run. */
  readonly waitMs: number;
}
