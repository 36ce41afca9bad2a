import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, copyFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { descendantsOf } from "../../src/record/process-tree.js";
import { listeningPorts } from "../../src/record/target.js";
import { ProgramFolder, SLOW, SPIN } from "../support/program-folder.js";
import { ROOT } from "../support/proto.js";
import { TSPROF, testEnv } from "../support/run.js";

const folder = new ProgramFolder();
const program = folder.program.bind(folder);
const record = folder.record.bind(folder);
const report = folder.report.bind(folder);
const startUntil = folder.startUntil.bind(folder);

const node = process.execPath;

describe("record -pid", { timeout: SLOW }, () => {
  it("attaches to a process with workers, and leaves it unchanged", async () => {
    const file = program(
      "server.js",
      `${SPIN}
      const { Worker, isMainThread } = require("node:worker_threads");
      function hotMain() { spin(10); }
      function hotWorker() { spin(10); }
      if (isMainThread) {
        new Worker(__filename, { name: "helper" }).on("message", () => console.log("up"));
        setInterval(hotMain, 30);
        process.on("SIGHUP", () => console.log("url", require("node:inspector").url()));
      } else {
        require("node:worker_threads").parentPort.postMessage(1);
        setInterval(hotWorker, 30);
      }`,
    );
    const { child, ended, stdout } = await startUntil("up", node, [file]);
    try {
      for (let i = 0; i < 2; i++) {
        const kinds = ["-cpu", "-allocs", "-interval=1ms,1kb", "-output", "at-{kind}.pb.gz"];
        const { code, stdout, stderr } = await record(
          ...["-pid", String(child.pid), "-seconds=1", ...kinds],
        );
        expect(code, stderr).toBe(0);
        expect(stdout).toContain("hotMain");
      }
      expect(await report("top", "at-allocs.pb.gz")).toContain("Type: alloc_space");
      const inHelper = ["top", "-tagfocus=thread=helper", "at-cpu.pb.gz"];
      expect(await report(...inHelper)).toContain("hotWorker");
      if (process.platform === "linux") {
        expect(await report("-sample_index=cpu", ...inHelper)).toContain("hotWorker");
        expect(await report("comments", "at-cpu.pb.gz")).not.toContain("wall time");
      }
      child.kill("SIGHUP");
      await expect.poll(stdout).toContain("url undefined");
    } finally {
      child.kill("SIGKILL");
      await ended;
    }
  });

  it("reports obstacles in one line", async () => {
    const attach = async (pid: number, ...more: string[]) => {
      const { code, stderr } = await record("-pid", String(pid), ...more);
      return `${code} ${stderr}`;
    };
    expect(await attach(2 ** 22 + 1)).toMatch(/^1 tsprof: no process \d+\n$/);
    const sleeping = spawn("sleep", ["60"]);
    const text = 'console.log("up"); setInterval(() => {}, 1000);';
    const deaf = await startUntil("up", node, ["-e", `process.on("SIGUSR2", () => {}); ${text}`]);
    try {
      expect(await attach(sleeping.pid ?? 0)).toMatch(
        /^1 tsprof: process \d+ is not Node\.js but \w+\n$/,
      );
      expect(sleeping.exitCode).toBeNull();
      const dying = attach(deaf.child.pid ?? 0, "-seconds=30");
      await expect.poll(deaf.stderr, { timeout: 15_000 }).toContain("Debugger attached");
      deaf.child.kill("SIGKILL");
      expect(await dying).toMatch(/^1 tsprof: process \d+ ended (while|before|during)[^\n]*\n$/);
    } finally {
      sleeping.kill("SIGKILL");
      deaf.child.kill("SIGKILL");
    }
  });
});

