import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { readProfile } from "../../src/library/node.js";
import { ProgramFolder, SLOW, SPIN } from "../support/program-folder.js";
import { ROOT } from "../support/proto.js";
import { testEnv } from "../support/run.js";

const AUTO = path.join(ROOT, "dist/record-auto.cjs");
const folder = new ProgramFolder();

interface Variables {
  readonly [name: string]: string;
}

/** Starts a program with `tsprof/auto`, in a folder of its own for its profiles. */
function start(name: string, text: string, variables: Variables, load = ["--import", url(AUTO)]) {
  const file = folder.program(`${name}.js`, text);
  const cwd = path.join(folder.path, name);
  const temporary = path.join(cwd, "tmp");
  mkdirSync(temporary, { recursive: true });
  const env = testEnv({ TMPDIR: temporary, ...variables });
  const child = spawn(process.execPath, [...load, file], { cwd, env });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (piece) => {
    output.stdout += piece;
  });
  child.stderr.on("data", (piece) => {
    output.stderr += piece;
  });
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal }));
  });
  return { child, cwd, output, ended, profiles: () => profilesIn(cwd) };
}

function url(file: string): string {
  return pathToFileURL(file).href;
}

function profilesIn(cwd: string, under = ""): string[] {
  return readdirSync(path.join(cwd, under))
    .filter((name) => name.endsWith(".pb.gz"))
    .sort();
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20);
}

