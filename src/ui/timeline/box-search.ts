import { formatThousands } from "../../render/flame/notes.js";
import type { SearchResult } from "../flame-canvas/marked-frames.js";
import { re2Matcher } from "../search/re2-search.js";
import { type BoxRef, type Chart, NONE } from "./chart.js";

const NOTHING: SearchResult = { text: "", isWrong: false, count: 0, at: 0 };

/** The boxes whose functions match a search. */
export class BoxSearch {
  #pattern = "";
  #ignoreCase = true;
  result = NOTHING;
  /** By function: 1 if it matches; undefined without a search. */
  functions: Uint8Array | undefined;

  /** Sets the pattern; an empty one ends the search. Returns whether it has changed. */
  setPattern(pattern: string, ignoreCase: boolean): boolean {
    if (pattern === this.#pattern && ignoreCase === this.#ignoreCase) return false;
    this.#pattern = pattern;
    this.#ignoreCase = ignoreCase;
    return true;
  }

  search({ report }: Chart): void {
    this.functions = undefined;
    this.result = NOTHING;
    if (this.#pattern === "") return;
    try {
      const matches = re2Matcher(this.#pattern, this.#ignoreCase);
      const found = Uint8Array.from(report.functions, ({ name }) => (matches(name) ? 1 : 0));
      let count = 0;
      for (const { boxFunctions } of report.lanes) {
        for (let box = 0; box < boxFunctions.length; box++) count += found[boxFunctions[box]];
      }
      const frames = `${formatThousands(count)} ${count === 1 ? "frame" : "frames"}`;
      this.functions = found;
      this.result = { text: count === 0 ? "no match" : frames, isWrong: false, count, at: 0 };
    } catch (error) {
      const text = error instanceof Error ? error.message : "not a regular expression";
      this.result = { text, isWrong: true, count: 0, at: 0 };
    }
  }

  /**
   * Returns the match that begins next after `at`, or after the time `start` without a box, or with
   * -1 before that; the first or last one if there is none. Matches with the same start follow each
   * other by lane and row.
   */
  next(chart: Chart, at: BoxRef | undefined, step: 1 | -1, start: number): BoxRef | undefined {
    const { functions } = this;
    if (!functions) return undefined;
    const keyOf = (box: BoxRef) => [chart.startOf(box), box.lane, box.row] as const;
    const isLess = (a: BoxRef, b: BoxRef) => {
      const [x, y] = [keyOf(a), keyOf(b)];
      return (x[0] - y[0] || x[1] - y[1] || x[2] - y[2]) * step < 0;
    };
    let next: BoxRef | undefined;
    let first: BoxRef | undefined;
    const time = at ? chart.startOf(at) : start;
    for (const match of rowMatches(chart, functions, time, step)) {
      if (!first || isLess(match, first)) first = match;
      const isNext = at ? isLess(at, match) : (chart.startOf(match) - start) * step >= 0;
      if (isNext && (!next || isLess(match, next))) next = match;
    }
    return next ?? first;
  }
}

/** Yields the first match of each row, and the first ones that begin at and behind a time. */
function* rowMatches(
  chart: Chart,
  functions: Uint8Array,
  time: number,
  step: 1 | -1,
): Generator<BoxRef> {
  for (let lane = 0; lane < chart.report.lanes.length; lane++) {
    const { offsets, starts, boxFunctions } = chart.laneOf(lane);
    for (let row = 0; row + 1 < offsets.length; row++) {
      const [begin, end] =
        step > 0 ? [offsets[row], offsets[row + 1]] : [offsets[row + 1] - 1, offsets[row] - 1];
      let first = NONE;
      let behind = NONE;
      for (let box = begin; box !== end && behind === NONE; box += step) {
        if (!functions[boxFunctions[box]]) continue;
        if (first === NONE) first = box;
        const distance = (starts[box] - time) * step;
        if (distance === 0) yield { lane, row, box };
        if (distance > 0) behind = box;
      }
      if (first !== NONE) yield { lane, row, box: first };
      if (behind !== NONE) yield { lane, row, box: behind };
    }
  }
}