describe("record -pid, with an inspector that is in use or unavailable", {
  timeout: SLOW,
}, () => {
  const busy = `${SPIN} function hot() { spin(10); } setInterval(hot, 30);
    process.on("SIGHUP", () => console.log("url", require("node:inspector").url()));
    console.log("up");`;

  /** Starts a program, and kills it after `use`. */
  async function withTarget(
    args: readonly string[],
    use: (pid: string, target: Awaited<ReturnType<typeof startUntil>>) => Promise<void>,
  ): Promise<void> {
    const target = await startUntil("up", node, args);
    try {
      await use(String(target.child.pid), target);
    } finally {
      target.child.kill("SIGKILL");
      await target.ended;
    }
  }

  it("uses an open inspector, and leaves it open", async () => {
    const port = await freePort();
    await withTarget([`--inspect=127.0.0.1:${port}`, "-e", busy], async (pid, target) => {
      const { code, stdout, stderr } = await record("-pid", pid, "-seconds=1");
      expect(code, stderr).toBe(0);
      expect(stdout).toContain("hot");
      target.child.kill("SIGHUP");
      await expect.poll(target.stdout).toContain(`url ws://127.0.0.1:${port}/`);
    });
  });

  it("writes the samples so far after Ctrl-C", async () => {
    await withTarget(["-e", busy], async (pid, target) => {
      const args = [TSPROF, "record", "-pid", pid, "-seconds=600", "-output", "early.pb.gz"];
      const recorder = spawn(node, args, { cwd: folder.path, env: testEnv({}), stdio: "ignore" });
      const ended = new Promise<number | null>((resolve) => recorder.on("close", resolve));
      await expect.poll(target.stderr, { timeout: 15_000 }).toContain("Debugger attached");
      // Samples are taken in this time. No event reports them.
      await sleep(1000);
      recorder.kill("SIGINT");
      expect(await ended).toBe(0);
      expect(await report("top", "early.pb.gz")).toContain("hot");
      target.child.kill("SIGHUP");
      await expect.poll(target.stdout).toContain("url undefined");
    });
  });

  it("reports that its port is in use", async () => {
    const other = createServer((socket) => {
      // tsprof may close the connection first.
      socket.on("error", () => {});
      socket.end("no\n");
    });
    const port = await listenAnywhere(other);
    try {
      await withTarget([`--inspect-port=${port}`, "-e", busy], async (pid) => {
        const { code, stderr } = await record("-pid", pid);
        expect(`${code} ${stderr}`).toBe(
          `1 tsprof: process ${pid} cannot open its inspector: another program uses port ${port}\n`,
        );
      });
    } finally {
      other.close();
    }
  });

  const canDisable = process.allowedNodeEnvironmentFlags.has("--disable-sigusr1");
  it.skipIf(!canDisable)("reports that it is disabled", async () => {
    await withTarget(["--disable-sigusr1", "-e", busy], async (pid, target) => {
      const { code, stderr } = await record("-pid", pid);
      expect(`${code} ${stderr}`).toBe(
        `1 tsprof: process ${pid} has its inspector disabled (--disable-sigusr1)\n`,
      );
      expect(target.child.exitCode).toBeNull();
    });
  });

  it("reports that the process belongs to another user", async () => {
    const pid = String(process.pid);
    if (process.getuid?.() !== 0) {
      const { code, stderr } = await record("-pid", "1");
      expect(`${code} ${stderr}`).toBe("1 tsprof: process 1 belongs to another user\n");
      return;
    }
    // The user `nobody` cannot write here, or read files of root.
    const open = mkdtempSync(path.join(os.tmpdir(), "tsprof-record-"));
    chmodSync(open, 0o777);
    try {
      for (const part of ["bin", "dist", "package.json"]) {
        cpSync(path.join(ROOT, part), path.join(open, part), { recursive: true });
      }
      const program = path.join(open, "node");
      copyFileSync(node, program);
      const args = [path.join(open, "bin/tsprof.js"), "record", "-pid", pid];
      const nobody = { uid: 65534, gid: 65534, cwd: open, encoding: "utf8" } as const;
      const { status, stderr } = spawnSync(program, args, nobody);
      expect(`${status} ${stderr}`).toBe(`1 tsprof: process ${pid} belongs to another user\n`);
    } finally {
      rmSync(open, { recursive: true });
    }
  });
});

