import { spawn } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { isAlive } from "../../src/record/process-tree.js";
import { ProgramFolder, SLOW, SPIN } from "../support/program-folder.js";
import { TSPROF, testEnv, tsprof } from "../support/run.js";
import { RUNNER_PACKAGES } from "../support/runners.js";

const folder = new ProgramFolder();
const program = folder.program.bind(folder);
const report = folder.report.bind(folder);
const node = process.execPath;

/** A recorder that has started. */
interface Recorder {
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<number | null>;
  stdout(): string;
  stderr(): string;
}

/** The process groups of recorders, to kill what failed tests leave behind. */
const groups: number[] = [];
afterAll(() => {
  for (const group of groups) {
    try {
      process.kill(-group, "SIGKILL");
    } catch {
      // All of its processes have ended.
    }
  }
});

/** Starts to record, without the terminal of the tests. Resolves after `count` lines of output. */
async function start(count: number, ...args: string[]): Promise<Recorder> {
  const [bin, script] = [path.dirname(node), TSPROF];
  const child = spawn(node, [script, "record", ...args], {
    cwd: folder.path,
    detached: true,
    env: testEnv({ PATH: `${bin}${path.delimiter}${process.env.PATH}` }),
  });
  let stdout = "";
  let stderr = "";
  child.stderr.on("data", (piece) => {
    stderr += piece;
  });
  child.stdout.on("data", (piece) => {
    stdout += piece;
  });
  const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
  groups.push(child.pid ?? 0);
  await until(() => stdout.match(/^up/gm)?.length === count);
  return {
    kill: (signal) => child.kill(signal),
    ended,
    stdout: () => stdout,
    stderr: () => stderr,
  };
}

/** Waits for a condition. `expect.poll` does not work in concurrent tests. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20);
}

/** Returns the number of values of a label in a profile. */
async function countLabels(file: string, label: string): Promise<number> {
  const tags = await report("tags", `-tagshow=^${label}$`, file);
  return tags.match(/^ .*\): /gm)?.length ?? 0;
}

/** Returns the ids of processes that a program has printed after `up`. */
function printedIds(stdout: string): number[] {
  return [...stdout.matchAll(/^up ([0-9]+)/gm)].map(([, pid]) => Number(pid));
}

const SERVER = `${SPIN}
  let calls = 0;
  function hot() { spin(5); }
  setInterval(() => { hot(); if (++calls === 10) console.log("up " + process.pid); }, 20);`;

