import { readFile } from "node:fs/promises";
import { gzip } from "../../node/gzip.js";
import { type CommandName, commandSpec } from "../../options/commands.js";
import type { Options } from "../../options/table.js";
import { encodePieces } from "../../profile/wire/encode.js";
import { withoutControls } from "../../render/controls.js";
import type { MadeReport } from "../../session/made-report.js";
import type { Session, Warn } from "../../session/session.js";
import type { SessionInfo } from "../protocol.js";
import { sharedOptions } from "../shared-options.js";
import { PageConfigs } from "./configs.js";

/** A session, as its pages see it. */
export class OpenedSession {
  /** What pages may know of the options it was started with. */
  readonly options: Options;
  readonly configs: PageConfigs;
  readonly #session: Session;
  readonly #info: Omit<SessionInfo, "configs">;
  #profile: Promise<Uint8Array> | undefined;

  constructor(
    session: Session,
    options: Options,
    about: { title: string; version: string; warnings: readonly string[] },
  ) {
    this.#session = session;
    this.options = sharedOptions(options);
    this.configs = new PageConfigs(this.options);
    this.#info = {
      ...about,
      options: this.options,
      isPrepared: session.file === undefined,
    };
  }

  info(): SessionInfo {
    const problems: string[] = [];
    const configs = this.configs.list((line) => problems.push(line));
    return { ...this.#info, warnings: [...this.#info.warnings, ...problems], configs };
  }

  /** The profile as a file. What can be sent as it lies on the disk is not made anew. */
  profile(): Promise<Uint8Array> {
    const { file, profile } = this.#session;
    this.#profile ??= file === undefined ? collect(gzip(encodePieces(profile))) : readFile(file);
    return this.#profile;
  }

  /** Makes a report from the binaries and sources that lie here. */
  async report(
    name: CommandName,
    parameter: string,
    options: Options,
    warn: Warn,
  ): Promise<MadeReport> {
    return this.#session.report(
      { command: commandSpec(name), parameter, options },
      { warn, compute: (work) => work(), confinesSources: true },
    );
  }
}

/** A report as it is sent, without control characters where it is text. */
export async function textOf(report: MadeReport): Promise<Uint8Array> {
  const made = report.text();
  return collect(typeof made === "string" ? [made] : made);
}

async function collect(
  pieces: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
): Promise<Uint8Array> {
  const collected: Uint8Array[] = [];
  for await (const piece of pieces) {
    collected.push(typeof piece === "string" ? Buffer.from(withoutControls(piece)) : piece);
  }
  return Buffer.concat(collected);
}
