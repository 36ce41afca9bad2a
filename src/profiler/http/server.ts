import type { IncomingMessage, ServerResponse } from "node:http";
import type { Profile } from "../../profile/profile.js";
import { writeProfile } from "../write-profile.js";
import { type Allow, refusal } from "./access.js";
import { answer, answerHead, answerRefused, profileHeaders, Refused, TEXT } from "./answer.js";
import { type CollectOptions, type Plan, planCpu, planHeap } from "./collect.js";
import { INDEX_HEADERS, indexPage } from "./index-page.js";
import { type Parameters, parametersOf } from "./parameters.js";

/** Who may ask for profiles, and how they are taken. */
export interface PprofOptions extends CollectOptions {
  /**
   * Whose requests are answered; `"local"` where it is left out: those of programs on this
   * machine that come without a proxy. Pages of other sites never are.
   */
  readonly allow?: Allow;
  /** The most that `seconds` in an address may be: 300 where it is left out. */
  readonly maxSeconds?: number;
  /**
   * Gets what went wrong in this process while a request was answered: the client gets status 500
   * and no details. The error is printed to standard error where this is left out.
   */
  readonly onError?: (error: unknown) => void;
}

/** A profile as text for people. */
export type TextOf = (profile: Profile) => Promise<string>;

const MAX_SECONDS = 300;

/** The longest that timers of Node wait. */
const LONGEST = Math.floor((2 ** 31 - 1) / 1000);

const OCTETS = "application/octet-stream";

/** What Go has and Node has not, and what there is instead. */
const WITHOUT_EQUAL: Readonly<Record<string, string>> = {
  goroutine: "Node has no goroutines: what its thread does is in profile",
  mutex: "Node has no mutexes that threads wait for: what its thread does is in profile",
  block: "Node does not block on channels and mutexes: waiting for events is (idle) in profile",
  threadcreate: "Node does not tell who made threads: what its main thread does is in profile",
  trace: "there are no traces of execution: profile has where the time goes",
};

/** Answers what is asked below `/debug/pprof/`. */
export class ProfileServer {
  readonly #allow: Allow;
  readonly #maxSeconds: number;
  readonly #onError: (error: unknown) => void;
  readonly #options: PprofOptions;
  readonly #textOf: TextOf;

  /** Throws where the options make no sense. */
  constructor(options: PprofOptions, textOf: TextOf) {
    const { allow = "local", maxSeconds = MAX_SECONDS, intervalMicros, onError = print } = options;
    if (allow !== "local" && allow !== "any" && typeof allow !== "function") {
      throw new TypeError('allow is to be "local", "any" or a function');
    }
    if (!(Number.isInteger(maxSeconds) && maxSeconds > 0 && maxSeconds <= LONGEST)) {
      throw new RangeError(`maxSeconds is to be a whole number from 1 to ${LONGEST}`);
    }
    checkInterval(intervalMicros);
    if (typeof onError !== "function") {
      throw new TypeError("onError is to be a function");
    }
    this.#onError = onError;
    this.#allow = allow;
    this.#maxSeconds = maxSeconds;
    this.#options = options;
    this.#textOf = textOf;
  }

  /** Answers a request for `name` below `/debug/pprof/`; undefined where not even the slash is there. */
  async serve(
    request: IncomingMessage,
    response: ServerResponse,
    name: string | undefined,
  ): Promise<void> {
    const gone = new AbortController();
    const leave = () => gone.abort();
    response.once("close", leave);
    // What was called before this may have taken its time.
    if (response.destroyed) leave();
    try {
      await this.#serve(request, response, name, gone.signal);
    } catch (error) {
      // Nobody is there to hear of it.
      if (gone.signal.aborted) return;
      if (response.headersSent) response.destroy();
      else answerRefused(response, error instanceof Refused ? error : FAILED);
      if (!(error instanceof Refused)) this.#report(error);
    } finally {
      response.off("close", leave);
    }
  }

  async #serve(
    request: IncomingMessage,
    response: ServerResponse,
    name: string | undefined,
    gone: AbortSignal,
  ): Promise<void> {
    const reason = await refusal(request, this.#allow);
    if (reason !== undefined) throw new Refused(403, reason);
    const { method = "GET" } = request;
    const methods = name === "symbol" ? ["GET", "HEAD", "POST"] : ["GET", "HEAD"];
    if (!methods.includes(method)) {
      const allowed = methods.join(", ");
      throw new Refused(405, `this is asked for by ${allowed}`, { Allow: allowed });
    }
    if (name === undefined) {
      // From the address without the slash, wherever this is mounted.
      answer(response, TEXT, "it is at pprof/\n", { Location: "pprof/" }, 307);
    } else if (name === "") {
      answer(response, "text/html; charset=utf-8", indexPage(), INDEX_HEADERS);
    } else if (name === "cmdline") {
      answer(response, TEXT, commandLine().join("\0"));
    } else if (name === "symbol") {
      // Names are in the profiles. The addresses that are asked for are not even read.
      request.resume();
      answer(response, TEXT, "num_symbols: 0\n");
    } else {
      await this.#serveProfile(request, response, name, gone);
    }
  }

  async #serveProfile(
    request: IncomingMessage,
    response: ServerResponse,
    name: string,
    gone: AbortSignal,
  ): Promise<void> {
    const [, query = ""] = /\?(.*)/s.exec(request.url ?? "") ?? [];
    const parameters = parametersOf(new URLSearchParams(query), this.#maxSeconds);
    const plan = this.#plan(name, parameters);
    gone.throwIfAborted();
    const { timeout = 0 } = request.socket;
    if (timeout > 0 && plan.seconds * 1000 >= timeout) {
      throw new Refused(
        400,
        `profile duration of ${plan.seconds} s exceeds the server's timeout of ${timeout / 1000} s`,
      );
    }
    const type = parameters.debug ? TEXT : OCTETS;
    if (request.method === "HEAD") return answerHead(response, type, plan.name);
    const profile = await plan.take(gone);
    if (parameters.debug) answer(response, TEXT, await this.#textOf(profile));
    else answer(response, OCTETS, await writeProfile(profile), profileHeaders(plan.name));
  }

  /** Calls the hook. The program must not end because of what it throws. */
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
    if (Object.hasOwn(WITHOUT_EQUAL, name)) throw new Refused(404, WITHOUT_EQUAL[name]);
    throw new Refused(404, "Unknown profile: there are profile, heap, allocs, cmdline and symbol");
  }
}

/** It is better to hear of it now than once a profile is needed. */
function checkInterval(intervalMicros: number | undefined): void {
  if (intervalMicros !== undefined && !(intervalMicros >= 100 && intervalMicros <= 10_000_000)) {
    throw new RangeError(`intervalMicros is to be from 100 to 10000000, not ${intervalMicros}`);
  }
}

/** With the options of Node, which `process.argv` leaves out. */
function commandLine(): string[] {
  const [program, ...args] = process.argv;
  return [program, ...process.execArgv, ...args];
}

/** The message of an exception may be about anything in the program, and stays there. */
const FAILED = new Refused(500, "this failed in the program: its own log, or onError, says why");

function print(error: unknown): void {
  console.error("tsprof/http:", error);
}