describe("record -pid closes the inspector", { timeout: SLOW }, () => {
  const text = 'setInterval(() => {}, 1000); console.log("up");';

  it("of several processes, however tsprof ends", async () => {
    const targets = await Promise.all([0, 1].map(() => startUntil("up", node, ["-e", text])));
    const pids = targets.map(({ child }) => child.pid ?? 0);
    const before = pids.map(listeningPorts);
    expect(before).toEqual([new Set(), new Set()]);
    const open = () => pids.map((pid) => listeningPorts(pid)?.size);
    try {
      for (const signal of ["SIGHUP", "SIGKILL"] as const) {
        const args = [
          TSPROF,
          "record",
          "-pid",
          pids.join(),
          "-seconds=600",
          "-output",
          "two.pb.gz",
        ];
        const options = { cwd: folder.path, env: testEnv({}), stdio: "ignore" } as const;
        const recorder = spawn(node, args, options);
        await expect.poll(open, { timeout: 30_000 }).toEqual([1, 1]);
        // The inspectors have moved to other ports, and recording begins.
        await sleep(1500);
        recorder.kill(signal);
        const [code] = await once(recorder, "close");
        if (signal === "SIGHUP") {
          expect(code).toBe(0);
          const tags = await report("tags", "-tagshow=^pid$", "two.pb.gz");
          for (const pid of pids) expect(tags).toContain(`: ${pid}\n`);
        }
        await expect.poll(open, { timeout: 10_000 }).toEqual([0, 0]);
      }
    } finally {
      for (const { child } of targets) child.kill("SIGKILL");
    }
  });

  it("of a process and those below it", async () => {
    const child = program("child.js", text);
    const parent = program(
      "parent.js",
      `require("node:child_process").fork(${JSON.stringify(child)}); setInterval(() => {}, 1000);`,
    );
    const target = await startUntil("up", node, [parent]);
    const pid = target.child.pid ?? 0;
    const [below] = descendantsOf(pid);
    try {
      const { code, stderr } = await record("-pid", `${pid}+`, "-seconds=1", "-output=tree.pb.gz");
      expect(code, stderr).toBe(0);
      const tags = await report("tags", "-tagshow=^process$", "tree.pb.gz");
      expect(tags).toContain(": parent.js\n");
      expect(tags).toContain(": child.js\n");
      expect([pid, below].map((one) => listeningPorts(one)?.size)).toEqual([0, 0]);
    } finally {
      for (const one of [pid, below]) process.kill(one, "SIGKILL");
    }
  });
});

describe("record -pid sends no signal", { timeout: SLOW }, () => {
  /** Attaches to a program that prints `up`. Returns the only line of tsprof. */
  async function refusal(command: string, ...args: string[]): Promise<string> {
    const target = await startUntil("up", command, args);
    try {
      // The program may do more after it has printed the word.
      await sleep(200);
      const { code, stderr } = await record("-pid", String(target.child.pid), "-seconds=1");
      expect(code, stderr).toBe(1);
      expect(target.stderr()).not.toContain("Debugger");
      return stderr.replaceAll(String(target.child.pid), "PID");
    } finally {
      target.child.kill("SIGKILL");
    }
  }

  const isLinux = process.platform === "linux";

  it.skipIf(!isLinux)("to a process that is blocked or stopped", async () => {
    const calls = [
      'require("node:child_process").execSync("exec sleep 60")',
      "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000)",
      'require("node:fs").readSync(0, Buffer.alloc(1))',
    ];
    const lines = await Promise.all(
      calls.map((call) =>
        refusal(node, "-e", `console.log("up"); ${call}; setInterval(() => {}, 9)`),
      ),
    );
    const line =
      "tsprof: process PID is blocked in a synchronous call, such as execSync; " +
      "try again when it continues\n";
    expect(lines).toEqual([line, line, line]);
    const stopped = 'console.log("up"); process.kill(process.pid, "SIGSTOP")';
    expect(await refusal(node, "-e", stopped)).toBe(
      "tsprof: process PID is stopped; try: kill -CONT PID\n",
    );
  });

  it("to a process under the permission model", async () => {
    const name = process.allowedNodeEnvironmentFlags.has("--permission")
      ? "--permission"
      : "--experimental-permission";
    const line = await refusal(
      node,
      "--no-warnings",
      name,
      "-e",
      'console.log("up"); setInterval(() => {}, 9)',
    );
    expect(line).toMatch(
      /^tsprof: process PID runs under the permission model, which forbids .*\n$/,
    );
  });

  const unshare = isLinux && spawnSync("unshare", ["-rn", "true"]).status === 0;
  it.skipIf(!unshare)("to a process in another network namespace", async () => {
    const text = 'console.log("up"); setInterval(() => {}, 1000)';
    expect(await refusal("unshare", "-rn", node, "-e", text)).toBe(
      "tsprof: process PID is in another network namespace, as in a container; " +
        "try: nsenter -t PID -n tsprof record -pid PID\n",
    );
  });

  it("if -pid is not a list of processes", async () => {
    for (const value of ["0", "-3", "1,", "all", "1-2"]) {
      const { code, stderr } = await record(`-pid=${value}`);
      expect(`${code} ${stderr}`).toBe(
        `2 tsprof: -pid must be ids of processes, such as 4711 or 4711,4712+, not ${value}\n`,
      );
    }
  });
});

/** Returns a free port. */
async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listenAnywhere(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Returns the port. */
async function listenAnywhere(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}
