import type { Options } from "../options/table.js";
import type { ConfigInfo, SessionInfo } from "../page/protocol.js";
import { sharedOptions } from "../page/shared-options.js";
import type { SourceRequest } from "../session/request.js";
import { PageConfigs } from "./configs.js";
import type { OpenedFile } from "./workers/job.js";
import type { Task } from "./workers/messages.js";
import type { ReportPool } from "./workers/pool.js";
import type { OutputReader } from "./workers/shared-output.js";

/** What a session is called, and by whom. */
export interface About {
  readonly title: string;
  readonly version: string;
}

/** A session, as its pages see it. The profile itself is in the processes of the pool. */
export class OpenedSession {
  /** What pages may know of the options it was started with. */
  readonly options: Options;
  readonly configs: PageConfigs;
  /** The profile as a file, gzipped, in pprof's format. */
  readonly file: { readonly name: string; readonly pieces: readonly Uint8Array[] };
  readonly #pool: ReportPool;
  readonly #info: Omit<SessionInfo, "configs" | "summary">;
  /** As JSON. */
  #summary: string | undefined;

  private constructor(pool: ReportPool, request: SourceRequest, opened: OpenedFile, about: About) {
    const { fileName, pieces, isPrepared, warnings, state } = opened;
    this.#pool = pool;
    this.file = { name: fileName, pieces };
    this.options = sharedOptions(request.options);
    this.configs = new PageConfigs(this.options);
    const { sources } = state;
    this.#info = { ...about, sources, options: this.options, isPrepared, warnings };
  }

  /**
   * Reads what a request is about. Throws an Error of one line where there is no profile to
   * be had; `onReading` is called where that is not known soon.
   */
  static async open(
    pool: ReportPool,
    request: SourceRequest,
    about: About,
    onReading: () => void,
  ): Promise<OpenedSession> {
    const opened = await pool.open(request, about.title, onReading);
    return new OpenedSession(pool, request, opened, about);
  }

  /** The {@link SessionInfo} as JSON; the summary, which may be long, is put in as it is. */
  async info(gone: AbortSignal): Promise<string> {
    this.#summary ??= await textOf(this.output({ kind: "summary" }, gone));
    const problems: string[] = [];
    const configs = this.configs.list((line) => problems.push(line));
    const warnings = [...this.#info.warnings, ...problems];
    const rest = JSON.stringify({ ...this.#info, warnings, configs });
    return `${rest.slice(0, -1)},"summary":${this.#summary}}`;
  }

  /** The named configurations that can be applied. */
  configList(): ConfigInfo[] {
    return this.configs.list(() => {});
  }

  /** Starts a task; `gone` ends it, unless somebody else waits for the same. */
  output(task: Task, gone: AbortSignal): OutputReader {
    const reader = this.#pool.run(task);
    if (gone.aborted) reader.leave();
    else gone.addEventListener("abort", () => reader.leave(), { once: true });
    return reader;
  }
}

async function textOf(output: OutputReader): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of output) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}
