import type { JsonObject } from "../json.js";
import { sliceName } from "./frames.js";

/** A slice of a thread's time. Times are nanoseconds since the beginning of the trace. */
export interface Slice {
  readonly start: number;
  end: number;
  readonly event: JsonObject;
  /**
   * The positions of the begin and end events in the order of the thread, which decide between
   * equal times. Both are -1 for complete events (X), whose order says nothing.
   */
  readonly startOrder: number;
  endOrder: number;
}

/** A begin or end event of a slice. */
export interface SliceMark {
  readonly nanos: number;
  readonly event: JsonObject;
}

/** The numbers of begin and end events that had no partner. */
export interface UnpairedMarks {
  begins: number;
  ends: number;
}

/**
 * Returns the slices between begin and end events of a thread, by their beginning. An end closes
 * the innermost open slice of its name, or any if it has no name. Open slices inside end with it;
 * all others that are still open end at `traceEnd`. Sorts `marks` by time.
 */
export function pairMarks(marks: SliceMark[], traceEnd: number, unpaired: UnpairedMarks): Slice[] {
  marks.sort((a, b) => a.nanos - b.nanos);
  const slices: Slice[] = [];
  const open: Slice[] = [];
  const openByName = new Map<string | undefined, number>();
  const count = (name: string | undefined, change: number) => {
    openByName.set(name, (openByName.get(name) ?? 0) + change);
  };
  const close = (end: number, endOrder: number): string | undefined => {
    const slice = open.pop() as Slice;
    slice.end = end;
    slice.endOrder = endOrder;
    const name = sliceName(slice.event);
    count(name, -1);
    return name;
  };
  marks.forEach(({ nanos, event }, order) => {
    const name = sliceName(event);
    if (event.ph === "B") {
      const slice = { start: nanos, end: nanos, event, startOrder: order, endOrder: order };
      slices.push(slice);
      open.push(slice);
      count(name, 1);
    } else if (open.length === 0 || (name !== undefined && !openByName.get(name))) {
      unpaired.ends++;
    } else {
      while (close(nanos, order) !== name && name !== undefined) unpaired.begins++;
    }
  });
  unpaired.begins += open.length;
  while (open.length > 0) close(traceEnd, marks.length);
  return slices;
}

/**
 * Sorts complete events so that callers come first. Many tools write a slice when it ends, so that
 * the later of two equal slices is the caller; others write it when it begins.
 */
export function sortComplete(slices: Slice[]): void {
  const isByEnd = slices.some(({ start }, i) => i > 0 && start < slices[i - 1].start);
  if (isByEnd) slices.reverse();
  slices.sort((a, b) => a.start - b.start || b.end - a.end);
}

/** Yields the slices of two lists that are sorted by their beginning; callers come first. */
export function* mergeSlices(
  paired: readonly Slice[],
  complete: readonly Slice[],
): Generator<Slice> {
  let next = 0;
  for (const slice of paired) {
    for (; next < complete.length; next++) {
      const { start, end } = complete[next];
      if (start > slice.start || (start === slice.start && end <= slice.end)) break;
      yield complete[next];
    }
    yield slice;
  }
  for (; next < complete.length; next++) yield complete[next];
}

/** Tools round times, so that slices can overlap by up to a microsecond. */
const MAX_ROUNDING_NANOS = 1000;

/** Receives the stacks of a thread as slices open and close. */
export interface SliceSink<S> {
  /** Returns the stack `parent` extended by a slice. */
  push(parent: S, slice: Slice): S;
  /** Called once for each slice, with its stack at its beginning. */
  call(stack: S, nanos: number): void;
  /** Called for each span of time with the stack of the open slices. */
  span(stack: S, start: number, end: number): void;
  /** Charges for the extension of `count` stacks. */
  charge(count: number): void;
}

interface OpenSlice<S> {
  readonly slice: Slice;
  readonly stack: S;
  /** The index of the slice that ends first among this one and those below. */
  readonly firstToEnd: number;
}

/**
 * The open slices of a thread, outermost first. Slices need not be nested: if a slice ends before
 * one that began later, the later one continues without it.
 */
export class OpenSlices<S> {
  readonly #open: OpenSlice<S>[] = [];
  readonly #root: S;
  readonly #sink: SliceSink<S>;
  #now = 0;

  constructor(root: S, sink: SliceSink<S>) {
    this.#root = root;
    this.#sink = sink;
  }

  /** Opens a slice. Slices must come in the order of their beginnings, callers first. */
  open(slice: Slice): void {
    this.#closeBefore(slice);
    this.#fit(slice);
    this.#advance(slice.start);
    this.#push(slice);
    this.#sink.call(this.#top(), slice.start);
  }

  closeAll(): void {
    while (this.#open.length > 0) this.#closeFirst();
  }

  /** Closes the slices that ended before `slice` began. */
  #closeBefore(slice: Slice): void {
    for (let first = this.#firstToEnd(); first; first = this.#firstToEnd()) {
      if (!hasEnded(first, slice)) break;
      this.#closeFirst();
    }
  }

  /** Removes overlaps from rounding: ends the new slice, or those that end first, a bit earlier. */
  #fit(slice: Slice): void {
    for (let first = this.#firstToEnd(); first; first = this.#firstToEnd()) {
      const overlap = first.end - slice.start;
      const excess = slice.end - first.end;
      if (excess <= 0 || Math.min(overlap, excess) > MAX_ROUNDING_NANOS) break;
      if (excess <= overlap) {
        slice.end = first.end;
        break;
      }
      first.end = slice.start;
      this.#closeFirst();
    }
  }

  #firstToEnd(): Slice | undefined {
    const top = this.#open.at(-1);
    return top && this.#open[top.firstToEnd].slice;
  }

  #closeFirst(): void {
    const index = (this.#open.at(-1) as OpenSlice<S>).firstToEnd;
    this.#advance(this.#open[index].slice.end);
    if (index === this.#open.length - 1) {
      this.#open.pop();
      return;
    }
    const inner = this.#open.splice(index).slice(1);
    this.#sink.charge(inner.length);
    for (const { slice } of inner) this.#push(slice);
  }

  #push(slice: Slice): void {
    const below = this.#open.at(-1);
    const isFirst = !below || slice.end <= this.#open[below.firstToEnd].slice.end;
    this.#open.push({
      slice,
      stack: this.#sink.push(this.#top(), slice),
      firstToEnd: isFirst ? this.#open.length : below.firstToEnd,
    });
  }

  #top(): S {
    return this.#open.at(-1)?.stack ?? this.#root;
  }

  #advance(to: number): void {
    if (this.#open.length > 0 && to > this.#now) this.#sink.span(this.#top(), this.#now, to);
    this.#now = Math.max(this.#now, to);
  }
}

/** Tests whether `open` ended before `slice` began. Of equal times, the order of events decides. */
function hasEnded(open: Slice, slice: Slice): boolean {
  if (open.end !== slice.start) return open.end < slice.start;
  return open.endOrder < 0 || slice.startOrder < 0 || open.endOrder < slice.startOrder;
}
