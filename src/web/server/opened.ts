import { formatLocalTime } from "../../node/time-zone.js";
import { type CommandName, commandSpec } from "../../options/commands.js";
import type { Options } from "../../options/table.js";
import type { MadeReport } from "../../session/made-report.js";
import type { SourceRequest } from "../../session/request.js";
import { type Client, Session, type Warn } from "../../session/session.js";
import { type FlameAnswer, firstFlame } from "../flame-json.js";
import type { SessionInfo } from "../protocol.js";
import { readable } from "../readable.js";
import { sharedOptions } from "../shared-options.js";
import { type ProfileSummary, summarize } from "../summary.js";
import { PageConfigs } from "./configs.js";
import { fileNameFor, type ProfileFile, profileFile } from "./profile-file.js";
import { turn } from "./turn.js";

/** What a session is called, and by whom. */
export interface About {
  readonly title: string;
  readonly version: string;
}

/** A session, as its pages see it. */
export class OpenedSession {
  /** What pages may know of the options it was started with. */
  readonly options: Options;
  readonly configs: PageConfigs;
  /** The profile as a file. */
  readonly file: ProfileFile;
  readonly #session: Session;
  readonly #info: Omit<SessionInfo, "configs" | "summary">;
  #summary: ProfileSummary | undefined;

  private constructor(
    session: Session,
    file: ProfileFile,
    info: Omit<SessionInfo, "configs" | "summary">,
  ) {
    this.#session = session;
    this.file = file;
    this.options = info.options;
    this.configs = new PageConfigs(info.options);
    this.#info = info;
  }

  /**
   * Reads what a request is about. Throws an Error of one line where there is no profile to
   * be had.
   */
  static async open(request: SourceRequest, about: About, warn: Warn): Promise<OpenedSession> {
    const warnings: string[] = [];
    const session = await Session.open({ ...request, keepsOriginal: true }, (line) => {
      warnings.push(line);
      warn(line);
    });
    const file = await profileFile(session, fileNameFor(about.title));
    const options = sharedOptions(request.options);
    const { isPrepared } = file;
    const { sources } = session;
    return new OpenedSession(session, file, { ...about, sources, options, isPrepared, warnings });
  }

  info(): SessionInfo {
    const problems: string[] = [];
    const configs = this.configs.list((line) => problems.push(line));
    return {
      ...this.#info,
      warnings: [...this.#info.warnings, ...problems],
      configs,
      summary: this.#summarize(),
    };
  }

  #summarize(): ProfileSummary {
    // What was said while the profile was read is in the info already.
    const how = { warnings: [], formatTime: formatLocalTime };
    this.#summary ??= readable(summarize(this.#session.profile, this.options, how));
    return this.#summary;
  }

  /** Throws an Error of one line where there is nothing to show. */
  async flame(options: Options): Promise<FlameAnswer> {
    await turn();
    const { input, warnings } = await this.#session.select(options, commandSpec("flame"));
    return firstFlame(input, warnings);
  }

  /**
   * Makes a report from the binaries and sources that lie here. Throws an Error of one line
   * where there is nothing to report on.
   */
  async report(name: CommandName, parameter: string, options: Options): Promise<MadeReport> {
    const report = { command: commandSpec(name), parameter, options };
    await turn();
    return this.#session.report(report, CLIENT);
  }
}

/**
 * What is to be said of filters the page says, which applies them too. Ctrl-C waits for what
 * is computed: work that it could break off (src/node/breakable.ts) takes the signal for
 * itself, and one that comes between two such pieces of work would be lost.
 */
const CLIENT: Client = { warn: () => {}, compute: (work) => work() };
