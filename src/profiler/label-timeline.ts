import type { NewLabel } from "../profile/profile-builder.js";

/** Labels by their names. Values are strings or safe integers. */
export type Labels = Readonly<Record<string, string | number>>;

/** The labels of one call of `withLabels`, together with those of the calls around it. */
export interface LabelScope {
  readonly labels: Labels;
  /** Equal labels have the same set. Undefined until a profile needs it. */
  set?: LabelSet;
}

type LabelSet = readonly NewLabel[];

const NO_LABELS: LabelSet = [];

/** The limit on changes of labels within a profile; they need about 130 MB. */
const MAX_CHANGES = 2 ** 23;

/** The limits on new label sets within a profile, and on their texts: requests may differ in them. */
const MAX_SETS = 2 ** 17;
const MAX_TEXT_LENGTH = 2 ** 25;

const CHUNK_LENGTH = 4096;

/** A part of the recorded changes. Chunks that no timeline needs any more are garbage. */
class Chunk {
  /** When the labels changed, in milliseconds of `performance.now()`. */
  readonly times = new Float64Array(CHUNK_LENGTH);
  readonly sets: LabelSet[] = [];
  next: Chunk | undefined;
}

/** How much a recorder has recorded, and where it continues. */
interface Position {
  readonly chunk: Chunk;
  readonly index: number;
  readonly changes: number;
  readonly sets: number;
  readonly textLength: number;
}

/** A {@link LabelTimeline} that has ended, as JSON. */
export interface TimelineData {
  /** The times of changes as a Float64Array, and the indices in `sets`, as a Uint32Array, in base64. */
  readonly times: string;
  readonly indices: string;
  readonly sets: readonly LabelSet[];
  readonly endsEarly: boolean;
}

/** The labels during one profile, from a position of the recorder on. */
export class LabelTimeline {
  readonly start: Position;
  /** The recorder's number of changes when the timeline ended. */
  end = Number.POSITIVE_INFINITY;
  /** Whether a limit has ended the timeline before the profile. Later times have no labels. */
  endsEarly = false;

  constructor(start: Position) {
    this.start = start;
  }

  /** Returns comments on what is missing. */
  comments(): string[] {
    if (!this.endsEarly) return [];
    return ["too many labels, or changes of labels: later samples have no labels"];
  }

  /** Returns the data of a timeline that has ended, for {@link fromJSON} in another thread. */
  toJSON(): TimelineData {
    const length = this.end - this.start.changes;
    const times = new Float64Array(length);
    const indices = new Uint32Array(length);
    const numbers = new Map<LabelSet, number>();
    let { chunk, index } = this.start;
    for (let i = 0; i < length; i++, index++) {
      if (index === CHUNK_LENGTH && chunk.next) {
        chunk = chunk.next;
        index = 0;
      }
      const set = chunk.sets[index];
      const number = numbers.get(set) ?? numbers.size;
      numbers.set(set, number);
      times[i] = chunk.times[index];
      indices[i] = number;
    }
    const { endsEarly } = this;
    return { times: base64(times), indices: base64(indices), sets: [...numbers.keys()], endsEarly };
  }

  static fromJSON(data: TimelineData): LabelTimeline {
    const times = new Float64Array(bytesOf(data.times));
    const indices = new Uint32Array(bytesOf(data.indices));
    let chunk = new Chunk();
    const start = { chunk, index: 0, changes: 0, sets: 0, textLength: 0 };
    for (let i = 0; i < times.length; i++) {
      if (chunk.sets.length === CHUNK_LENGTH) {
        chunk.next = new Chunk();
        chunk = chunk.next;
      }
      chunk.times[chunk.sets.length] = times[i];
      chunk.sets.push(data.sets[indices[i]]);
    }
    const timeline = new LabelTimeline(start);
    timeline.end = times.length;
    timeline.endsEarly = data.endsEarly;
    return timeline;
  }

