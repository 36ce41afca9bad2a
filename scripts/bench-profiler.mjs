// Measures what profiling costs a small HTTP service: the CPU time of each request without
// profiling, with tsprof/profiler (from dist/), and with @datadog/pprof, which is installed into a
// temporary folder. Each profiler runs in a process of its own, and every round runs all of them,
// so that a busy machine affects all equally. Other programs can only add to the time, so the
// minimum of all rounds is compared; the median is printed, too.
//
//   node scripts/bench-profiler.mjs [--rounds 5] [--seconds 3] [--peer FOLDER]
import { execFileSync, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";

const self = fileURLToPath(import.meta.url);
const profiler = path.join(path.dirname(path.dirname(self)), "dist/library/profiler.js");
const MINUTE = 60_000;

/** The profilers to compare. Each function starts one, and may return a wrapper for requests. */
const WAYS = {
  none: () => undefined,
  "tsprof CPU, every 10 ms": ({ ours }) => void ours.startCpuProfile({ intervalMicros: 10_000 }),
  "tsprof CPU, every 1 ms": ({ ours }) => void ours.startCpuProfile(),
  "labels alone, no profile": ({ ours }) => labelled(ours),
  "tsprof CPU, every 1 ms, labels": ({ ours }) => {
    ours.startCpuProfile();
    return labelled(ours);
  },
  "@datadog/pprof wall, every 10 ms": ({ theirs }) => void wall(theirs, 10_000),
  "@datadog/pprof wall, every 1 ms": ({ theirs }) => void wall(theirs, 1000),
  "tsprof heap, every 512 KiB": ({ ours }) => void ours.startHeapSampling(),
  "@datadog/pprof heap, every 512 KiB": ({ theirs }) => void theirs.heap.start(512 * 1024, 64),
};

const labelled = (ours) => (route, fn) => ours.withLabels({ route }, fn);
const wall = (theirs, intervalMicros) =>
  theirs.time.start({ intervalMicros, durationMillis: MINUTE, lineNumbers: true });

if (process.send) await serve(process.argv[2], process.argv[3]);
else await measure();

async function serve(way, peer) {
  const ours = await import(pathToFileURL(profiler).href);
  const theirs = createRequire(path.join(peer, "x.js"))("@datadog/pprof");
  const rows = Array.from({ length: 300 }, (_, i) => ({ id: i, name: `row ${(i * 7919) % 300}` }));
  const around = WAYS[way]({ ours, theirs }) ?? ((_route, fn) => fn());
  const server = http.createServer((request, response) => {
    around(request.url, async () => {
      const copy = JSON.parse(JSON.stringify(rows));
      await setTimeout(1);
      copy.sort((a, b) => (a.name < b.name ? -1 : 1));
      await null;
      response.end(JSON.stringify(copy.slice(0, 20)));
    });
  });
  process.on("message", () => {
    const { user, system } = process.cpuUsage();
    process.send({ cpu: user + system });
  });
  server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
}

async function measure() {
  const option = (name, fallback) => {
    const at = process.argv.indexOf(name);
    return at < 0 ? fallback : process.argv[at + 1];
  };
  const rounds = Number(option("--rounds", "5"));
  const seconds = Number(option("--seconds", "3"));
  const given = option("--peer", "");
  const peer = given || mkdtempSync(path.join(os.tmpdir(), "tsprof-bench-profiler-"));
  const taken = new Map(Object.keys(WAYS).map((way) => [way, []]));
  try {
    if (!given) execFileSync("npm", ["install", "--prefix", peer, "@datadog/pprof"]);
    for (let round = 0; round < rounds; round++) {
      for (const [way, list] of taken) list.push(await timeOf(way, peer, seconds));
    }
  } finally {
    if (!given) rmSync(peer, { recursive: true });
  }
  const least = (way) => Math.min(...taken.get(way));
  console.log(`Node ${process.version}, ${rounds} rounds of ${seconds} s\n`);
  console.log("| profiler | CPU time of a request | more | median |\n| --- | --- | --- | --- |");
  for (const [way, list] of taken) {
    const more = ((least(way) / least("none") - 1) * 100).toFixed(0);
    const cells = [
      way,
      `${least(way).toFixed(0)} µs`,
      `${more} %`,
      `${median(list).toFixed(0)} µs`,
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
}

/** Returns the CPU time of a request in microseconds, over all threads of the service. */
async function timeOf(way, peer, seconds) {
  const child = fork(self, [way, peer]);
  const answer = () => new Promise((resolve) => child.once("message", resolve));
  const cpu = () => {
    child.send("cpu?");
    return answer();
  };
  try {
    const { port } = await answer();
    const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
    await load(agent, port, 1000);
    const before = await cpu();
    const requests = await load(agent, port, seconds * 1000);
    const after = await cpu();
    agent.destroy();
    return (after.cpu - before.cpu) / requests;
  } finally {
    child.kill();
  }
}

async function load(agent, port, millis) {
  const end = performance.now() + millis;
  let requests = 0;
  const client = async (route) => {
    while (performance.now() < end) {
      await get(agent, port, route);
      requests++;
    }
  };
  await Promise.all(["/a", "/b", "/c", "/d", "/a", "/b", "/c", "/d"].map(client));
  return requests;
}

function get(agent, port, route) {
  return new Promise((resolve, reject) => {
    const request = http.get({ agent, port, path: route }, (response) => {
      response.resume().on("end", resolve).on("error", reject);
    });
    request.on("error", reject);
  });
}

function median(list) {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
