import { spawn, spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
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
        const { code, stdout, stderr } = await record(
          ...["-pid", String(child.pid), "-seconds=1", "-output", "at.pb.gz"],
        );
        expect(code, stderr).toBe(0);
        expect(stdout).toContain("hotMain");
      }
      expect(await report("top", "-tagfocus=thread=helper", "at.pb.gz")).toContain("hotWorker");
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
    const other = createServer((socket) => socket.end("no\n"));
    await new Promise<void>((resolve) => other.listen(9229, "127.0.0.1", resolve));
    try {
      await withTarget(["-e", busy], async (pid) => {
        const { code, stderr } = await record("-pid", pid);
        expect(`${code} ${stderr}`).toBe(
          `1 tsprof: process ${pid} cannot open its inspector: another program uses port 9229\n`,
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

/** Returns a free port. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