  /**
   * Returns a function that maps a time to the number of the labels set then; fast if times
   * increase. `number` numbers a set of labels; `toMillis` converts a time to `performance.now()`.
   */
  reader(
    number: (labels: readonly NewLabel[]) => number,
    toMillis: (micros: number) => number,
  ): (micros: number) => number {
    const numbers = new Map<LabelSet, number>();
    // Number a set when a sample has it, as most sets of short requests have no sample.
    const numberOf = (set: LabelSet) => {
      const known = numbers.get(set) ?? number(set);
      numbers.set(set, known);
      return known;
    };
    const { start } = this;
    let { chunk, index, changes } = start;
    let current = NO_LABELS;
    let last = Number.NEGATIVE_INFINITY;
    return (micros) => {
      const time = toMillis(micros);
      if (time < last) {
        ({ chunk, index, changes } = start);
        current = NO_LABELS;
      }
      last = time;
      while (changes < this.end) {
        if (index === CHUNK_LENGTH && chunk.next) {
          chunk = chunk.next;
          index = 0;
        }
        if (index >= chunk.sets.length || chunk.times[index] > time) break;
        current = chunk.sets[index++];
        changes++;
      }
      return numberOf(this.endsEarly && changes === this.end ? NO_LABELS : current);
    };
  }
}

/**
 * Records which labels were set at which time, for all profiles that are being collected. Stores
 * only changes, of which there may be a hundred thousand per second.
 */
export class LabelRecorder {
  current: LabelScope | undefined;
  readonly #timelines = new Set<LabelTimeline>();
  readonly #known = new Map<string, LabelSet>();
  #chunk = new Chunk();
  #changes = 0;
  #sets = 0;
  #textLength = 0;

  /** Whether a timeline is being recorded. */
  get isActive(): boolean {
    return this.#timelines.size > 0;
  }

  /** Begins a timeline at a moment at which the labels of `scope` are set. */
  start(scope: LabelScope | undefined): LabelTimeline {
    const { length: index } = this.#chunk.sets;
    const timeline = new LabelTimeline({
      chunk: this.#chunk,
      index,
      changes: this.#changes,
      sets: this.#sets,
      textLength: this.#textLength,
    });
    this.#timelines.add(timeline);
    this.current = scope;
    this.#record();
    return timeline;
  }

  /** Returns the number of changes since the start of a running timeline. */
  changesSince({ start }: LabelTimeline): number {
    return this.#changes - start.changes;
  }

  /** Ends a timeline. Its reader still works. */
  stop(timeline: LabelTimeline): void {
    if (!this.#timelines.delete(timeline)) return;
    timeline.end = this.#changes;
    if (this.isActive) return;
    this.#chunk = new Chunk();
    this.#known.clear();
  }

  /** Records that the labels of `scope` are set from now on. */
  enter(scope: LabelScope | undefined): void {
    if (scope === this.current) return;
    this.current = scope;
    this.#record();
  }

  #record(): void {
    let chunk = this.#chunk;
    if (chunk.sets.length === CHUNK_LENGTH) {
      this.#endLongTimelines();
      chunk.next = new Chunk();
      chunk = chunk.next;
      this.#chunk = chunk;
    }
    chunk.times[chunk.sets.length] = performance.now();
    chunk.sets.push(this.current ? this.#setOf(this.current) : NO_LABELS);
    this.#changes++;
  }

  #setOf(scope: LabelScope): LabelSet {
    scope.set ??= this.#newSet(scope.labels);
    return scope.set;
  }

  #newSet(labels: Labels): LabelSet {
    const names = Object.keys(labels).sort();
    let text = "";
    for (const name of names) {
      const value = labels[name];
      const type = typeof value === "string" ? value.length : "n";
      text += `${name.length} ${type} ${name}${value}`;
    }
    let set = this.#known.get(text);
    if (!set) {
      set = names.map((key): NewLabel => {
        const value = labels[key];
        return typeof value === "string" ? { key, text: value } : { key, number: value };
      });
      if (this.#known.size === MAX_SETS) this.#known.clear();
      this.#known.set(text, set);
      this.#sets++;
      this.#textLength += text.length;
      this.#endLongTimelines();
    }
    return set;
  }

  /** Ends the timelines that exceed a limit before the next change. */
  #endLongTimelines(): void {
    for (const timeline of this.#timelines) {
      const { changes, sets, textLength } = timeline.start;
      if (
        this.#changes - changes < MAX_CHANGES &&
        this.#sets - sets <= MAX_SETS &&
        this.#textLength - textLength <= MAX_TEXT_LENGTH
      ) {
        continue;
      }
      timeline.endsEarly = true;
      this.stop(timeline);
    }
  }
}

function base64({ buffer, byteLength }: Float64Array | Uint32Array): string {
  return Buffer.from(buffer, 0, byteLength).toString("base64");
}

function bytesOf(base64: string): ArrayBuffer {
  return new Uint8Array(Buffer.from(base64, "base64")).buffer;
}
