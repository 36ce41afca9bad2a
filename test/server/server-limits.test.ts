import { execFile, execFileSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { defaultOptions } from "../../src/options/table.js";
import { ENDPOINTS } from "../../src/page/protocol.js";
import { REPORT_LIMITS, type ReportLimits } from "../../src/server/workers/limits.js";
import type { Task } from "../../src/server/workers/messages.js";
import { ReportPool } from "../../src/server/workers/pool.js";
import { addressProfile } from "../support/binaries.js";
import { cpuOf, isRunning, memoryOf, processTree } from "../support/processes.js";
import { ROOT } from "../support/proto.js";
import { startTsprof, type WebServer } from "../support/web-server.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-web-limits-"));
afterAll(() => rmSync(folder, { recursive: true }));

const PROFILE = path.join(ROOT, "fixtures/go-cpu.pb.gz");
const WORKER = path.join(ROOT, "dist/report-worker.cjs");

/** Makes stacks of two frames, with about `count` calls between 190 functions. */
function denseGraph(name: string, count: number): string {
  let state = 1;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const lines = Array.from(
    { length: count },
    () => `f${random(190)};f${random(190)} ${1 + random(5)}\n`,
  );
  const file = path.join(folder, name);
  writeFileSync(file, lines.join(""));
  return file;
}

/** Graphviz takes more than 20 seconds for this one. */
const HEAVY = denseGraph("heavy.folded", 4500);

/** Returns the URL of a picture that differs for each `i`, so that no reports are shared. */
const heavyReport = (i = 0) => `${ENDPOINTS.text}?report=svg&n=${190 - i}&ef=0&nf=0`;

const serve = (file: string, ...args: string[]) => serveWith({}, file, ...args);

async function serveWith(
  env: Record<string, string>,
  file: string,
  ...args: string[]
): Promise<WebServer> {
  const server = await startTsprof(["serve", "-no_browser", ...args, file], {
    env: { XDG_CONFIG_HOME: path.join(folder, "config"), ...env },
  });
  onTestFinished(async () => {
    await server.stop("SIGKILL");
  });
  return server;
}

/** The time in which Node starts and ends on an idle machine. */
const NODE_START_MS = 100;

/** Returns how much slower than an idle machine this one is now; at least 1. */
async function slowdown(): Promise<number> {
  const start = performance.now();
  await promisify(execFile)(process.execPath, ["-e", ""]);
  return Math.max(1, (performance.now() - start) / NODE_START_MS);
}

/** Waits until a report has run for a while. */
async function untilBusy(server: WebServer): Promise<void> {
  const before = cpuOf(server.pid);
  await expect.poll(() => cpuOf(server.pid) - before).toBeGreaterThan(150);
}

/** Waits until all reports have ended. */
async function untilIdle(server: WebServer): Promise<void> {
  await expect.poll(() => cpuDuring(server, 300)).toBeLessThan(50);
}

/** Measures the CPU time of the server and its workers for `ms` milliseconds; 0 if one ended. */
async function cpuDuring({ pid }: WebServer, ms: number): Promise<number> {
  const before = cpuOf(pid);
  await setTimeout(ms);
  return Math.max(0, cpuOf(pid) - before);
}

const LIGHT = [
  "/ui/flamegraph",
  "/ui/assets/app.js",
  "/ui/assets/engine.js",
  ENDPOINTS.session,
  ENDPOINTS.download,
  ENDPOINTS.flame,
  `${ENDPOINTS.text}?report=top&n=10`,
  `${ENDPOINTS.text}?report=tags`,
  `${ENDPOINTS.text}?report=peek&q=f1$`,
  `${ENDPOINTS.text}?report=top&f=f2`,
];

/** Makes an endless program, the only one in PATH; `started` is its process. */
function slowProgram(name: string): { PATH: string; started: () => Promise<number> } {
  const PATH = path.join(folder, `with-${name}`);
  const record = path.join(PATH, "pid");
  mkdirSync(PATH);
  const script = `#!/bin/sh\necho $$ > ${record}.new\n/bin/mv ${record}.new ${record}\nexec /bin/sleep 1000\n`;
  writeFileSync(path.join(PATH, name), script, { mode: 0o755 });
  const started = async () => {
    await expect.poll(() => existsSync(record)).toBe(true);
    return Number(readFileSync(record, "utf8"));
  };
  return { PATH, started };
}

