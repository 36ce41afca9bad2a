// Compares heap profiles of tsprof/profiler (from dist/) and @datadog/pprof with the truth: the
// numbers of objects that functions allocate and keep, and by how much V8's heap grows. Each profiler
// runs in a process of its own, with the same interval, and every run is another random sample.
// @datadog/pprof is installed into a temporary folder.
//
//   node scripts/compare-heaps.mjs [--runs 5] [--peers FOLDER]
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { getHeapStatistics } from "node:v8";

const self = fileURLToPath(import.meta.url);
const library = (name) =>
  pathToFileURL(path.join(path.dirname(path.dirname(self)), "dist/library", name)).href;
const PEER = "@datadog/pprof";
/** The default of tsprof, which differs from 512 KiB for exact numbers of objects. */
const INTERVAL_BYTES = 524_160;

const kept = [];

/** Functions that keep objects: each returns their number. */
const ALLOCATORS = {
  smallObjects(list = []) {
    for (let i = 0; i < 400_000; i++) list.push({ a: i, b: i + 1, c: null });
    kept.push(list);
    return 400_000;
  },
  largeObjects() {
    for (let i = 0; i < 150_000; i++) kept.push({ a: i, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7 });
    return 150_000;
  },
  dates(list = []) {
    for (let i = 0; i < 150_000; i++) list.push(new Date(i));
    kept.push(list);
    return 150_000;
  },
  closures(list = []) {
    for (let i = 0; i < 200_000; i++) list.push(() => i);
    kept.push(list);
    return 200_000;
  },
  arrays() {
    for (let i = 0; i < 200; i++) kept.push(new Array(25_000).fill(i));
    return 200;
  },
};

if (process.argv[2] === "profile") await profile(process.argv[3], process.argv[4]);
else compare();

async function profile(profiler, peers) {
  const isOurs = profiler === "tsprof";
  const ours = await import(library("profiler.js"));
  const { readProfile, top } = await import(library("node.js"));
  const theirs = createRequire(path.join(peers, "x.js"))(PEER);
  if (isOurs) await ours.startHeapSampling({ intervalBytes: INTERVAL_BYTES });
  else theirs.heap.start(INTERVAL_BYTES, 64);
  const truth = {};
  for (const [name, allocate] of Object.entries(ALLOCATORS)) {
    globalThis.gc();
    const before = getHeapStatistics().used_heap_size;
    const objects = allocate();
    globalThis.gc();
    truth[name] = { objects, bytes: getHeapStatistics().used_heap_size - before };
  }
  const file = isOurs
    ? await ours.writeProfile(await ours.heapProfile({ collectsGarbage: true }))
    : await theirs.encode(theirs.heap.profile());
  const read = await readProfile(file);
  const flatOf = (index) => {
    const { rows } = top(read, { sample_index: String(index), trim: false });
    return Object.fromEntries(
      rows.map(({ function: fn, name, flat }) => [fn ?? name, Number(flat)]),
    );
  };
  const [objects, bytes] = [flatOf(0), flatOf(1)];
  const found = Object.keys(ALLOCATORS).map((name) => [
    name,
    { objects: objects[name] ?? 0, bytes: bytes[name] ?? 0 },
  ]);
  console.log(JSON.stringify({ truth, found: Object.fromEntries(found) }));
}

function compare() {
  const option = (name, fallback) => {
    const at = process.argv.indexOf(name);
    return at < 0 ? fallback : process.argv[at + 1];
  };
  const runs = Number(option("--runs", "5"));
  const given = option("--peers", "");
  const peers = given || mkdtempSync(path.join(os.tmpdir(), "tsprof-compare-heaps-"));
  try {
    if (!given) execFileSync("npm", ["install", "--prefix", peers, PEER]);
    console.log(`Node ${process.version}, mean of ${runs} runs, found / true\n`);
    console.log("| Function | objects: tsprof | Datadog | bytes: tsprof | Datadog |");
    console.log("| --- | ---: | ---: | ---: | ---: |");
    const [ours, theirs] = ["tsprof", "datadog"].map((profiler) =>
      Array.from({ length: runs }, () =>
        JSON.parse(
          execFileSync(process.execPath, ["--expose-gc", self, "profile", profiler, peers], {
            encoding: "utf8",
          }),
        ),
      ),
    );
    for (const name of Object.keys(ALLOCATORS)) {
      const ratio = (list, unit) => {
        const ratios = list.map(({ truth, found }) => found[name][unit] / truth[name][unit]);
        return (ratios.reduce((a, b) => a + b, 0) / runs).toFixed(2);
      };
      const cells = ["objects", "bytes"].flatMap((unit) => [
        ratio(ours, unit),
        ratio(theirs, unit),
      ]);
      console.log(`| ${[name, ...cells].join(" | ")} |`);
    }
  } finally {
    if (!given) rmSync(peers, { recursive: true });
  }
}
