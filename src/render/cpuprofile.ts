import { V8_IDLE } from "../formats/v8/frames.js";
import { isAnonymous } from "../profile/script-names.js";
import type {
  ConvertedFrame,
  ConvertedNode,
  ConvertedThread,
  ConvertedTree,
} from "../report/converted.js";
import { scale } from "../units/scale.js";
import { jsonText } from "./data/json.js";
import { joinNumbers } from "./join-numbers.js";

const PIECE_CHARACTERS = 1 << 16;

/**
 * Writes a `.cpuprofile` for Chrome DevTools in pieces. Its times are whole microseconds; a unit of
 * any other value counts as one. The samples of one thread keep their times, with `(idle)` between
 * them. Otherwise the samples of one stack follow each other.
 */
export function* renderCpuprofile(tree: ConvertedTree): Generator<string> {
  const { unit, frames, nodes, threads } = tree;
  const [thread] = threads?.length === 1 ? threads : [];
  const scripts = new Map<string, number>([["", 0]]);
  const children = childrenOf(nodes);
  const idle = nodes.length + 1;
  const samples = new SampleWriter(unit);
  if (thread) samples.addThread(thread, idle);
  if (samples.hasIdle) children[0].push(idle);
  yield '{"nodes":[\n';
  let piece = "";
  for (let row = 0; row < nodes.length; row++) {
    piece += row > 0 ? ",\n" : "";
    piece += nodeJson(row, nodes[row], frames, scripts, children[row]);
    if (!thread) samples.add(row + 1, nodes[row]);
    if (piece.length < PIECE_CHARACTERS) continue;
    yield piece;
    piece = "";
  }
  if (samples.hasIdle) {
    const node = nodeJson(
      nodes.length,
      { parent: 0, frame: -1, ownByLine: new Map() },
      [],
      scripts,
      [],
    );
    piece += ",\n";
    piece += node;
  }
  yield `${piece}\n],"startTime":${samples.start},"endTime":${samples.micros},"samples":[`;
  yield* joinNumbers(samples.ids);
  yield '],"timeDeltas":[';
  yield* joinNumbers(samples.deltas);
  // Readers other than tsprof ignore the key; tsprof would take the order of stacks for times.
  yield thread ? "]}\n" : '],"tsprof":{"hasTimes":false}}\n';
}

function childrenOf(nodes: readonly ConvertedNode[]): number[][] {
  const children: number[][] = nodes.map(() => []);
  for (let row = 1; row < nodes.length; row++) children[nodes[row].parent].push(row + 1);
  return children;
}

/** The frame of the node for the time without samples, as V8 calls it. */
const IDLE: ConvertedFrame = { name: V8_IDLE, file: "", startLine: 0, startColumn: 0 };
const ROOT: ConvertedFrame = { name: "(root)", file: "", startLine: 0, startColumn: 0 };

/** Writes a node. Lines and columns are counted from 0, except in `positionTicks`. */
function nodeJson(
  row: number,
  { frame, ownByLine }: ConvertedNode,
  frames: readonly ConvertedFrame[],
  scripts: Map<string, number>,
  children: readonly number[],
): string {
  const { name, file, startLine, startColumn } = row === 0 ? ROOT : (frames[frame] ?? IDLE);
  const script = scripts.get(file) ?? scripts.size;
  scripts.set(file, script);
  const position =
    `"scriptId":"${script}","url":${jsonText(file)},` +
    `"lineNumber":${Number(startLine) - 1},"columnNumber":${Number(startColumn) - 1}`;
  const shown = isAnonymous(name, file, startLine, Number(startColumn)) ? "" : name;
  const all = [...ownByLine.values()];
  const hits = all.reduce((sum, { count }) => sum + Number(count), 0);
  // The format has no line number for samples whose line is not known.
  const lines = all.filter(({ line, count }) => line > 0 && count > 0);
  const ticks = lines.map(({ line, count }) => `{"line":${line},"ticks":${count}}`).join(",");
  return (
    `{"id":${row + 1},"callFrame":{"functionName":${jsonText(shown)},${position}},` +
    `"hitCount":${hits}` +
    (children.length > 0 ? `,"children":[${children.join(",")}]` : "") +
    (ticks === "" ? "}" : `,"positionTicks":[${ticks}]}`)
  );
}

class SampleWriter {
  readonly ids: number[] = [];
  /** The time from the previous sample to each sample: the duration of the previous one. */
  readonly deltas: number[] = [];
  /** The time from which the first sample counts. */
  start = 0;
  /** The end of the last sample. */
  micros = 0;
  hasIdle = false;
  readonly #unit: string;
  readonly #isTime: boolean;
  #exact = 0;
  #last = 0;

  constructor(unit: string) {
    this.#unit = unit;
    this.#isTime = scale(1, unit, "us").unit === "us";
  }

  /** Adds all samples with their times; `idle` is the node for the time between them. */
  addThread({ nodes, times, values }: ConvertedThread, idle: number): void {
    this.start = Math.min(0, Math.round((times[0] ?? 0) / 1000));
    let last = this.start;
    const sampleAt = (id: number, micros: number) => {
      this.ids.push(id);
      this.deltas.push(micros - last);
      last = micros;
    };
    for (let i = 0; i < nodes.length; i++) {
      const start = Math.round(times[i] / 1000);
      if (i === 0) {
        // Time before the first sample does not count.
        this.micros = start;
      } else if (start > this.micros) {
        sampleAt(idle, this.micros);
        this.hasIdle = true;
      }
      sampleAt(nodes[i] + 1, Math.max(start, last));
      const end = times[i] / 1000 + scale(values[i], this.#unit, "us").value;
      this.micros = Math.max(Math.round(end), last);
    }
  }

  add(id: number, { ownByLine }: ConvertedNode): void {
    for (const { value, count } of ownByLine.values()) {
      const start = this.#exact;
      const own = this.#isTime ? scale(value, this.#unit, "us").value : Number(value);
      // A stack with a value but a count of 0 gets one sample.
      const samples = Math.max(1, Number(count));
      for (let i = 1; i <= samples; i++) {
        this.ids.push(id);
        this.deltas.push(this.#last);
        this.#exact = start + (own * i) / samples;
        const now = Math.round(this.#exact);
        this.#last = now - this.micros;
        this.micros = now;
      }
    }
  }
}