describe("a server with heavy requests", () => {
  it("answers light requests within a second, and frees memory afterwards", async () => {
    const server = await serve(HEAVY);
    for (const path of LIGHT) expect((await server.ask(path)).status).toBe(200);
    // The memory of the last report is freed a moment later.
    await setTimeout(1000);
    const before = memoryOf(server.pid);
    const slowest: number[] = [];
    for (let attempt = 1; attempt <= 3; attempt++) {
      const slow = await slowdown();
      const heavy = Array.from({ length: 30 }, (_, i) => server.begin(heavyReport(i)));
      const light = Array.from({ length: 100 }, async (_, i) => {
        const start = performance.now();
        const reply = await server.ask(LIGHT[i % LIGHT.length]);
        return { status: reply.status, took: performance.now() - start };
      });
      const replies = await Promise.all(light);
      expect(replies.filter(({ status }) => status !== 200)).toEqual([]);
      slowest.push(Math.max(...replies.map(({ took }) => took)) / slow);
      // Some heavy reports were refused, and nobody waits for the others now.
      for (const { leave } of heavy) leave();
      await untilIdle(server);
      if (Math.min(...slowest) < 1000) break;
    }
    expect(Math.min(...slowest)).toBeLessThan(1000);
    const MB = 2 ** 20;
    await expect
      .poll(() => Math.round((memoryOf(server.pid) - before) / MB), { timeout: 20_000 })
      .toBeLessThan(40);
    expect(server.stderr).toBe(`Serving web UI on ${server.url}\n`);
  });

  it("refuses requests beyond its limit, and says when to retry", async () => {
    const server = await serve(HEAVY);
    const waiting = REPORT_LIMITS.waitingSlow + REPORT_LIMITS.slowWorkers;
    const heavy = Array.from({ length: waiting }, (_, i) => server.begin(heavyReport(i)));
    await untilBusy(server);
    const { status, headers, text } = await server.ask(heavyReport(waiting));
    expect([status, headers["retry-after"]]).toEqual([503, "10"]);
    expect(text).toBe(
      `the server is busy with ${waiting} other reports; try again in 10 seconds\n`,
    );
    for (const { leave } of heavy) leave();
    await untilIdle(server);
  });

  it("stops reports that nobody waits for", async () => {
    const server = await serve(HEAVY);
    const [one, other] = [server.begin(heavyReport()), server.begin(heavyReport())];
    await untilBusy(server);
    one.leave();
    // A wrongly stopped computation would have ended by then; the other client still waits for it.
    await setTimeout(200);
    await untilBusy(server);
    other.leave();
    await untilIdle(server);
    expect((await server.ask(`${ENDPOINTS.text}?report=top`)).status).toBe(200);
  });

  it("ends the programs that a report started, too", async () => {
    const { PATH, started } = slowProgram("dot");
    const server = await serveWith({ PATH }, PROFILE);
    const { leave } = server.begin(`${ENDPOINTS.text}?report=gif`);
    const program = await started();
    leave();
    await expect.poll(() => isRunning(program)).toBe(false);
  });

  it("explains that a picture has too many calls", async () => {
    const server = await serve(denseGraph("too-many.folded", 9000));
    const { status, text } = await server.ask(heavyReport());
    expect([status, text]).toEqual([422, expect.stringMatching(/^\d+ calls are too many to draw/)]);
    expect(server.stderr).toBe(`Serving web UI on ${server.url}\n`);
  });

  it("survives a worker that runs out of memory", async () => {
    const server = await serve(HEAVY);
    await server.ask(ENDPOINTS.session);
    const [, reader] = processTree(server.pid).map(({ pid }) => pid);
    const refused = server.ask(heavyReport());
    await expect.poll(() => processTree(server.pid).length).toBe(3);
    await untilBusy(server);
    const worker = processTree(server.pid).find(({ pid }) => pid !== server.pid && pid !== reader);
    // V8 ends a process in this way when memory runs out.
    process.kill(worker?.pid ?? 0, "SIGABRT");
    const { status, text } = await refused;
    expect([status, text]).toEqual([422, expect.stringMatching(/memory ran out\. Ask for less: /)]);
    expect((await server.ask(`${ENDPOINTS.text}?report=top`)).status).toBe(200);
    expect(server.stderr.split("\n")).toEqual([
      `Serving web UI on ${server.url}`,
      expect.stringMatching(/^tsprof: the process that made this report ended, .*memory/),
      "",
    ]);
  });

  it("makes the same reports from a copy of the profile", async () => {
    for (const args of [
      [HEAVY],
      [PROFILE],
      ["fixtures/cpp-cpu.pb.gz"],
      ["fixtures/go-cpu-slow.pb.gz", `-diff_base=${PROFILE}`],
    ]) {
      const [file, ...options] = args;
      const server = await serve(file, ...options);
      const ask = async () => {
        const texts: string[] = [];
        for (const name of ["raw", "traces", "tree", "tags", "dot", "comments"]) {
          texts.push((await server.ask(`${ENDPOINTS.text}?report=${name}`)).text);
        }
        return texts;
      };
      const original = await ask();
      const [, reader] = processTree(server.pid);
      process.kill(reader.pid, "SIGKILL");
      // The server starts another worker when it notices.
      await expect
        .poll(() =>
          processTree(server.pid).some(({ pid }) => pid !== server.pid && pid !== reader.pid),
        )
        .toBe(true);
      expect((await ask()).every((text, i) => text === original[i])).toBe(true);
      await server.stop();
    }
  });
});

