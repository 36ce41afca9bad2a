// Measures whether memory stays flat while a program starts and stops the profilers of
// tsprof/profiler (from dist/) many times: prints the memory in use after garbage collections.
//
//   node --expose-gc scripts/profiler-memory.mjs [CYCLES]
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const profiler = await import(pathToFileURL(path.join(root, "dist/library/profiler.js")).href);
const cycles = Number(process.argv[2] ?? 500);
const WARM_UP_CYCLES = 50;
const ROWS = 5;

function work() {
  let x = 0;
  for (let i = 0; i < 200_000; i++) x += Math.sqrt(i);
  return x;
}

async function cycle() {
  const profiling = await profiler.startCpuProfile();
  profiler.withLabels({ route: "/orders" }, work);
  await profiling.stop();
  await profiler.startHeapSampling();
  work();
  await profiler.heapProfile();
  await profiler.stopHeapSampling();
}

function report(count) {
  globalThis.gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  const cells = [heapUsed, external, rss].map((bytes) => (bytes / 2 ** 20).toFixed(2));
  console.log(`| ${[count, ...cells].join(" | ")} |`);
}

console.log(`Node ${process.version}\n`);
console.log("| Cycles | V8's heap, MB | External, MB | RSS, MB |\n| ---: | ---: | ---: | ---: |");
for (let i = 0; i < WARM_UP_CYCLES; i++) await cycle();
report(0);
for (let i = 1; i <= cycles; i++) {
  await cycle();
  if (i % Math.ceil(cycles / ROWS) === 0) report(i);
}