describe.concurrent("record includes", { timeout: SLOW }, () => {
  it("workers of a cluster that need a second to shut down", async () => {
    const file = program(
      "cluster.js",
      `const cluster = require("node:cluster");
      if (cluster.isPrimary) {
        let ending = 0;
        for (let i = 0; i < 4; i++) {
          cluster.fork().on("message", () => { if (++ending === 4) process.exit(); });
        }
        process.on("SIGTERM", () => {
          for (const { process } of Object.values(cluster.workers)) process.kill("SIGTERM");
        });
      } else {
        // A second SIGTERM would end the worker too early.
        process.once("SIGTERM", () => {
          cluster.worker.disconnect();
          process.send("ending");
          setTimeout(() => {
            console.log("done");
            process.exit();
          }, 1000);
        });
        ${SERVER}
      }`,
    );
    const recorder = await start(4, "-output", "cluster.pb.gz", "--", node, file);
    recorder.kill("SIGTERM");
    expect(await recorder.ended).toBe(0);
    expect(recorder.stderr()).not.toMatch(/lost|still running/);
    expect(recorder.stdout().match(/^done$/gm)).toHaveLength(4);
    expect(await countLabels("cluster.pb.gz", "pid")).toBe(5);
  });

  it("the server of npm start, and of a shell", async () => {
    const file = program("server.js", SERVER);
    mkdirSync(path.join(folder.path, "package"));
    writeFileSync(
      path.join(folder.path, "package/package.json"),
      JSON.stringify({ scripts: { start: "node ../server.js && true" } }),
    );
    const shell = `node '${file.replaceAll("'", "'\\''")}' && true`;
    for (const [output, command] of [
      ["npm.pb.gz", ["npm", "start", "--prefix", "package"]],
      ["sh.pb.gz", ["sh", "-c", shell]],
    ] as const) {
      const recorder = await start(1, "-output", output, "--", ...command);
      recorder.kill("SIGTERM");
      expect(await recorder.ended, output).toBe(143);
      expect(recorder.stderr()).not.toMatch(/lost|still running/);
      expect(printedIds(recorder.stdout()).map((pid) => isAlive({ pid }))).toEqual([false]);
      expect(await report("top", "-tagfocus=process=server.js", output)).toContain("hot");
    }
  });

  it("a pool of busy worker threads", async () => {
    const file = program(
      "pool.js",
      `const { Worker, isMainThread } = require("node:worker_threads");
      if (isMainThread) {
        for (let i = 0; i < 3; i++) new Worker(__filename, { stdout: false });
      } else {
        require("node:fs").writeSync(1, "up\\n");
        ${SPIN}
        (function busy() { for (;;) spin(10); })();
      }`,
    );
    const recorder = await start(3, "-output", "pool.pb.gz", "--", node, file);
    await sleep(300);
    recorder.kill("SIGTERM");
    expect(await recorder.ended).toBe(143);
    expect(recorder.stderr()).not.toContain("lost");
    const threads = await report("tags", "-tagshow=^thread$", "-focus=busy", "pool.pb.gz");
    for (const name of ["worker 1", "worker 2", "worker 3"]) expect(threads).toContain(name);
  });

  it("the workers of a piscina pool, which wait in native code between tasks", async () => {
    symlinkSync(RUNNER_PACKAGES, path.join(folder.path, "node_modules"), "dir");
    program(
      "task.js",
      `module.exports = function task(started) {
        Atomics.add(started, 0, 1);
        // Each worker gets one task, because a task runs until all have started.
        while (Atomics.load(started, 0) < 3);
        for (const end = performance.now() + 100; performance.now() < end; );
      };`,
    );
    const file = program(
      "piscina.js",
      `const { Piscina } = require("piscina");
      const filename = require("node:path").join(__dirname, "task.js");
      const pool = new Piscina({ filename, minThreads: 3, maxThreads: 3 });
      const started = new Int32Array(new SharedArrayBuffer(4));
      Promise.all([1, 2, 3].map(() => pool.run(started))).then(() => pool.destroy());`,
    );
    const { code, stderr } = await folder.record("-output=piscina.pb.gz", "--", node, file);
    expect(code, stderr).toBe(0);
    expect(stderr).not.toContain("lost");
    const threads = await report("tags", "-tagshow=^thread$", "piscina.pb.gz");
    for (const name of ["worker 1", "worker 2", "worker 3"]) expect(threads).toContain(name);
    // A busy machine takes few samples, and not always of all three tasks.
    const tasks = await report("top", "-focus=^task$", "-unit=ms", "piscina.pb.gz");
    expect(Number(/accounting for ([0-9.]+)ms/.exec(tasks)?.[1]), tasks).toBeGreaterThan(50);
  });

  it("a process that continues, after a second Ctrl-C", async () => {
    const file = program("stays.js", `process.on("SIGINT", () => console.log("no")); ${SERVER}`);
    const recorder = await start(1, "-output", "stays.pb.gz", "--", node, file);
    const [pid] = printedIds(recorder.stdout());
    try {
      recorder.kill("SIGINT");
      await until(() => recorder.stdout().includes("no\n"));
      await until(() => recorder.stderr().includes("Ctrl-C stops recording\n"));
      recorder.kill("SIGINT");
      expect(await recorder.ended).toBe(130);
      expect(recorder.stderr()).toContain(`stays.js (pid ${pid}, main) is still running`);
      expect(isAlive({ pid })).toBe(true);
      expect(await report("top", "stays.pb.gz")).toContain("hot");
    } finally {
      process.kill(pid, "SIGKILL");
    }
  });

  it("a daemon, without waiting for it", async () => {
    const file = program("daemon.js", SERVER);
    const starter = program(
      "starter.js",
      `const { spawn } = require("node:child_process");
      const file = ${JSON.stringify(file)};
      const options = { detached: true, stdio: ["ignore", "pipe", "ignore"] };
      const child = spawn(process.execPath, [file], options);
      child.stdout.once("data", (text) => { process.stdout.write(text); process.exit(); });`,
    );
    const recorder = await start(1, "-output", "daemon.pb.gz", "--", node, starter);
    const [pid] = printedIds(recorder.stdout());
    try {
      expect(await recorder.ended).toBe(0);
      expect(recorder.stderr()).toContain(`daemon.js (pid ${pid}, main) is still running`);
      expect(recorder.stderr()).not.toContain("waiting");
      expect(isAlive({ pid })).toBe(true);
      expect(await countLabels("daemon.pb.gz", "pid")).toBe(2);
    } finally {
      process.kill(pid, "SIGKILL");
    }
  });

  it("the samples before SIGHUP and SIGUSR2", async () => {
    const file = program("signals.js", `process.on("SIGUSR2", () => console.log("2")); ${SERVER}`);
    const recorder = await start(1, "-output", "hup.pb.gz", "--", node, file);
    recorder.kill("SIGUSR2");
    await until(() => recorder.stdout().includes("2\n"));
    recorder.kill("SIGHUP");
    expect(await recorder.ended).toBe(129);
    expect(await report("top", "hup.pb.gz")).toContain("hot");
    const unheard = await start(1, "-output", "usr.pb.gz", "--", node, program("s.js", SERVER));
    unheard.kill("SIGUSR2");
    expect(await unheard.ended).toBe(process.platform === "darwin" ? 159 : 140);
    expect(await report("top", "usr.pb.gz")).toContain("hot");
  });
});

