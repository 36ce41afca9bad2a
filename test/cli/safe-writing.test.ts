import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  watch,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { useOneProcess } from "../support/one-process.js";
import { ROOT } from "../support/proto.js";
import { TSPROF, testEnv, tsprof } from "../support/run.js";

const inOneProcess = useOneProcess();
const base = mkdtempSync(path.join(os.tmpdir(), "tsprof-writing-"));
const mounts: string[] = [];
afterAll(() => {
  for (const folder of mounts) execFileSync("umount", [folder]);
  rmSync(base, { recursive: true });
});

const fixture = (name: string) => path.join(ROOT, "fixtures", name);
const CPU = fixture("go-cpu.pb.gz");

/** Every command that writes a file with -output, in the order of the help. */
const COMMANDS: readonly (readonly string[])[] = [
  ...["top", "tree", "traces", "folded", "tags", "raw", "proto", "topproto", "dot"].map((name) => [
    name,
    CPU,
  ]),
  ...["callgrind", "flame", "html", "merge", "info"].map((name) => [name, CPU]),
  // Small pictures, which are quick to draw.
  ...["svg", "png", "pdf", "ps", "gif"].map((name) => [name, "-nodecount=5", CPU]),
  ...["speedscope", "folded", "cpuprofile"].map((format) => ["convert", `-to=${format}`, CPU]),
  ["comments", "-add_comment=a remark", CPU],
  ["pgo", fixture("pgo/orders.pb.gz")],
  ["peek", "Price", CPU],
  ["list", "Price", CPU],
  ["weblist", "Price", CPU],
  ["top", "-format=json", CPU],
  ["diff", fixture("go-cpu-slow.pb.gz"), fixture("go-cpu-fast.pb.gz")],
  ["record", "--", process.execPath, "-e", ""],
];

const CASES = COMMANDS.map((words) => ({
  name: words.map((word) => path.basename(word)).join(" "),
  words,
}));

const OK = { code: 0 };

/** Waits until a folder changes, because a command begins to write, or the command ends. */
async function writing(folder: string, end: Promise<unknown>): Promise<void> {
  const watcher = watch(folder);
  await Promise.race([once(watcher, "change"), end]);
  watcher.close();
}

/** The folder in which record keeps a profile that it cannot write. */
const env = { TMPDIR: base };

/** Inserts -output before the recorded program, so that it does not become an option of that. */
function writingTo(file: string, [name, ...rest]: readonly string[]): string[] {
  return [name, `-output=${file}`, ...rest];
}

/** A file system of 200 kB, if this machine allows mounting one. */
function smallDisk(): string | undefined {
  const folder = path.join(base, "disk");
  mkdirSync(folder);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=200k", "tmpfs", folder], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  mounts.push(folder);
  return folder;
}

const OLD = "the old file\n".repeat(2000);
const disk = smallDisk();

describe.skipIf(disk === undefined)("on a disk that is full, the old file stays", () => {
  const folder = disk as string;
  const file = path.join(folder, "out");
  const filler = path.join(folder, "filler");

  it.each(CASES)("of: $name", async ({ words }) => {
    writeFileSync(file, OLD);
    // Fills the disk completely: one page would be enough for some reports.
    for (let size = 200; size > 0; size--) {
      try {
        writeFileSync(filler, "x".repeat(size * 1024));
        break;
      } catch {
        rmSync(filler);
      }
    }
    // The simplest report, and the program that records, run in processes of their own.
    const run = words[0] === "top" || words[0] === "record" ? tsprof : inOneProcess;
    const { code, stderr } = await run(writingTo(file, words), { env });
    expect(stderr).toContain(`${file}: no space left on device`);
    expect(code).toBe(1);
    expect(readFileSync(file, "utf8")).toBe(OLD);
    expect(readdirSync(folder).sort()).toEqual(["filler", "out"]);
    rmSync(filler);
  });
});

/** The number of random moments at which each command is stopped; 10 with TSPROF_RANDOM=10. */
const MOMENTS = Math.ceil(Number(process.env.TSPROF_RANDOM ?? 1));

/** The longest time between the first change of the folder and the signal. */
const MAX_DELAY_MS = 30;

const TIMEOUT_MS = 15_000 * MOMENTS;

describe("a signal at any moment leaves the old file or the new one", {
  timeout: TIMEOUT_MS,
}, () => {
  const random = seededRandom(Number(process.env.TSPROF_SEED ?? 1));
  const SIGNALS: NodeJS.Signals[] = ["SIGTERM", "SIGINT", "SIGHUP", "SIGKILL"];
  let sent = 0;

  it.each(CASES)("of: $name", async ({ words }) => {
    const folder = mkdtempSync(path.join(base, "signal-"));
    const file = path.join(folder, "out");
    const isRecord = words[0] === "record";
    if (!isRecord) expect(await inOneProcess(writingTo(file, words), { env })).toMatchObject(OK);
    const whole = isRecord ? undefined : readFileSync(file);
    for (let moment = 0; moment < MOMENTS; moment++) {
      writeFileSync(file, OLD);
      const child = spawn(process.execPath, [TSPROF, ...writingTo(file, words)], {
        env: testEnv(env),
        stdio: "ignore",
      });
      const end = once(child, "exit");
      await writing(folder, end);
      await sleep(Math.max(0, MAX_DELAY_MS * (random() - 0.2)));
      const signal = SIGNALS[sent++ % SIGNALS.length];
      child.kill(signal);
      await end;
      const others = readdirSync(folder).filter((name) => name !== "out");
      // No program can clean up after SIGKILL.
      if (signal === "SIGKILL") for (const name of others) rmSync(path.join(folder, name));
      else expect(others).toEqual([]);
      const found = readFileSync(file);
      if (found.toString() === OLD) continue;
      if (whole) expect(found.equals(whole)).toBe(true);
      else expect(gunzipSync(found).length).toBeGreaterThan(0);
    }
  });
});

describe("chosen names", () => {
  it("differ for programs that choose at the same time", async () => {
    const folder = mkdtempSync(path.join(base, "names-"));
    const record = ["record", "--", process.execPath, "-e", ""];
    const ends = await Promise.all(
      Array.from({ length: 6 }, () => tsprof(record, { cwd: folder })),
    );
    expect(ends.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(readdirSync(folder).sort()).toEqual(
      [1, 2, 3, 4, 5, 6].map((number) => `cpu00${number}.pb.gz`),
    );
  });
});

describe("configurations", () => {
  it("are all kept when several shells save them at the same time", async () => {
    const env = { XDG_CONFIG_HOME: mkdtempSync(path.join(base, "config-")) };
    const names = (shell: number) => [1, 2, 3, 4, 5].map((save) => `shell${shell}-${save}`);
    const shells = Array.from({ length: 12 }, (_, i) => i + 1);
    await Promise.all(
      shells.map((shell) => {
        const input = names(shell).map((name) => `config save ${name}\n`);
        return tsprof([CPU], { env, input: input.join("") });
      }),
    );
    const { configs } = JSON.parse(
      readFileSync(path.join(env.XDG_CONFIG_HOME, "pprof/settings.json"), "utf8"),
    );
    const saved = configs.map(({ name }: { name: string }) => name).sort();
    expect(saved).toEqual(shells.flatMap(names).sort());
    expect(readdirSync(path.join(env.XDG_CONFIG_HOME, "pprof"))).toEqual(["settings.json"]);
  });
});

/** Numbers from 0 to 1, the same for the same seed. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
