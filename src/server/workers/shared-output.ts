/** The error for a reader whose client has closed the connection. */
class ClientLeft extends Error {
  /** Marks an error of the connection. */
  readonly code = "ECLIENTLEFT";

  constructor() {
    super("the client has disconnected");
  }
}

/** The output of a task as one client reads it. */
export interface OutputReader extends AsyncIterable<Uint8Array> {
  /** Stops reading. May be called at any time, also more than once. */
  leave(): void;
}

/** The events of the readers of a {@link SharedOutput}. */
export interface OutputEvents {
  /** A reader took a piece, so there may be room for more. */
  onTaken(): void;
  /** The last reader has left. */
  onAbandoned(): void;
}

/**
 * The output of one task, for all clients that requested it. Pieces are kept until every reader has
 * them. Readers get nothing before {@link release}.
 */
export class SharedOutput {
  readonly #events: OutputEvents;
  readonly #readers = new Set<Reader>();
  #pieces: Uint8Array[] = [];
  /** The number of pieces before the first of `#pieces`. */
  #dropped = 0;
  #bytes = 0;
  #isReleased = false;
  #end: { readonly error: unknown } | undefined;

  constructor(events: OutputEvents) {
    this.#events = events;
  }

  /** The bytes that are held for readers. */
  get heldBytes(): number {
    return this.#bytes;
  }

  get hasReaders(): boolean {
    return this.#readers.size > 0;
  }

  /** Whether a new reader can still get all of the output. */
  get isComplete(): boolean {
    return this.#dropped === 0;
  }

  join(): OutputReader {
    const reader = new Reader(this);
    this.#readers.add(reader);
    return reader;
  }

  push(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    if (this.#isReleased) this.#wakeReaders();
  }

  /** Gives readers the pieces that exist, and all that follow. */
  release(): void {
    this.#isReleased = true;
    this.#wakeReaders();
  }

  /** Drops all pieces when a task restarts. Only possible before {@link release}. */
  reset(): void {
    this.#pieces = [];
    this.#bytes = 0;
  }

  finish(): void {
    this.#end ??= { error: undefined };
    this.release();
  }

  /** Ends the output with an error, which readers get instead of more pieces. */
  fail(error: unknown): void {
    this.#end ??= { error };
    this.reset();
    this.release();
  }

  /** Returns the next piece for a reader; undefined at the end. */
  async next(reader: Reader): Promise<Uint8Array | undefined> {
    for (;;) {
      if (!this.#readers.has(reader)) throw new ClientLeft();
      if (this.#end?.error !== undefined) throw this.#end.error;
      const index = reader.count - this.#dropped;
      if (this.#isReleased && index < this.#pieces.length) {
        const piece = this.#pieces[index];
        reader.count++;
        this.#drop();
        this.#events.onTaken();
        return piece;
      }
      if (this.#end) return undefined;
      await new Promise<void>((resolve) => {
        reader.wake = resolve;
      });
    }
  }

  leave(reader: Reader): void {
    if (!this.#readers.delete(reader)) return;
    reader.wake();
    this.#drop();
    if (this.#readers.size === 0) this.#events.onAbandoned();
    else this.#events.onTaken();
  }

  /** Drops the pieces that all readers have. */
  #drop(): void {
    const least = Math.min(...Array.from(this.#readers, ({ count }) => count));
    while (this.#dropped < least && this.#pieces.length > 0) {
      this.#bytes -= this.#pieces.shift()?.length ?? 0;
      this.#dropped++;
    }
  }

  #wakeReaders(): void {
    for (const reader of this.#readers) reader.wake();
  }
}

class Reader implements OutputReader {
  readonly #output: SharedOutput;
  /** The number of pieces that it has read. */
  count = 0;
  wake: () => void = () => {};

  constructor(output: SharedOutput) {
    this.#output = output;
  }

  leave(): void {
    this.#output.leave(this);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    for (;;) {
      const piece = await this.#output.next(this);
      if (!piece) return;
      yield piece;
    }
  }
}
