import type { Options } from "../options/table.js";
import type { ConfigInfo, SessionInfo } from "../page/protocol.js";
import { sharedOptions } from "../page/shared-options.js";
import type { SourceRequest } from "../session/request.js";
import { PageConfigs } from "./configs.js";
import type { OpenedFile } from "./workers/job.js";
import type { Task } from "./workers/messages.js";
import type { ReportPool } from "./workers/pool.js";
import type { OutputReader } from "./workers/shared-output.js";

export interface About {
  readonly title: string;
  readonly version: string;
}

/** A session for the pages of the web interface. The profile is in the processes of the pool. */
export class OpenedSession {
  /** The options of the command line that pages may know. */
  readonly options: Options;
  readonly configs: PageConfigs;
  /** The profile as a gzipped file in pprof's format. */
  readonly file: { readonly name: string; readonly pieces: readonly Uint8Array[] };
  readonly #pool: ReportPool;
  readonly #info: Omit<SessionInfo, "configs" | "summary">;
  /** The summary as JSON, once it is made. */
  #summary: string | undefined;

  private constructor(pool: ReportPool, request: SourceRequest, opened: OpenedFile, about: About) {
    const { fileName, pieces, isPrepared, warnings, state } = opened;
    this.#pool = pool;
    this.file = { name: fileName, pieces };
    this.options = sharedOptions(request.options);
    this.configs = new PageConfigs(this.options);
    const { sources, isPprofs, ownPackages, hasMachineCode } = state;
    const { options } = this;
    this.#info = {
      ...about,
      ...{ sources, options, isPrepared, isPprofs, ownPackages, hasMachineCode, warnings },
    };
  }

  /** Reads the sources of a request: see {@link ReportPool.open}. */
  static async open(
    pool: ReportPool,
    request: SourceRequest,
    about: About,
    onReading: () => void,
  ): Promise<OpenedSession> {
    const opened = await pool.open(request, about.title, onReading);
    return new OpenedSession(pool, request, opened, about);
  }

  /** Returns the {@link SessionInfo} as JSON. The summary may be long, so it is not parsed again. */
  async info(gone: AbortSignal): Promise<string> {
    this.#summary ??= await textOf(this.output({ kind: "summary" }, gone));
    const problems: string[] = [];
    const configs = this.configs.list((line) => problems.push(line));
    const warnings = [...this.#info.warnings, ...problems];
    const rest = JSON.stringify({ ...this.#info, warnings, configs });
    return `${rest.slice(0, -1)},"summary":${this.#summary}}`;
  }

  configList(): ConfigInfo[] {
    return this.configs.list(() => {});
  }

  /** Starts a task. `gone` ends it, unless another client waits for the same output. */
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