describe.concurrent("record keeps the samples before", { timeout: SLOW }, () => {
  const run = (name: string, text: string, ...options: string[]) => {
    const file = program(`${name}.js`, text);
    const args = ["record", "-output", `${name}.pb.gz`, "--", node, ...options, file];
    return tsprof(args, { cwd: folder.path });
  };

  it("SIGKILL, up to the third checkpoint, even if the program is busy", async () => {
    const text = `
      function wait(ms) { for (const end = Date.now() + ms; Date.now() < end; ); }
      function early() { wait(200); }
      function busy() { for (;;) wait(10); }
      early();
      const { folder } = JSON.parse(process.env.TSPROF_RECORD);
      const count = "$(ls " + folder + " | grep -c cpu.profile$)";
      const command = "until [ " + count + " -ge 3 ]; do sleep 0.1; done; kill -9 " + process.pid;
      require("node:child_process").spawn("sh", ["-c", command]);
      busy();`;
    const { code, stderr } = await run("killed", text);
    expect(code).toBe(137);
    const lost =
      /the last samples of killed\.js \(pid \d+, main\) are lost, after the first (.*) s:/;
    // Checkpoints are at least a second apart.
    expect(Number(lost.exec(stderr)?.[1])).toBeGreaterThan(2.5);
    const top = await report("top", "-unit=s", "killed.pb.gz");
    expect(top).toMatch(/early/);
    expect(Number(/([0-9.]+)s +[0-9.]+% {2}busy/.exec(top)?.[1])).toBeGreaterThan(1.5);
  });

  it("process.abort and process.reallyExit, and loses none", async () => {
    for (const [end, exitCode] of [
      ["abort", 134],
      ["reallyExit", 3],
    ] as const) {
      const text = `${SPIN}\nfunction work() { spin(50); process.${end}(3); }\nwork();`;
      const { code, stderr } = await run(end, text);
      expect(code).toBe(exitCode);
      expect(stderr).not.toContain("lost");
      expect(await report("top", `${end}.pb.gz`)).toContain("work");
    }
  });

  const LEAKS = {
    // A loop that V8 unrolls, and would not interrupt.
    300: `function leak(i) { kept.push(new Array(2000).fill({ i })); }
      function run() { for (let i = 0; ; i++) leak(i); }
      setTimeout(run, 1500);`,
    800: `function leak() {
        kept.push(new Array(1e5).fill(kept.length));
        setImmediate(leak);
      }
      leak();`,
  };
  for (const [limit, leak] of Object.entries(LEAKS)) {
    it(`the end of a heap of ${limit} MB, with a profile of the heap`, async () => {
      const text = `const kept = [];\n${leak}`;
      const { code, stderr } = await run(`oom${limit}`, text, `--max-old-space-size=${limit}`);
      expect(code).toBe(134);
      expect(stderr).toMatch(
        /last samples of oom\d+\.js \(pid \d+, main\) are lost, after the first/,
      );
      expect(await report("top", `oom${limit}.pb.gz`)).toContain("leak");
      const heap = /came near its limit: .*, try: tsprof (heap\d+\.pb\.gz)\n/.exec(stderr)?.[1];
      const top = await report("top", "-unit=mb", heap ?? "");
      expect(Number(/accounting for ([0-9.]+)MB/.exec(top)?.[1])).toBeGreaterThan(
        Number(limit) / 8,
      );
    });
  }
});
