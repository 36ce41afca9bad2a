import { mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readProfile } from "../../src/library/node.js";
import { int64At } from "../../src/profile/columns.js";
import type { Profile } from "../../src/profile/profile.js";
import { ask } from "../support/ask.js";
import { usePriority } from "../support/priority.js";
import { ProgramFolder, SLOW } from "../support/program-folder.js";
import { ROOT } from "../support/proto.js";

usePriority();
const folder = new ProgramFolder();

/**
 * A program with workers. It prints the ports of its servers for profiles, executes the lines of its
 * standard input, and prints a line after each.
 */
const PROGRAM = `
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { open } from "node:fs/promises";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { startCpuProfile, withLabels, writeProfile } from "tsprof/profiler";
import { startPprofServer } from "tsprof/http";

function spin() {
  let x = 0;
  for (const end = performance.now() + 10; performance.now() < end; ) x = Math.sqrt(x + 1);
}
function mainWork() { spin(); }
function longWork() { spin(); }
function briefWork() { spin(); }
function isSampled() {
  return process.listeners("exit").some((listener) => String(listener).includes("Profiler.stop"));
}
const plain = isSampled + \`
  function plainWork() { for (const end = performance.now() + 5; performance.now() < end; ); }
  const timer = setInterval(() => { plainWork(); if (isSampled()) parentPort.postMessage("sampled"); }, 20);
  const { parentPort } = require("node:worker_threads");
\`;

const roles = {
  async main() {
    const start = (name) => new Worker(new URL(import.meta.url), { name, workerData: name });
    const workers = { long: start("long"), server: start("server"), helper: start("tsprof helper") };
    const working = setInterval(() => withLabels({ route: "/main" }, mainWork), 50);
    const { port } = await startPprofServer({ port: 0 });
    // Only threads that have loaded tsprof have labels.
    const [[ofWorker]] = await Promise.all([
      once(workers.server, "message"),
      once(workers.long, "message"),
    ]);
    console.log(JSON.stringify([port, ofWorker]));
    for await (const line of createInterface({ input: process.stdin })) {
      if (line === "profile") await profile(start);
      if (line === "is sampled") {
        workers.long.postMessage(line);
        console.log((await once(workers.long, "message"))[0]);
      }
      if (line === "finish") {
        clearInterval(working);
        for (const worker of Object.values(workers)) worker.unref();
        break;
      }
    }
    process.stdin.destroy();
  },
  async long() {
    setInterval(() => withLabels({ route: "/long", shard: 3 }, longWork), 50);
    parentPort.on("message", () => parentPort.postMessage(isSampled()));
    parentPort.postMessage("ready");
  },
  async server() {
    parentPort.postMessage((await startPprofServer({ port: 0 })).port);
    setInterval(() => {}, 1000);
  },
  async "tsprof helper"() {
    setInterval(spin, 50);
  },
  async brief() {
    while (!isSampled()) await sleep(5);
    for (let i = 0; i < 20; i++) briefWork();
  },
  async blocked() {
    while (!isSampled()) await sleep(5);
    parentPort.postMessage("sampled");
    openSync("fifo");
  },
};

/** Writes a profile of all threads, of which some start, end or block meanwhile. */
async function profile(start) {
  const profiling = await startCpuProfile({ threads: "all" });
  const again = await startCpuProfile({ threads: "all" }).catch((error) => error.name);
  const brief = once(start("brief"), "exit");
  execFileSync("mkfifo", ["fifo"]);
  const blocked = start("blocked");
  await once(blocked, "message");
  const terminated = new Worker(plain, { eval: true, name: "terminated" });
  const plainWorker = new Worker(plain, { eval: true, name: "plain" });
  await once(terminated, "message");
  await terminated.terminate();
  await once(plainWorker, "message");
  await brief;
  await sleep(1000);
  const bytes = await writeProfile(await profiling.stop());
  await plainWorker.terminate();
  await (await open("fifo", "w")).close();
  console.log(JSON.stringify([again, Buffer.from(bytes).toString("base64")]));
}

await roles[isMainThread ? "main" : workerData]();
`;

