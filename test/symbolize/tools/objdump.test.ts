import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { disassemble, findObjdump } from "../../../src/symbolize/tools/objdump.js";
import { Tools } from "../../../src/symbolize/tools/tools.js";

const root = mkdtempSync(path.join(os.tmpdir(), "tsprof-objdump-"));
afterAll(() => rmSync(root, { recursive: true }));
let serial = 0;

/** A folder with programs that print a version, and then do what `then` says. */
function folderWith(programs: Record<string, { version: string; then?: string }>): string {
  const folder = mkdtempSync(path.join(root, "tools-"));
  for (const [name, { version, then = "exit 0" }] of Object.entries(programs)) {
    const file = path.join(folder, name);
    const script = `#!/bin/sh\n[ "$1" = --version ] && echo '${version}' && exit 0\n${then}\n`;
    writeFileSync(file, script);
    chmodSync(file, 0o755);
  }
  return folder;
}

const GNU = "GNU objdump (GNU Binutils for Debian) 2.40";
const found = async (folder: string) => {
  const objdump = await findObjdump(new Tools(folder, { PATH: "" }));
  return objdump && { ...objdump, program: path.basename(objdump.program) };
};

describe.skipIf(process.platform !== "linux")("the objdump that is taken", () => {
  it("is LLVM's if it is new enough, and otherwise GNU's", async () => {
    const both = (llvm: string) =>
      folderWith({ "llvm-objdump": { version: llvm }, objdump: { version: GNU } });
    const llvm = { program: "llvm-objdump", isLlvm: true };
    const gnu = { program: "objdump", isLlvm: false };
    expect(await found(both("Debian LLVM version 14.0.6"))).toEqual(llvm);
    expect(await found(both("LLVM version trunk (experimental)"))).toEqual(llvm);
    expect(await found(both("LLVM version 7.0.1"))).toEqual(gnu);
    expect(await found(both("something else"))).toEqual(gnu);
    expect(await found(folderWith({ objdump: { version: "busybox" } }))).toBeUndefined();
    expect(await found(root)).toBeUndefined();
  });
});

describe.skipIf(process.platform === "win32")("a run of objdump", () => {
  const range = { start: 0x10n, end: 2n ** 64n - 1n };
  const limits = { silence: 400, output: 10_000 };
  const run = (then: string, intel = false, isLlvm = false) => {
    const folder = folderWith({ objdump: { version: GNU, then } });
    const objdump = { program: path.join(folder, "objdump"), isLlvm };
    return disassemble(objdump, "/bin/a b;c", range, intel, limits);
  };

  it("gets its arguments as they are", async () => {
    for (const [isLlvm, syntax] of [
      [false, ["-M", "intel"]],
      [true, ["--x86-asm-syntax=intel"]],
    ] as const) {
      const file = path.join(root, `words${serial++}`);
      await run(`printf '%s\\n' "$@" > '${file}'`, true, isLlvm);
      expect(readFileSync(file, "utf8").split("\n").slice(0, -1)).toEqual([
        "--disassemble",
        "--demangle",
        "--no-show-raw-insn",
        "--line-numbers",
        "--start-address=0x10",
        "--stop-address=0xffffffffffffffff",
        ...syntax,
        "/bin/a b;c",
      ]);
    }
  });

  it("is killed with its child processes if it prints nothing", async () => {
    const file = path.join(root, `late${serial++}`);
    await expect(run(`(sleep 1; touch '${file}') & sleep 60`)).rejects.toThrow(
      /objdump printed nothing for 0.4 s$/,
    );
    // Longer than the child would wait before it writes the file.
    await sleep(1500);
    expect(existsSync(file)).toBe(false);
  });

  it("is killed if it prints without end", async () => {
    await expect(run("yes '  401000: nop'")).rejects.toThrow(/objdump printed more than/);
  });

  it("is ignored if it fails", async () => {
    await expect(run("echo '  401000: nop'; exit 3")).rejects.toThrow(/failed with exit code 3$/);
  });
});