describe.concurrent("tsprof/auto", { timeout: SLOW }, () => {
  it("writes the CPU and the heap of all threads and processes, without a trace in the output", async () => {
    const text = `${SPIN}
      const { Worker, isMainThread } = require("node:worker_threads");
      const { spawnSync } = require("node:child_process");
      function keep(count) {
        globalThis.kept = Array.from({ length: count }, (_, i) => ({ i }));
      }
      function inMain() { spin(100); keep(3e5); }
      function inWorker() { spin(100); }
      function inChild() { spin(100); }
      if (process.argv[2] === "child") inChild();
      else if (isMainThread) {
        const { stdout, stderr } = spawnSync(process.execPath, [__filename, "child"]);
        process.stdout.write(stdout + stderr + process.listenerCount("SIGTERM"));
        inMain();
        // It never ends by itself.
        new Worker(__filename, { name: "miner" }).on("message", () => { throw new Error("mine"); });
      } else {
        inWorker();
        require("node:worker_threads").parentPort.postMessage("done");
        setInterval(() => {}, 1000);
      }`;
    const options = `--import ${JSON.stringify(url(AUTO))}`;
    const variables = {
      ...{ NODE_OPTIONS: options, TSPROF: "heap, cpu", TSPROF_OUTPUT: "profiles/" },
      TSPROF_INTERVAL: "500us,16kb",
    };
    const { ended, output, cwd } = start("all", text, variables, []);
    expect(await ended).toEqual({ code: 1, signal: null });
    expect(output.stdout).toBe("0");
    expect(output.stderr).toContain("Error: mine");
    expect(output.stderr).not.toMatch(/^tsprof|debugger/m);
    const names = profilesIn(cwd, "profiles");
    expect(names.map((name) => name.replace(/[0-9]+/, "PID"))).toEqual([
      "cpu-all-PID.pb.gz",
      "cpu-all-PID.pb.gz",
      "heap-all-PID.pb.gz",
      "heap-all-PID.pb.gz",
    ]);
    expect(readdirSync(path.join(cwd, "tmp"))).toEqual([]);
    const texts: string[] = [];
    for (const name of names) {
      texts.push(await folder.report("traces", path.join(cwd, "profiles", name)));
    }
    const inFiles = (word: string) => texts.map((one) => one.includes(word));
    const [child, main] = inFiles("inChild")[0] ? [0, 1] : [1, 0];
    expect(texts[child]).toMatch(/process: *all.js/);
    expect(texts[main]).toMatch(/thread: *miner.*inWorker/s);
    expect(texts[main]).toContain("inMain");
    expect(texts.join("\n")).not.toContain("record-auto");
    expect(inFiles("keep")).toEqual(
      ["cpu", "cpu", "heap", "heap"].map((_, i) => i === main || i === main + 2),
    );
    const cpu = await readProfile(readFileSync(path.join(cwd, "profiles", names[main])));
    expect(cpu.period).toBe(500_000);
    const types = cpu.sampleTypes.map(({ type }) => cpu.strings.get(type));
    expect(types).toEqual(["samples", "wall", ...(process.platform === "linux" ? ["cpu"] : [])]);
  });

  it("starts and stops with a signal, and never replaces a file", async () => {
    const text = `${SPIN}
      const { Worker, isMainThread, parentPort } = require("node:worker_threads");
      function early() { spin(50); }
      function whileOn() { spin(5); }
      if (isMainThread) {
        early();
        new Worker(__filename).on("message", () => {
          setInterval(whileOn, 10);
          console.log("up", process.listenerCount("SIGUSR2"));
          process.stdin.once("data", () => { console.log("busy"); for (;;) whileOn(); });
        });
      } else {
        setInterval(whileOn, 10);
        parentPort.postMessage("up");
      }`;
    const variables = {
      ...{ TSPROF: "cpu", TSPROF_SIGNAL: "SIGUSR2" },
      ...{ TSPROF_OUTPUT: "a/{program}.pb.gz", TSPROF_SOURCE_MAPS: "none" },
    };
    // Preloading twice has no effect.
    const load = ["--require", AUTO, "--import", url(AUTO)];
    const { child, ended, output, cwd } = start("signal", text, variables, load);
    await until(() => output.stdout.includes("up 0\n"));
    expect(readdirSync(cwd)).toEqual(["tmp"]);
    const folderOf = (count: number) => `${readdirSync(path.join(cwd, "tmp"))[0]}/${count}`;
    const isOn = (count: number) => {
      const names = readdirSync(path.join(cwd, "tmp", folderOf(count)));
      return names.filter((name) => name.endsWith(".started")).length === 2;
    };
    const attempted = (condition: () => boolean) => () => {
      try {
        return condition();
      } catch {
        return false;
      }
    };
    child.kill("SIGUSR2");
    await until(attempted(() => isOn(1)));
    await sleep(100);
    child.kill("SIGUSR2");
    await until(attempted(() => profilesIn(cwd, "a").length === 1));
    child.kill("SIGUSR2");
    await until(attempted(() => isOn(2)));
    child.stdin.write("x");
    await until(() => output.stdout.includes("busy"));
    // The default action, though the main thread is busy.
    child.kill("SIGTERM");
    expect(await ended).toEqual({ code: null, signal: "SIGTERM" });
    expect(output.stderr).toBe("");
    expect(readdirSync(path.join(cwd, "tmp"))).toEqual([]);
    expect(profilesIn(cwd, "a")).toEqual(["signal-2.pb.gz", "signal.pb.gz"]);
    for (const name of profilesIn(cwd, "a")) {
      const traces = await folder.report("traces", path.join(cwd, "a", name));
      expect(traces).toMatch(/thread: *worker 1$/m);
      expect(traces).toMatch(/thread: *main$/m);
      expect(traces).toContain("whileOn");
      expect(traces).not.toContain("early");
    }
  });

  it("records some seconds after a delay, and leaves signals to the program", async () => {
    const text = `${SPIN}
      function hot() { spin(5); }
      setInterval(hot, 20);
      process.once("SIGTERM", () => setTimeout(() => process.exit(5), 300));
      console.log("up", process.listenerCount("SIGTERM"));`;
    const variables = { TSPROF: "cpu", TSPROF_DELAY: "0.8", TSPROF_SECONDS: "0.5" };
    const started = Date.now();
    const { child, ended, output, cwd, profiles } = start("late", text, variables);
    await until(() => profiles().length === 1);
    child.kill("SIGTERM");
    expect(await ended).toEqual({ code: 5, signal: null });
    expect(output).toEqual({ stdout: "up 1\n", stderr: "" });
    const file = path.join(cwd, profiles()[0]);
    expect(await folder.report("top", file)).toContain("hot");
    const { timeNanos, durationNanos } = await readProfile(readFileSync(file));
    expect(Number(timeNanos) / 1e6).toBeGreaterThan(started + 800);
    expect(Number(durationNanos) / 1e6).toBeGreaterThan(450);
  });

  it("writes the profile of a killed process when the next one starts", async () => {
    const text = `${SPIN}
      function hot() { spin(20); }
      if (process.env.TSPROF === "cpu") setInterval(hot, 30);`;
    const killed = start("killed", text, { TSPROF: "cpu" });
    const temporary = path.join(killed.cwd, "tmp");
    const files = () => readdirSync(temporary, { recursive: true }).map(String);
    await until(() => files().some((name) => name.endsWith(".cpu.profile")));
    killed.child.kill("SIGKILL");
    await killed.ended;
    expect(killed.profiles()).toEqual([]);
    const next = start("killed", text, { TSPROF: "heap" });
    expect(await next.ended).toEqual({ code: 0, signal: null });
    expect(next.output.stderr).toBe("");
    expect(next.profiles()).toEqual([
      `cpu-killed-${killed.child.pid}.pb.gz`,
      `heap-killed-${next.child.pid}.pb.gz`,
    ]);
    expect(files()).toEqual([]);
    const file = path.join(next.cwd, next.profiles()[0]);
    expect(await folder.report("top", file)).toContain("hot");
    expect(await folder.report("comments", file)).toContain("the last samples of main are missing");
  });

  it("reports wrong values and failures in one line, and runs the program", async () => {
    for (const [variables, line] of [
      [{ TSPROF: "gpu" }, "TSPROF must be cpu, heap, allocs, or two of them: cpu,heap, not gpu"],
      [{ TSPROF: "heap,allocs" }, "heap and allocs exclude each other; leave out one of them"],
      [{ TSPROF: "cpu", TSPROF_SECONDS: "1m" }, "TSPROF_SECONDS must be a number of seconds"],
      [{ TSPROF: "cpu", TSPROF_SIGNAL: "SIGKILL" }, "TSPROF_SIGNAL must be one of SIGUSR1, "],
      [{ TSPROF: "cpu", TSPROF_INTERVAL: "64kb" }, "TSPROF_INTERVAL must be a time of 50us"],
      [{ TSPROF: "cpu", TSPROF_OUTPUT: "{user}.pb.gz" }, "TSPROF_OUTPUT has no placeholder {user}"],
      [{ TSPROF: "cpu,heap", TSPROF_OUTPUT: "x.pb.gz" }, "TSPROF_OUTPUT must contain {kind}"],
      [{ TSPROF: "cpu", TSPROF_OUTPUT: "../wrong.js/x" }, "cannot write "],
      [{ TSPROF: "" }, undefined],
      [{ TSPROF: "cpu", TSPROF_RECORD: "{}" }, undefined],
    ] as const) {
      const { ended, output, profiles } = start("wrong", 'console.log("ran")', { ...variables });
      expect(await ended, line).toEqual({ code: 0, signal: null });
      expect(output.stdout).toBe("ran\n");
      expect(output.stderr).toMatch(line ? /^tsprof: [^\n]+\n$/ : /^$/);
      expect(output.stderr).toContain(line ?? "");
      expect(profiles()).toEqual([]);
    }
  });
});
