import { callgrind } from "./callgrind.js";
import { chromeTrace } from "./chrome-trace.js";
import { contention } from "./contention.js";
import { count } from "./count.js";
import { cpu } from "./cpu.js";
import { folded } from "./folded.js";
import type { Format } from "./format.js";
import { heap } from "./heap.js";
import { javaCpu } from "./java-cpu.js";
import { javaText } from "./java-text.js";
import { perfScript } from "./perf-script.js";
import { speedscope } from "./speedscope.js";
import { threads } from "./threads.js";
import { v8Cpu } from "./v8-cpu.js";
import { v8Heap } from "./v8-heap.js";

/**
 * All formats beside profile.proto. The first that detects its own reads it. Folded stacks
 * come last, as they have no header; of the others no input is of two, so that their order
 * matters to speed only.
 */
export const FORMATS: readonly Format[] = [
  cpu,
  javaCpu,
  heap,
  count,
  threads,
  javaText,
  contention,
  v8Cpu,
  v8Heap,
  chromeTrace,
  speedscope,
  callgrind,
  perfScript,
  folded,
];

/** The format that an input other than profile.proto is of; undefined where none knows it. */
export function formatOf(bytes: Uint8Array): Format | undefined {
  return FORMATS.find((format) => format.detect(bytes));
}
