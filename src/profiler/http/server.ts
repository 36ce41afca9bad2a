import type { IncomingMessage, ServerResponse } from "node:http";
import type { Profile } from "../../profile/profile.js";
import { checkIntervalMicros } from "../cpu.js";
import { writeProfile } from "../write-profile.js";
import { type Allow, refusal } from "./access.js";
import { answer, answerHead, answerRefused, profileHeaders, Refused, TEXT } from "./answer.js";
import { type CollectOptions, type Plan, planCpu, planHeap } from "./collect.js";
import { planBlock } from "./collect-block.js";
import { planPending } from "./collect-pending.js";
import { planTrace, profileOfTrace } from "./collect-trace.js";
import { INDEX_HEADERS, indexPage } from "./index-page.js";
import { type Parameters, parametersOf } from "./parameters.js";

/** Which requests to answer, and how to collect profiles. */
export interface PprofOptions extends CollectOptions {
  /**
   * Which requests to answer. By default `"local"`: those from this machine that did not come
   * through a proxy. Requests by pages of other sites are always refused.
   */
  readonly allow?: Allow;
  /** The largest allowed value of the parameter `seconds`; 300 by default. */
  readonly maxSeconds?: number;
  /**
   * Called with errors in this process. The client gets only the status 500, without details. By
   * default, errors are printed to standard error.
   */
  readonly onError?: (error: unknown) => void;
}

export type TextOf = (profile: Profile) => Promise<string>;

const DEFAULT_MAX_SECONDS = 300;

/** The longest delay of Node's timers, in seconds. */
const LONGEST_SECONDS = Math.floor((2 ** 31 - 1) / 1000);

const NAMES = "profile, heap, allocs, block, goroutine, trace, cmdline or symbol";

const OCTETS = "application/octet-stream";

/** Go's profiles that do not exist in Node, with what to use instead. */
const GO_ONLY: Readonly<Record<string, string>> = {
  mutex: "Node's threads do not wait for mutexes; see profile for what its thread does",
  threadcreate: "Node does not record what created threads; see profile for its main thread",
};

/** Answers the requests below `/debug/pprof/`. */
export class ProfileServer {
  readonly #allow: Allow;
  readonly #maxSeconds: number;
  readonly #onError: (error: unknown) => void;
  readonly #options: PprofOptions;
  readonly #textOf: TextOf;

  /** Throws if the options are invalid. */
  constructor(options: PprofOptions, textOf: TextOf) {
    const {
      allow = "local",
      maxSeconds = DEFAULT_MAX_SECONDS,
      intervalMicros,
      onError = print,
    } = options;
    if (allow !== "local" && allow !== "any" && typeof allow !== "function") {
      throw new TypeError('allow must be "local", "any" or a function');
    }
    if (!(Number.isInteger(maxSeconds) && maxSeconds > 0 && maxSeconds <= LONGEST_SECONDS)) {
      throw new RangeError(`maxSeconds must be an integer from 1 to ${LONGEST_SECONDS}`);
    }
    // Fail now rather than when a profile is requested.
    if (intervalMicros !== undefined) checkIntervalMicros(intervalMicros);
    if (typeof onError !== "function") {
      throw new TypeError("onError must be a function");
    }
    this.#onError = onError;
    this.#allow = allow;
    this.#maxSeconds = maxSeconds;
    this.#options = options;
    this.#textOf = textOf;
  }

  /** Answers a request for `name` below `/debug/pprof/`, or for `/debug/pprof` if it is undefined. */
  async serve(
    request: IncomingMessage,
    response: ServerResponse,
    name: string | undefined,
  ): Promise<void> {
    const closed = new AbortController();
    const onClose = () => closed.abort();
    response.once("close", onClose);
    // The client may have left before this handler was called.
    if (response.destroyed) onClose();
    try {
      await this.#serve(request, response, name, closed.signal);
    } catch (error) {
      // The client closed the connection; there is nobody to answer.
      if (closed.signal.aborted) return;
      if (response.headersSent) response.destroy();
      else answerRefused(response, error instanceof Refused ? error : FAILED);
      if (!(error instanceof Refused)) this.#report(error);
    } finally {
      response.off("close", onClose);
    }
  }

