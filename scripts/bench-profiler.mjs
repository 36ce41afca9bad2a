// Measures what profiling costs a small HTTP service: the CPU time of each request without
// profiling, with tsprof/profiler (from dist/), and with @datadog/pprof and @pyroscope/nodejs, which
// are installed into a temporary folder. Each profiler runs in a process of its own, and every round
// runs all of them, so that a busy machine affects all equally. Other programs can only add to the
// time, so the minimum of all rounds is compared; the median is printed, too.
//
//   node scripts/bench-profiler.mjs [--rounds 5] [--seconds 3] [--peers FOLDER] [--only TEXT]
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
const PEERS = ["@datadog/pprof", "@pyroscope/nodejs"];
const MINUTE = 60_000;

/** How often profilers that run continuously send a profile. */
const FLUSH_MILLIS = 2000;

/** The profilers to compare. Each function starts one, and may return a wrapper for requests. */
const WAYS = {
  none: () => undefined,
  "tsprof CPU, every 10 ms": ({ ours }) => void ours.startCpuProfile({ intervalMicros: 10_000 }),
  "tsprof CPU, every 10 ms, labels": ({ ours }) => {
    ours.startCpuProfile({ intervalMicros: 10_000 });
    return labelled(ours);
  },
  "tsprof CPU, every 1 ms": ({ ours }) => void ours.startCpuProfile(),
  "tsprof CPU, every 1 ms, labels": ({ ours }) => {
    ours.startCpuProfile();
    return labelled(ours);
  },
  "tsprof continuous, every 10 ms, sent": (own) => void continuous(own),
  "tsprof continuous, the same and heap, sent": (own) => void continuous(own, { heap: true }),
  "tsprof watchEventLoop": ({ ours }) => void ours.watchEventLoop({ target() {} }),
  "tsprof block": ({ ours }) => void ours.startBlockProfile(),
  "labels alone, no profile": ({ ours }) => labelled(ours),
  "`@datadog/pprof` wall, every 10 ms": (peers) => void datadogWall(peers, 10_000),
  "`@datadog/pprof` wall, every 1 ms": (peers) => void datadogWall(peers, 1000),
  "`@pyroscope/nodejs` wall, every 10 ms, sent": (peers) => void pyroscope(peers, "Wall"),
  "tsprof heap, every 512 KiB": ({ ours }) => void ours.startHeapSampling(),
  "`@datadog/pprof` heap, same": ({ load }) => void load(PEERS[0]).heap.start(512 * 1024, 64),
  "`@pyroscope/nodejs` heap, same, sent": (peers) => void pyroscope(peers, "Heap"),
};

const labelled = (ours) => (route, fn) => ours.withLabels({ route }, fn);

function continuous({ ours, sink }, options = {}) {
  const target = ours.pyroscopeTarget({ url: sink, application: "bench" });
  ours.startContinuous({ every: FLUSH_MILLIS, target, ...options });
}

function datadogWall({ load }, intervalMicros) {
  load(PEERS[0]).time.start({ intervalMicros, durationMillis: MINUTE, lineNumbers: true });
}

/** Starts Pyroscope's wall or heap profiler, at its default intervals. */
function pyroscope({ load, sink }, kind) {
  const { default: api } = load(PEERS[1]);
  api.init({ appName: "bench", serverAddress: sink, flushIntervalMs: FLUSH_MILLIS });
  api[`start${kind}Profiling`]();
}

if (process.send) await serve(process.argv[2], process.argv[3], process.argv[4]);
else await measure();

async function serve(way, peers, sink) {
  const ours = await import(pathToFileURL(profiler).href);
  const load = createRequire(path.join(peers, "x.js"));
  const rows = Array.from({ length: 300 }, (_, i) => ({ id: i, name: `row ${(i * 7919) % 300}` }));
  const around = WAYS[way]({ ours, load, sink }) ?? ((_route, fn) => fn());
  // Each layer of a service, such as a repository, is an async function with an `await`.
  const layers = async (depth) => {
    if (depth > 0) return await layers(depth - 1);
    await setTimeout(1);
    return JSON.parse(JSON.stringify(rows));
  };
  const server = http.createServer((request, response) => {
    around(request.url, async () => {
      const copy = await layers(10);
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
  const only = option("--only", "");
  const given = option("--peers", "");
  const peers = given || mkdtempSync(path.join(os.tmpdir(), "tsprof-bench-profiler-"));
  const ways = Object.keys(WAYS).filter((way) => way === "none" || way.includes(only));
  const taken = new Map(ways.map((way) => [way, []]));
  const sink = http.createServer((request, response) => {
    request.resume().on("end", () => response.end());
  });
  try {
    if (!given) execFileSync("npm", ["install", "--prefix", peers, ...PEERS]);
    await new Promise((resolve) => sink.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${sink.address().port}`;
    for (let round = 0; round < rounds; round++) {
      for (const [way, list] of taken) list.push(await timeOf(way, peers, url, seconds));
    }
  } finally {
    sink.close();
    if (!given) rmSync(peers, { recursive: true });
  }
  const least = (way) => Math.min(...taken.get(way));
  console.log(`Node ${process.version}, ${rounds} rounds of ${seconds} s\n`);
  console.log("| Profiler | CPU time per request | Overhead | Median |\n| --- | --- | --- | --- |");
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
async function timeOf(way, peers, sink, seconds) {
  const child = fork(self, [way, peers, sink]);
  const ended = new Promise((_, reject) => {
    child.once("exit", () => reject(new Error(`the service with ${way} ended early`)));
  });
  const answer = () =>
    Promise.race([ended, new Promise((resolve) => child.once("message", resolve))]);
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
    ended.catch(() => {});
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
