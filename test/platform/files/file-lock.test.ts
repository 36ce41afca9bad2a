import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { withFileLock } from "../../../src/platform/files/file-lock.js";
import { isRunning, thisProcess } from "../../../src/platform/programs/process-identity.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-lock-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Leaves a lock as a program would that took it two seconds ago. */
function leaveLock(file: string, text: string): void {
  writeFileSync(`${file}.lock`, text);
  const time = Date.now() / 1000 - 2;
  utimesSync(`${file}.lock`, time, time);
}

async function endedProcess(): Promise<number> {
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  return child.pid as number;
}

describe("a lock on a file", () => {
  it("exists while work runs, and is removed even if it fails", () => {
    const file = path.join(folder, "one");
    expect(withFileLock(file, () => JSON.parse(readFileSync(`${file}.lock`, "utf8")).pid)).toBe(
      process.pid,
    );
    const fail = () => {
      throw new Error("failed");
    };
    expect(() => withFileLock(file, fail)).toThrow("failed");
    expect(existsSync(`${file}.lock`)).toBe(false);
  });

  it.each(["dead", "empty", "cut"])("is taken over where its owner is %s", async (kind) => {
    const file = path.join(folder, kind);
    const pid = await endedProcess();
    leaveLock(file, { dead: JSON.stringify({ pid }), empty: "", cut: '{"pid":' }[kind] ?? "");
    expect(withFileLock(file, () => "done")).toBe("done");
  });

  it("is not taken over from a running program", async () => {
    const file = path.join(folder, "held");
    leaveLock(file, JSON.stringify(thisProcess()));
    // The fixed time is the subject: withFileLock must wait until the lock is released.
    const release = `setTimeout(() => fs.rmSync(${JSON.stringify(`${file}.lock`)}), 300)`;
    const child = spawn(process.execPath, ["-e", release]);
    const start = performance.now();
    withFileLock(file, () => expect(performance.now() - start).toBeGreaterThan(250));
    await once(child, "exit");
  });
});

describe("a process", () => {
  it("is distinguished from a later one with the same id", async () => {
    expect(isRunning(thisProcess())).toBe(true);
    expect(isRunning({ pid: process.pid })).toBe(true);
    expect(isRunning({ pid: await endedProcess() })).toBe(false);
    expect(isRunning({ pid: process.pid, startTime: "1" })).toBe(process.platform !== "linux");
  });
});
