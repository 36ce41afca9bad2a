import { FIRST_FRAMES } from "../../page/protocol.js";
import type { Engine } from "./engine.js";

export interface Opening {
  /** Starts an engine and opens the profile in it. */
  open(): Promise<Engine>;
  /** Returns a flame graph of {@link FIRST_FRAMES} frames from the server. */
  firstFlame(...args: FirstFlameArgs): ReturnType<Engine["flame"]>;
  /** Calls `act` once the answer that was just given has been drawn. */
  later(act: () => void): void;
}

type FirstFlameArgs = [options: Parameters<Engine["flame"]>[0], signal?: AbortSignal];

/**
 * An engine that can be used while it still reads the profile. It gets the first flame graph from
 * the server, so that something is on screen early, and starts reading behind that graph or at the
 * first other request. All other requests wait.
 */
export class OpeningEngine implements Engine {
  readonly #opening: Opening;
  #engine: Promise<Engine> | undefined;
  #isOpen = false;

  constructor(opening: Opening) {
    this.#opening = opening;
  }

  readonly open: Engine["open"] = async (file) => {
    const engine = await this.#opened();
    return engine.open(file);
  };

  readonly preview: Engine["preview"] = async (...args) => (await this.#opened()).preview(...args);
  readonly openTogether: Engine["openTogether"] = async (...args) =>
    (await this.#opened()).openTogether(...args);

  readonly flame: Engine["flame"] = async (options, request, signal) => {
    // The server's flame graph is not inverted and has no marks.
    const { limit, markedBy, isInverted } = request;
    const isFirst = limit <= FIRST_FRAMES && markedBy === undefined && !isInverted;
    if (!this.#isOpen && isFirst) {
      try {
        return await this.#opening.firstFlame(options, signal);
      } catch {
        // Ask the engine instead: its error message is better.
        signal?.throwIfAborted();
      } finally {
        this.#opening.later(() => this.#opened());
      }
    }
    return (await this.#opened()).flame(options, request, signal);
  };

  readonly sandwich: Engine["sandwich"] = async (...args) =>
    (await this.#opened()).sandwich(...args);
  readonly timeline: Engine["timeline"] = async (...args) =>
    (await this.#opened()).timeline(...args);
  readonly selectedTotal: Engine["selectedTotal"] = async (...args) =>
    (await this.#opened()).selectedTotal(...args);
  readonly top: Engine["top"] = async (...args) => (await this.#opened()).top(...args);
  readonly peek: Engine["peek"] = async (...args) => (await this.#opened()).peek(...args);
  readonly tags: Engine["tags"] = async (...args) => (await this.#opened()).tags(...args);
  readonly dot: Engine["dot"] = async (...args) => (await this.#opened()).dot(...args);
  readonly weblist: Engine["weblist"] = async (...args) => (await this.#opened()).weblist(...args);
  readonly text: Engine["text"] = async (...args) => (await this.#opened()).text(...args);
  readonly suggest: Engine["suggest"] = async (...args) => (await this.#opened()).suggest(...args);

  #opened(): Promise<Engine> {
    if (!this.#engine) {
      this.#engine = this.#opening.open();
      this.#engine.then(
        () => {
          this.#isOpen = true;
        },
        // The request that needs the engine reports the failure.
        () => {},
      );
    }
    return this.#engine;
  }
}