  async #serve(
    request: IncomingMessage,
    response: ServerResponse,
    name: string | undefined,
    closed: AbortSignal,
  ): Promise<void> {
    const reason = await refusal(request, this.#allow);
    if (reason !== undefined) throw new Refused(403, reason);
    const { method = "GET" } = request;
    const methods = name === "symbol" ? ["GET", "HEAD", "POST"] : ["GET", "HEAD"];
    if (!methods.includes(method)) {
      const allowed = methods.join(", ");
      throw new Refused(405, `method not allowed; use ${allowed}`, { Allow: allowed });
    }
    if (name === undefined) {
      // Relative, so that it works wherever this is mounted.
      answer(response, TEXT, "see pprof/\n", { Location: "pprof/" }, 307);
    } else if (name === "") {
      answer(response, "text/html; charset=utf-8", indexPage(), INDEX_HEADERS);
    } else if (name === "cmdline") {
      answer(response, TEXT, commandLine().join("\0"));
    } else if (name === "symbol") {
      // Profiles contain their symbols, so the posted addresses are ignored.
      request.resume();
      answer(response, TEXT, "num_symbols: 0\n");
    } else {
      await this.#serveProfile(request, response, name, closed);
    }
  }

  async #serveProfile(
    request: IncomingMessage,
    response: ServerResponse,
    name: string,
    closed: AbortSignal,
  ): Promise<void> {
    const [, query = ""] = /\?(.*)/s.exec(request.url ?? "") ?? [];
    const parameters = parametersOf(new URLSearchParams(query), this.#maxSeconds);
    const { debug } = parameters;
    const plan = this.#plan(name, parameters);
    closed.throwIfAborted();
    const { timeout = 0 } = request.socket;
    if (timeout > 0 && plan.seconds * 1000 >= timeout) {
      throw new Refused(
        400,
        `profile duration of ${plan.seconds} s exceeds the server's timeout of ${timeout / 1000} s`,
      );
    }
    const { name: file, type = OCTETS } = plan;
    if (request.method === "HEAD") return answerHead(response, debug ? TEXT : type, file);
    const collected = await plan.collect(closed);
    const isFile = collected instanceof Uint8Array;
    if (debug) {
      const profile = isFile ? profileOfTrace(collected) : collected;
      answer(response, TEXT, await this.#textOf(profile));
    } else {
      const bytes = isFile ? collected : await writeProfile(collected);
      answer(response, type, bytes, profileHeaders(file));
    }
  }

  /** Calls `onError`. An error in it must not end the program. */
  #report(error: unknown): void {
    try {
      this.#onError(error);
    } catch (thrown) {
      print(thrown);
    }
  }

  #plan(name: string, parameters: Parameters): Plan {
    if (name === "profile") return planCpu(parameters, this.#options);
    if (name === "heap" || name === "allocs") return planHeap(name, parameters, this.#options);
    if (name === "block") return planBlock(parameters, this.#options);
    if (name === "goroutine") return planPending(parameters, this.#options);
    if (name === "trace") return planTrace(parameters);
    if (Object.hasOwn(GO_ONLY, name)) throw new Refused(404, GO_ONLY[name]);
    throw new Refused(404, `Unknown profile; use ${NAMES}`);
  }
}

/** Returns the command line with the options of Node, which `process.argv` lacks. */
function commandLine(): string[] {
  const [program, ...args] = process.argv;
  return [program, ...process.execArgv, ...args];
}

/** Sent instead of an error's message, which may contain secrets of the program. */
const FAILED = new Refused(500, "internal error; see the program's log or its onError");

function print(error: unknown): void {
  console.error("tsprof/http:", error);
}
