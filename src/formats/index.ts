import { callgrind } from "./callgrind/callgrind.js";
import { firefox } from "./firefox/firefox.js";
import { gecko } from "./firefox/gecko.js";
import { folded } from "./folded/folded.js";
import type { Format } from "./format.js";
import { goroutines } from "./goroutines.js";
import { heapSnapshot } from "./heap-snapshot/heap-snapshot.js";
import { jemalloc } from "./jemalloc.js";
import { perfScript } from "./perf/perf-script.js";
import { contention } from "./pprof-legacy/contention.js";
import { count } from "./pprof-legacy/count.js";
import { cpu } from "./pprof-legacy/cpu.js";
import { heap } from "./pprof-legacy/heap.js";
import { javaCpu } from "./pprof-legacy/java-cpu.js";
import { javaText } from "./pprof-legacy/java-text.js";
import { threads } from "./pprof-legacy/threads.js";
import { speedscope } from "./speedscope.js";
import { stackprof } from "./stackprof/stackprof.js";
import { chromeTrace } from "./trace/chrome-trace.js";
import { hermes } from "./trace/hermes.js";
import { v8Cpu } from "./v8/cpu.js";
import { v8Heap } from "./v8/heap.js";
import { nodeProf } from "./v8/node-prof.js";

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
