import { callgrind } from "./callgrind.js";
import { chromeTrace } from "./chrome-trace.js";
import { contention } from "./contention.js";
import { count } from "./count.js";
import { cpu } from "./cpu.js";
import { firefox } from "./firefox.js";
import { folded } from "./folded.js";
import type { Format } from "./format.js";
import { gecko } from "./gecko.js";
import { goroutines } from "./goroutines.js";
import { heap } from "./heap.js";
import { heapSnapshot } from "./heap-snapshot/heap-snapshot.js";
import { hermes } from "./hermes.js";
import { javaCpu } from "./java-cpu.js";
import { javaText } from "./java-text.js";
import { jemalloc } from "./jemalloc.js";
import { nodeProf } from "./node-prof.js";
import { perfScript } from "./perf-script.js";
import { speedscope } from "./speedscope.js";
import { stackprof } from "./stackprof.js";
import { threads } from "./threads.js";
import { v8Cpu } from "./v8-cpu.js";
import { v8Heap } from "./v8-heap.js";

/**
 * All formats except profile.proto, which `read.ts` tries first. To add a format, write its file
 * and add it here. The first format that detects an input reads it. Folded stacks come last, since
 * they have no header; no input matches two of the others, so their order affects only speed.
 */
export const FORMATS: readonly Format[] = [
  cpu,
  javaCpu,
  heap,
  jemalloc,
  count,
  threads,
  javaText,
  contention,
  v8Cpu,
  v8Heap,
  heapSnapshot,
  hermes,
  firefox,
  gecko,
  chromeTrace,
  speedscope,
  stackprof,
  nodeProf,
  callgrind,
  goroutines,
  perfScript,
  folded,
];

export function formatOf(bytes: Uint8Array): Format | undefined {
  return FORMATS.find((format) => format.detect(bytes));
}
