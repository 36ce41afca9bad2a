import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { buildSync } from "esbuild";
import { describe, expect, it } from "vitest";
import { withPreload } from "../../src/record/run.js";
import { ProgramFolder, SLOW, SPIN } from "../support/program-folder.js";
import { ROOT } from "../support/proto.js";
import { runProgram, TSPROF, testEnv, tsprof } from "../support/run.js";

const folder = new ProgramFolder();
const program = folder.program.bind(folder);
const record = folder.record.bind(folder);
const report = folder.report.bind(folder);
const startUntil = folder.startUntil.bind(folder);

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
    const temporary = mkdtempSync(path.join(folder.path, "tmp-"));
    const file = program("endless.js", "console.log(process.pid); setInterval(() => {}, 1000);");
    const env = testEnv({ TMPDIR: temporary });
    const recorder = spawn(node, [TSPROF, "record", "--", node, file], { cwd: folder.path, env });
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
      cwd: folder.path,
      env: { TMPDIR: temporary },
    });
    expect(next.code).toBe(0);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it("and go tool pprof prints the same table", async () => {
    const file = program("plain.js", `${SPIN}\nfunction work() { spin(50) }\nwork();`);
    await record("-output", "plain.pb.gz", "--", node, file);
    const args = ["top", "-nodecount=200", "plain.pb.gz"];
    const go = await runProgram("go", ["tool", "pprof", "-top", ...args.slice(1)], {
      cwd: folder.path,
    });
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
    const output = path.join(folder.path, "no", "such.pb.gz");
    const { code, stdout, stderr } = await record("-output", output, "--", node, file);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toBe(`tsprof: cannot write the profile to ${path.dirname(output)}\n`);
    // tsprof does not attach to the process either.
    expect(await record("-pid", String(process.pid), "-output", output)).toMatchObject({
      code: 1,
      stderr,
    });
    expect(await record("-output", folder.path, "--", node, file)).toEqual({
      code: 1,
      stdout: "",
      stderr: `tsprof: ${folder.path}: -output must name a file, not a folder\n`,
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
    // The wait is in the profile, but not in the table. On a busy machine, the program starts late.
    expect(await report("top", "-unit=s", "on.pb.gz")).toMatch(/^ +[0-9]+\.\d+s .* \(idle\)$/m);
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
    const file = path.join(folder.path, "service.js");
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
    mkdirSync(path.join(folder.path, "t"), { recursive: true });
    const file = program(
      "t/sum.test.js",
      `${SPIN}\nfunction tested() { spin(60); }\nrequire("node:test")("adds", tested);`,
    );
    const { code, stdout } = await record("-output", "t.pb.gz", "--", node, "--test", file);
    expect({ code, passes: /pass 1/.test(stdout) }).toEqual({ code: 0, passes: true });
    expect(await report("top", "-tagfocus=process=sum.test.js", "t.pb.gz")).toContain("tested");
  });

  it("of tests: vitest, in processes and in threads", async () => {
    const project = path.join(folder.path, "v");
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
      const { stdout } = await tsprof(["top", "-trim=false", "v.pb.gz"], { cwd: project });
      expect(stdout, pool).toContain("tested");
    }
  });
});

describe("withPreload", () => {
  it("keeps the existing options, and quotes the file", () => {
    expect(withPreload("--max-old-space-size=64", '/a "b\\c.cjs')).toBe(
      '--require "/a \\"b\\\\c.cjs" --max-old-space-size=64',
    );
  });
});