/** Sums the second value of samples by the label \`thread\`, and by another label. */
function sums(profile: Profile, other: string) {
  const { samples, labels, strings } = profile;
  const found: Record<string, number> = {};
  for (let sample = 0; sample < samples.length; sample++) {
    const texts: Record<string, string> = {};
    for (let row = samples.labelOffsets[sample]; row < samples.labelOffsets[sample + 1]; row++) {
      texts[strings.get(labels.key[row])] = strings.get(labels.text[row]);
    }
    const key = texts[other] === undefined ? texts.thread : `${texts.thread} ${texts[other]}`;
    found[key] = (found[key] ?? 0) + Number(int64At(samples.values[1], sample));
  }
  return found;
}

const comments = ({ comments, strings }: Profile) => comments.map((at) => strings.get(at));

async function started() {
  mkdirSync(path.join(folder.path, "node_modules"), { recursive: true });
  symlinkSync(ROOT, path.join(folder.path, "node_modules/tsprof"), "dir");
  const program = folder.program("threads.mjs", PROGRAM);
  const running = await folder.startUntil("\n", process.execPath, [program]);
  const lines = () => running.stdout().split("\n");
  /** Executes a command, and returns the line that it prints. */
  const execute = async (command: string) => {
    const count = lines().length;
    running.child.stdin?.write(`${command}\n`);
    await expect.poll(() => lines().length, { timeout: SLOW, interval: 20 }).toBe(count + 1);
    return lines()[count - 1];
  };
  return { ...running, ports: JSON.parse(lines()[0]) as [number, number], execute };
}

describe("a CPU profile of all threads", () => {
  it(
    "has the samples and labels of each, through the main thread or a worker",
    async () => {
      const { ports, execute, ended, stderr, child } = await started();
      const [again, base64] = JSON.parse(await execute("profile"));
      expect(again).toBe("BusyError");
      const profile = await readProfile(Buffer.from(base64, "base64"));
      const routes = sums(profile, "route");
      const names = ["brief", "long", "long /long", "main", "main /main", "plain", "server"];
      expect(Object.keys(routes).sort()).toEqual(names);
      for (const name of names) expect(routes[name], name).toBeGreaterThan(0);
      expect(comments(profile)).toEqual([
        expect.stringMatching(
          /missing, as they (are blocked: blocked|were terminated.*: terminated)$/,
        ),
        expect.stringMatching(
          /missing, as they (are blocked: blocked|were terminated.*: terminated)$/,
        ),
      ]);
      const sum = Object.values(routes).reduce((a, b) => a + b);
      expect(profile.durationNanos).toBeLessThan(sum);
      const main = routes.main + routes["main /main"];
      expect(profile.durationNanos).toBeGreaterThanOrEqual(main * 0.99);

      const [ofMain] = ports;
      for (const port of ports) {
        const other = port === ofMain ? "long" : "main";
        const at = (query: string) => ask(port, `/debug/pprof/profile?seconds=1${query}`);
        // On a busy machine, a thread may get no time for a second.
        const found = async (query: string) => {
          const profile = await readProfile((await at(query)).body);
          return [...Object.keys(sums(profile, "route")).sort(), ...comments(profile)];
        };
        const all = ["long", "long /long", "main", "main /main", "server"];
        await expect.poll(() => found(""), { timeout: SLOW }).toEqual(all);
        const one = [other, `${other} /${other}`];
        await expect.poll(() => found(`&thread=${other}`), { timeout: SLOW }).toEqual(one);
        expect(await at("&thread=nobody")).toMatchObject({
          status: 404,
          text: "no such thread; this process has main, long, server\n",
        });
        // A client that leaves ends the profile in all threads.
        const controller = new AbortController();
        const left = ask(port, "/debug/pprof/profile?seconds=60", { signal: controller.signal });
        await expect.poll(() => execute("is sampled"), { timeout: SLOW }).toBe("true");
        controller.abort();
        await expect(left).rejects.toThrow();
        await expect.poll(() => execute("is sampled"), { timeout: SLOW }).toBe("false");
      }
      // A profile does not keep the process alive.
      const cut = ask(ofMain, "/debug/pprof/profile?seconds=60").catch(() => "cut");
      await expect.poll(() => execute("is sampled"), { timeout: SLOW }).toBe("true");
      child.stdin?.write("finish\n");
      expect(await ended).toBe(0);
      expect(await cut).toBe("cut");
      expect(stderr()).toBe("");
    },
    2 * SLOW,
  );
});