describe("Ctrl-C", () => {
  /**
   * The shortest of three times between the signal and the end, in milliseconds of a machine with
   * nothing else to do.
   */
  async function bestOfThree(start: () => Promise<Pick<WebServer, "pid" | "stop">>, code = 0) {
    const times: number[] = [];
    for (let attempt = 1; attempt <= 3; attempt++) {
      const server = await start();
      await expect.poll(() => processTree(server.pid).length).toBeGreaterThan(1);
      const workers = processTree(server.pid).map(({ pid }) => pid);
      const slow = await slowdown();
      const signalled = performance.now();
      expect(await server.stop(attempt === 2 ? "SIGTERM" : "SIGINT")).toBe(code);
      times.push((performance.now() - signalled) / slow);
      await expect.poll(() => workers.filter(isRunning)).toEqual([]);
      if (Math.min(...times) < 200 && attempt > 1) break;
    }
    return Math.min(...times);
  }

  it("ends the server immediately while it makes a report", async () => {
    const busy = async () => {
      const server = await serve(HEAVY);
      server.begin(heavyReport());
      await untilBusy(server);
      return server;
    };
    expect(await bestOfThree(busy)).toBeLessThan(200);
  });

  it("ends the server immediately while it reads an idle pipe", async () => {
    const fifo = path.join(folder, "fifo");
    execFileSync("mkfifo", [fifo]);
    const waiting = async () => {
      const server = await serve(fifo);
      expect((await server.ask("/ui/flamegraph")).status).toBe(200);
      return server;
    };
    expect(await bestOfThree(waiting)).toBeLessThan(200);

    // The source is an ordinary one.
    const server = await waiting();
    const answer = server.ask(ENDPOINTS.download);
    const writer = openSync(fifo, "w");
    writeFileSync(writer, readFileSync(PROFILE));
    closeSync(writer);
    expect((await answer).bytes.equals(readFileSync(PROFILE))).toBe(true);
  });

  it("ends the programs that look into binaries, too", async () => {
    const { PATH, started } = slowProgram("addr2line");
    const file = path.join(folder, "addresses.pb");
    writeFileSync(file, addressProfile([{ file: process.execPath }]));
    const server = await serveWith({ PATH, PPROF_TOOLS: "" }, file);
    const program = await started();
    expect(await server.stop()).toBe(0);
    await expect.poll(() => isRunning(program)).toBe(false);
  });

  it("ends the server immediately while it reads a large file", async () => {
    const large = path.join(folder, "large.folded.gz");
    const lines = Array.from(
      { length: 30_000 },
      (_, i) => `main;a${i % 500};b${i};c${i * 7} ${i}\n`,
    );
    const text = lines.join("");
    const member = gzipSync(text, { level: 1 });
    writeFileSync(large, Buffer.concat(Array.from({ length: 60 }, () => member)));
    const reading = async () => {
      const server = await serve(large);
      await untilBusy(server);
      const slow = await slowdown();
      const start = performance.now();
      expect((await server.ask("/ui/flamegraph")).status).toBe(200);
      expect((performance.now() - start) / slow).toBeLessThan(1000);
      return server;
    };
    expect(await bestOfThree(reading)).toBeLessThan(200);
  });

  it("is not needed to end the workers of a killed server", async () => {
    const server = await serve(HEAVY);
    server.begin(heavyReport());
    await expect.poll(() => processTree(server.pid).length).toBe(3);
    await untilBusy(server);
    const workers = processTree(server.pid).map(({ pid }) => pid);
    await server.stop("SIGKILL");
    await expect.poll(() => workers.filter(isRunning)).toEqual([]);
  });
});

