import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withPreload } from "../../src/record/run.js";
import { ROOT } from "../support/proto.js";
import { runProgram, TSPROF, testEnv, tsprof } from "../support/run.js";

// Recording whole programs takes long on a busy machine.
const SLOW = 60_000;

const SPIN = `
  function spin(ms) {
    const end = process.cpuUsage().user + ms * 1000;
    let x = 0;
    while (process.cpuUsage().user < end) x = Math.sqrt(x + 1);
  }
`;

/** Programs in a folder whose name has special characters of shells and NODE_OPTIONS. */
let folder = "";

function program(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "tsprof rec 'ord "));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const record = (...args: string[]) => tsprof(["record", ...args], { cwd: folder });
const report = async (...args: string[]) => (await tsprof(args, { cwd: folder })).stdout;

/** Starts a command; resolves when its standard output contains a word. */
async function startUntil(word: string, command: string, args: readonly string[]) {
  const child = spawn(command, args, { cwd: folder, env: testEnv({}) });
  let stdout = "";
  let stderr = "";
  child.stderr.on("data", (piece) => {
    stderr += piece;
  });
  await new Promise<void>((resolve) => {
    child.stdout.on("data", (piece) => {
      stdout += piece;
      if (stdout.includes(word)) resolve();
    });
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  return { child, ended, stderr: () => stderr, stdout: () => stdout };
}

const node = process.execPath;

describe("record runs a program", { timeout: SLOW }, () => {
  it("with its streams, its exit code, its workers and its children", async () => {
    const file = program(
      "all of it.js",
      `${SPIN}
      const { Worker, isMainThread } = require("node:worker_threads");
      const { spawnSync } = require("node:child_process");
      function inMain() { spin(100); }
      function inWorker() { spin(100); }
      function inChild() { spin(100); }
      if (process.argv[2] === "child") inChild();
      else if (isMainThread) {
        spawnSync(process.execPath, [__filename, "child"]);
        inMain();
        // It never ends by itself: the process exits while it runs.
        new Worker(__filename, { name: "miner" }).on("message", () => {
          console.log("the program's own");
          process.exit(7);
        });
      } else {
        inWorker();
        require("node:worker_threads").parentPort.postMessage("done");
        setInterval(() => {}, 1000);
      }`,
    );
    const { code, stdout, stderr } = await record("-output", "all.pb.gz", "--", node, file);
    expect(stderr).not.toContain("is lost");
    expect({ code, stdout }).toEqual({ code: 7, stdout: "the program's own\n" });
    expect(stderr).toContain("flat%");
    for (const [thread, fn, others] of [
      ["main", /inMain/, /inWorker/],
      ["miner", /inWorker/, /inMain|inChild/],
    ] as const) {
      const top = await report("top", `-tagfocus=thread=^${thread}$`, "all.pb.gz");
      expect(top).toMatch(fn);
      expect(top).not.toMatch(others);
    }
    const tags = await report("tags", "-tagshow=^pid$", "all.pb.gz");
    expect(tags.match(/^ .*: [0-9]+$/gm)).toHaveLength(2);
  });

  it("and leaves nothing behind if the recorder is killed", async () => {
    const temporary = mkdtempSync(path.join(folder, "tmp-"));
    const file = program("endless.js", "console.log(process.pid); setInterval(() => {}, 1000);");
    const env = testEnv({ TMPDIR: temporary });
    const recorder = spawn(node, [TSPROF, "record", "--", node, file], { cwd: folder, env });
    const [piece] = await once(recorder.stdout, "data");
    const pid = Number(piece);
    const threads = () =>
      readdirSync(`/proc/${pid}/task`).map((id) =>
        readFileSync(`/proc/${pid}/task/${id}/comm`, "utf8").trim(),
      );
    try {
      // V8's name for the sampling thread, cut to the limit of Linux.
      expect(threads()).toContain("v8:ProfEvntProc");
      recorder.kill("SIGKILL");
      await expect.poll(threads).not.toContain("v8:ProfEvntProc");
    } finally {
      process.kill(pid);
    }
    expect(readdirSync(temporary)).toEqual([expect.stringMatching(/^tsprof-record-/)]);
    const next = await tsprof(["record", "--", node, "-e", ""], {
      cwd: folder,
      env: { TMPDIR: temporary },
    });
    expect(next.code).toBe(0);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it("and go tool pprof prints the same table", async () => {
    const file = program("plain.js", `${SPIN}\nfunction work() { spin(50) }\nwork();`);
    await record("-output", "plain.pb.gz", "--", node, file);
    const args = ["top", "-nodecount=200", "plain.pb.gz"];
    const go = await runProgram("go", ["tool", "pprof", "-top", ...args.slice(1)], { cwd: folder });
    expect(go.stdout).toContain("work");
    const table = (text: string) => text.slice(text.indexOf("Showing nodes"));
    expect(table(await report(...args))).toBe(table(go.stdout));
  });

  it("whose workers are terminated", async () => {
    const file = program(
      "terminated.js",
      `${SPIN}
      const { Worker, isMainThread, parentPort } = require("node:worker_threads");
      function busyWorker() { spin(60); parentPort.postMessage(1); for (;;); }
      if (isMainThread) {
        const worker = new Worker(__filename);
        // Some samples of busyWorker, which never yields, are taken in this time.
        worker.on("message", () => setTimeout(() => worker.terminate(), 50));
      } else busyWorker();`,
    );
    const { code, stderr } = await record("-output", "terminated.pb.gz", "--", node, file);
    expect(stderr).not.toContain("is lost");
    expect(code).toBe(0);
    expect(await report("top", "-tagfocus=thread=worker 1", "terminated.pb.gz")).toContain(
      "busyWorker",
    );
  });

  it("that throws, which exits with its code", async () => {
    const file = program("throws.js", `${SPIN}\nspin(30); throw new Error("mine");`);
    const { code, stderr } = await record("-output", "throws.pb.gz", "--", node, file);
    expect(code).toBe(1);
    expect(stderr).toContain("Error: mine");
    expect(await report("top", "throws.pb.gz")).toContain("spin");
  });

  it("that is killed, and reports the loss", async () => {
    const file = program("killed.js", `process.kill(process.pid, "SIGKILL");`);
    const { code, stderr } = await record("--", node, file);
    expect(code).toBe(137);
    expect(stderr).toMatch(/^tsprof: the profile of killed\.js \(pid \d+, main\) is lost: .*\n$/);
  });

  it("that is not Node, or does not exist", async () => {
    expect(await record("--", "true")).toMatchObject({
      code: 1,
      stderr: "tsprof: true did not run any Node.js process that could be recorded\n",
    });
    expect(await record("--", "./no such")).toMatchObject({
      stderr: "tsprof: cannot run ./no such: there is no such program\n",
    });
    expect((await record()).code).toBe(2);
  });

  it("that is ended by a signal without a handler", async () => {
    const file = program("waits.js", `console.log("up"); setInterval(() => {}, 1000);`);
    for (const [signal, code] of [
      ["SIGINT", 130],
      ["SIGTERM", 143],
    ] as const) {
      const args = [TSPROF, "record", "-output", "waits.pb.gz", "--", node, file];
      const { child, ended, stderr } = await startUntil("up", node, args);
      child.kill(signal);
      expect(await ended).toBe(code);
      expect(stderr()).toContain("wrote the profile to waits.pb.gz");
    }
  });

  it("that handles a signal itself", async () => {
    const file = program(
      "listens.js",
      `process.once("SIGINT", () => {
        console.log("bye", process.listenerCount("SIGINT"));
        // Longer than tsprof waits for a program without a handler.
        setTimeout(() => process.exit(5), 2500);
      });
      setTimeout(() => console.log("up", process.listenerCount("SIGINT")), 0);
      setInterval(() => {}, 1000);`,
    );
    const args = [TSPROF, "record", "-output", "listens.pb.gz", "--", node, file];
    const { child, ended, stdout } = await startUntil("up", node, args);
    child.kill("SIGINT");
    expect(await ended).toBe(5);
    expect(stdout()).toMatch(/^up 1\nbye /);
  });

  it("that blocks its event loop, and is ended by a signal all the same", async () => {
    const file = program("busy.js", `console.log("up"); function busy() { for (;;); } busy();`);
    const args = [TSPROF, "record", "-output", "busy.pb.gz", "--", node, file];
    const { child, ended } = await startUntil("up", node, args);
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(await report("top", "busy.pb.gz")).toContain("busy");
  });

  it("only if the profile can be written", async () => {
    const file = program("never.js", 'console.log("ran");');
    const output = path.join(folder, "no", "such.pb.gz");
    const { code, stdout, stderr } = await record("-output", output, "--", node, file);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toBe(`tsprof: cannot write the profile to ${path.dirname(output)}\n`);
    // tsprof does not attach to the process either.
    expect(await record("-pid", String(process.pid), "-output", output)).toMatchObject({
      code: 1,
      stderr,
    });
    expect(await record("-output", folder, "--", node, file)).toEqual({
      code: 1,
      stdout: "",
      stderr: `tsprof: ${folder}: -output must name a file, not a folder\n`,
    });
  });

  it("and keeps the files of V8 if they are too large for a profile", async () => {
    const file = program("much.js", `${SPIN} spin(50);`);
    const { code, stderr } = await record("-max_size=1kb", "-output", "x.pb.gz", "--", node, file);
    expect(code).toBe(1);
    const kept =
      /V8's profiles are in (\S+): tsprof reads each of its .profile files\n/.exec(stderr)?.[1] ??
      "";
    const [profile] = readdirSync(kept).filter((name) => name.endsWith(".profile"));
    expect(await report("top", path.join(kept, profile))).toContain("spin");
    rmSync(kept, { recursive: true });
  });

  it("for some seconds", async () => {
    const file = program("on.js", "setInterval(() => {}, 1000);");
    const { code, stderr } = await record("-seconds=2", "-output", "on.pb.gz", "--", node, file);
    expect(stderr).toContain("wrote the profile");
    expect(code).toBe(0);
    // The wait of two seconds is in the profile, but not in the table.
    expect(await report("top", "-unit=s", "on.pb.gz")).toMatch(/^ +[12]\.\d+s .* \(idle\)$/m);
    expect(stderr).toContain("ignore=^\\(idle\\)$\n");
    expect(stderr).not.toMatch(/ \(idle\)$/m);
  });

  it("for its heap", async () => {
    const file = program(
      "heap.js",
      "globalThis.kept = [];\nfunction keep() { for (let i = 0; i < 3e5; i++) kept.push({ i }); }\nkeep();",
    );
    await record("-heap", "-interval", "16kb", "-output", "heap.pb.gz", "--", node, file);
    expect(await report("top", "heap.pb.gz")).toContain("keep");
  });

  it("of TypeScript, built by esbuild", async () => {
    const file = path.join(folder, "service.js");
    const source = program(
      "service.ts",
      `import { createServer } from "node:http";
      function price(n: number): number { let x = 0; for (let i = 0; i < n; i++) x += Math.sqrt(i); return x; }
      const server = createServer((_, res) => { res.end(String(price(2e6))); });
      server.listen(0, async () => {
        const { port } = server.address() as { port: number };
        for (let i = 0; i < 20; i++) await (await fetch("http://127.0.0.1:" + port)).text();
        process.exit();
      });`,
    );
    const options = { platform: "node", bundle: true, sourcemap: "linked" } as const;
    buildSync({ entryPoints: [source], outfile: file, ...options });
    await record("-output", "service.pb.gz", "--", node, file);
    expect(await report("top", "-lines", "service.pb.gz")).toMatch(/ price .*service\.ts:2$/m);
  });

  it("of tests: node --test", async () => {
    mkdirSync(path.join(folder, "t"), { recursive: true });
    const file = program(
      "t/sum.test.js",
      `${SPIN}\nfunction tested() { spin(60); }\nrequire("node:test")("adds", tested);`,
    );
    const { code, stdout } = await record("-output", "t.pb.gz", "--", node, "--test", file);
    expect({ code, passes: /pass 1/.test(stdout) }).toEqual({ code: 0, passes: true });
    expect(await report("top", "-tagfocus=process=sum.test.js", "t.pb.gz")).toContain("tested");
  });

  it("of tests: vitest, in processes and in threads", async () => {
    const project = path.join(folder, "v");
    mkdirSync(project, { recursive: true });
    const file = 'import { expect, it } from "vitest";';
    writeFileSync(
      path.join(project, "a.test.js"),
      `${file}${SPIN}\nfunction tested() { spin(60); }\nit("adds", () => { tested(); expect(1).toBe(1); });`,
    );
    writeFileSync(path.join(project, "vitest.config.js"), "export default {};");
    const { symlinkSync } = await import("node:fs");
    symlinkSync(path.join(ROOT, "node_modules"), path.join(project, "node_modules"));
    const vitest = path.join(ROOT, "node_modules/vitest/vitest.mjs");
    for (const pool of ["forks", "threads"]) {
      const { code, stderr } = await tsprof(
        ["record", "-output", "v.pb.gz", "--", node, vitest, "run", `--pool=${pool}`],
        { cwd: project },
      );
      expect(code, stderr).toBe(0);
      const { stdout } = await tsprof(["top", "v.pb.gz"], { cwd: project });
      expect(stdout, pool).toContain("tested");
    }
  });
});

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
      const recorder = spawn(node, args, { cwd: folder, env: testEnv({}), stdio: "ignore" });
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

describe("withPreload", () => {
  it("keeps the existing options, and quotes the file", () => {
    expect(withPreload("--max-old-space-size=64", '/a "b\\c.cjs')).toBe(
      '--require "/a \\"b\\\\c.cjs" --max-old-space-size=64',
    );
  });
});
