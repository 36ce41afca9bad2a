import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { removeOnExit } from "../../src/platform/cleanup.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-leftovers-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

function make(name: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, "");
  return file;
}

describe("unfinished files", () => {
  it("are removed by a signal, which then ends the program", () => {
    const kill = vi.spyOn(process, "kill").mockReturnValue(true);
    const [one, two] = [make("one"), make("two")];
    removeOnExit(one);
    removeOnExit(two);
    process.emit("SIGTERM", "SIGTERM");
    expect([one, two].filter(existsSync)).toEqual([]);
    expect(kill.mock.calls).toEqual([[process.pid, "SIGTERM"]]);
  });

  it("stay while another listener decides what a signal does", () => {
    const kill = vi.spyOn(process, "kill").mockReturnValue(true);
    const file = make("kept");
    const release = removeOnExit(file);
    const other = () => {};
    process.on("SIGINT", other);
    process.emit("SIGINT", "SIGINT");
    process.off("SIGINT", other);
    expect(existsSync(file)).toBe(true);
    expect(kill).not.toHaveBeenCalled();
    release();
  });

  it("are removed with folders when the program exits, even if one cannot be", () => {
    const inner = path.join(folder, "inner");
    mkdirSync(inner);
    writeFileSync(path.join(inner, "file"), "");
    removeOnExit(path.join(folder, "\0"));
    removeOnExit(inner);
    process.emit("exit", 0);
    expect(existsSync(inner)).toBe(false);
  });

  it("are no longer watched once they are finished", () => {
    const count = () =>
      ["exit", "SIGINT", "SIGTERM", "SIGHUP"].map((e) => process.listenerCount(e));
    const before = count();
    const file = make("done");
    removeOnExit(file)();
    expect(count()).toEqual(before);
    expect(existsSync(file)).toBe(true);
  });
});