describe("a server that others can reach", () => {
  it("warns about that in one line", async () => {
    const warning =
      /^tsprof: anyone who can reach this address on the network can read the profile and the source files that it names; .*$/gm;
    for (const [address, count] of [
      ["0.0.0.0:", 1],
      ["[::]:", 1],
      ["127.0.0.2:", 0],
    ] as const) {
      const server = await serve(PROFILE, `-http=${address}`);
      await server.stop();
      expect([address, server.stderr.match(warning)?.length ?? 0]).toEqual([address, count]);
      expect(server.stderr.split("\n").length).toBe(2 + count);
    }
  });
});

describe("a pool of workers", () => {
  const options = { ...defaultOptions(), nodecount: 190, edgefraction: 0, nodefraction: 0 };
  const task = (name: "svg" | "tree" | "top", focus = ""): Task => ({
    ...{ kind: "report", name, parameter: "", form: "text" },
    options: { ...options, focus },
  });
  let pool: ReportPool;
  const warnings: string[] = [];
  const warn = (line: string) => void warnings.push(line);
  const settings = { script: WORKER, usesStdin: false, warn };
  const open = async (limits: Partial<ReportLimits>) => {
    pool = new ReportPool({ ...settings, limits: { ...REPORT_LIMITS, ...limits } });
    onTestFinished(() => pool.end());
    return pool.open({ sources: [HEAVY], options: defaultOptions() }, "heavy");
  };
  const textOf = async (wanted: Task) => {
    let text = "";
    for await (const piece of pool.run(wanted)) text += Buffer.from(piece).toString();
    return text;
  };

  it("ends a report at the limit of time, and says how to ask for less", async () => {
    await open({ reportMs: 700 });
    const start = performance.now();
    await expect(textOf(task("svg"))).rejects.toMatchObject({
      status: 422,
      message: expect.stringMatching(
        /^this report takes more than 0\.7 s, the limit of the server\. Ask for less: .*n=50.*f=REGEX/,
      ),
    });
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(await textOf(task("top"))).toContain("Showing nodes");
  });

  it("continues slow reports while it makes others", async () => {
    // With this limit, every report is slow.
    await open({ quickMs: 1, mostQuickMs: 1 });
    const reports = ["f1", "f2", "f3", "f4", "f5", "f6"].map((focus) =>
      textOf(task("tree", focus)),
    );
    const texts = await Promise.all(reports);
    expect(new Set(texts).size).toBe(6);
    for (const text of texts) expect(text).toContain("Showing nodes");
    expect(warnings).toEqual([]);
  });

  it("reports unreadable sources in one line", async () => {
    pool = new ReportPool(settings);
    onTestFinished(() => pool.end());
    const request = { sources: ["nosuch.pb.gz"], options: defaultOptions() };
    await expect(pool.open(request, "x")).rejects.toThrow(
      "nosuch.pb.gz: no such file or directory",
    );
  });
});
