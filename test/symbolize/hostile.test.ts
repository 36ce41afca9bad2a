import { execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { openBinary } from "../../src/symbolize/binaries/binary.js";
import { BinaryError } from "../../src/symbolize/binaries/binary-error.js";
import { runTool } from "../../src/symbolize/tools/tool-process.js";
import { addressProfile } from "../support/binaries.js";
import { useOneProcess } from "../support/one-process.js";
import { TSPROF } from "../support/run.js";

const tsprof = useOneProcess();

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-hostile-"));
afterAll(() => rmSync(folder, { recursive: true }));
const inFolder = (...names: string[]) => path.join(folder, ...names);

/** A small ELF file that is the same on every machine: a program of two segments. */
function tinyElf(): Buffer {
  const elf = Buffer.alloc(64 + 2 * 56 + 64);
  elf.write("\x7fELF\x02\x01\x01", "latin1");
  elf.writeUInt16LE(2, 16);
  elf.writeBigUInt64LE(64n, 32);
  elf.writeUInt16LE(56, 54);
  elf.writeUInt16LE(2, 56);
  elf.writeUInt16LE(64, 58);
  const segment = (at: number, type: number, flags: number, values: readonly number[]) => {
    elf.writeUInt32LE(type, at);
    elf.writeUInt32LE(flags, at + 4);
    for (const [i, value] of values.entries()) {
      elf.writeBigUInt64LE(BigInt(value), at + 8 + 8 * i);
    }
  };
  // Offset, address, physical address, size in the file and in memory, alignment.
  segment(64, 1, 5, [0, 0x400000, 0x400000, elf.length, 0x1000, 0x1000]);
  const note = 64 + 2 * 56;
  segment(64 + 56, 4, 4, [note, 0x400000 + note, 0x400000 + note, 20, 20, 4]);
  elf.writeUInt32LE(4, note);
  elf.writeUInt32LE(4, note + 4);
  elf.writeUInt32LE(3, note + 8);
  elf.write("GNU\0", note + 12, "latin1");
  elf.writeUInt32BE(0xabcdef01, note + 16);
  return elf;
}

const RANGE = { start: 0x400000n, limit: 0x401000n, offset: 0n, kernelSymbol: "" };
const RECORD = inFolder("started");

const TOOLS = inFolder("tools");

/** The only programs in PATH, which write down how they were started. */
function makeTools(...names: string[]): void {
  rmSync(TOOLS, { recursive: true, force: true });
  mkdirSync(TOOLS);
  const script = [
    "#!/bin/sh",
    `printf '%s' "\${0##*/}" >> ${RECORD}`,
    `for word; do printf '<%s>' "$word" >> ${RECORD}; done`,
    `echo >> ${RECORD}`,
    "/bin/cat > /dev/null",
  ];
  for (const name of names) {
    writeFileSync(path.join(TOOLS, name), `${script.join("\n")}\n`);
    chmodSync(path.join(TOOLS, name), 0o755);
  }
}

/** Whether a process has ended, also where nobody has asked how. */
function isGone(pid: number): boolean {
  try {
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return true;
  }
}

beforeEach(() => {
  rmSync(RECORD, { force: true });
  makeTools("addr2line", "nm", "llvm-symbolizer", "objdump", "sh", "x");
});

const started = () => (existsSync(RECORD) ? readFileSync(RECORD, "utf8") : "");

/** Reports on a profile with these mappings, in a folder that has ELF files by their names. */
async function report(names: readonly string[], binaryPath = inFolder("none")) {
  const file = inFolder("hostile.pb");
  writeFileSync(file, addressProfile(names.map((name) => ({ file: name, buildId: "" }))));
  const env = { PATH: TOOLS, PPROF_BINARY_PATH: binaryPath, PPROF_TOOLS: "" };
  return tsprof(["-top", "hostile.pb"], { env, cwd: folder });
}

describe("mapping names", () => {
  it("that are not absolute paths start nothing, even if such files exist", async () => {
    const names = ["-x", "--help", "; rm -rf", "@file", "$(touch pwned)", "a b", "x\ny", "here"];
    for (const name of names) writeFileSync(inFolder(name), tinyElf());
    const { code, stderr } = await report([...names, "../../etc/passwd", "a\0b", "./here"]);
    expect(started()).toBe("");
    expect(code).toBe(0);
    expect(stderr).toContain("Local symbolization failed for -x: its name is not an absolute path");
    expect(existsSync(inFolder("pwned"))).toBe(false);
  });

  it("that lead to no regular binary start nothing, and nothing waits for a pipe", async () => {
    execFileSync("mkfifo", [inFolder("pipe")]);
    const { code, stderr } = await report([
      "/etc/passwd",
      inFolder("pipe"),
      "/dev/zero",
      "/proc/self/exe",
      "/proc/self/mem",
      folder,
      "/\0",
      `${"/x".repeat(5000)}`,
    ]);
    expect(started()).toBe("");
    expect(code).toBe(0);
    expect(stderr).toContain("passwd: unrecognized binary format");
    expect(stderr).toContain("pipe: not a regular file");
  });

  it("of binaries are passed as one argument, whatever they contain", async () => {
    const odd = inFolder("-e; touch pwned\n--help $(touch pwned)");
    writeFileSync(odd, tinyElf());
    const { code } = await report([odd]);
    expect(code).toBe(0);
    expect(started()).toBe(
      `llvm-symbolizer<--inlining><-demangle=false><--output-style=JSON><--obj=${odd}>\n`,
    );
    makeTools("addr2line", "nm");
    rmSync(RECORD);
    await report([odd]);
    expect(started()).toContain(`<-aif><-e><${odd}>\n`);
    expect(started()).toContain(`<--numeric-sort><--print-size><--format=posix><${odd}>\n`);
    expect(existsSync(inFolder("pwned"))).toBe(false);
  });

  it("do not lead out of the search path", async () => {
    mkdirSync(inFolder("kept", "deep"), { recursive: true });
    writeFileSync(inFolder("outside"), tinyElf());
    await report(["../outside", "../../outside", "x/../../../outside"], inFolder("kept"));
    expect(started()).toBe("");
    // But to what is there.
    copyFileSync(inFolder("outside"), inFolder("kept", "deep", "inside"));
    await report(["deep/inside"], inFolder("kept"));
    expect(started()).toContain(inFolder("kept", "deep", "inside"));
  });
});

describe("a damaged binary", () => {
  const attempt = (bytes: Uint8Array) => {
    const file = inFolder("damaged");
    writeFileSync(file, bytes);
    try {
      openBinary(file, RANGE).baseFor(0x400010n);
      return "fine";
    } catch (error) {
      if (!(error instanceof BinaryError)) throw error;
      expect(error.message).not.toContain("\n");
      return "refused";
    }
  };

  it("is read if it is intact", () => {
    writeFileSync(inFolder("sound"), tinyElf());
    const { buildId, baseFor } = openBinary(inFolder("sound"), RANGE);
    expect(buildId).toBe("abcdef01");
    expect(baseFor(0x400010n)).toBe(0n);
    expect(() => baseFor(0x500000n)).toThrow(BinaryError);
  });

  it("is an error of one line, wherever it is cut", () => {
    const elf = tinyElf();
    // The notes at the end are not needed.
    for (let length = 0; length < 64 + 2 * 56; length++) {
      expect(attempt(elf.subarray(0, length)), `${length}`).toBe("refused");
    }
  });

  it("is an error of one line or none, whatever is in it", () => {
    const results = new Set<string>();
    for (let at = 4; at < tinyElf().length; at++) {
      for (const value of [0, 0x7f, 0xff]) {
        const elf = tinyElf();
        elf[at] = value;
        results.add(attempt(elf));
      }
    }
    expect([...results].sort()).toEqual(["fine", "refused"]);
  });
});

describe("a tool", () => {
  const shell = (script: string, limits = { silence: 500, output: 1e6 }) => {
    const pieces: Buffer[] = [];
    const done = runTool(
      "/bin/sh",
      ["-c", script],
      ["in\n"],
      (piece) => pieces.push(piece),
      limits,
    );
    return done.then(() => Buffer.concat(pieces).toString());
  };

  it("gets its input, and returns its output", async () => {
    expect(await shell("cat; echo out")).toBe("in\nout\n");
  });

  it("that prints nothing, prints too much or fails is killed with its child processes", async () => {
    const record = inFolder("pid");
    await expect(shell(`/bin/sleep 1000 & echo $! > ${record}; wait`)).rejects.toThrow(
      "/bin/sh printed nothing for 0.5 s",
    );
    await expect.poll(() => isGone(Number(readFileSync(record, "utf8")))).toBe(true);
    await expect(shell("yes")).rejects.toThrow("printed more than 1 MB");
    await expect(shell("exit 3")).rejects.toThrow("failed with exit code 3");
    await expect(runTool(inFolder("nothing"), [], [], () => {})).rejects.toThrow(BinaryError);
  });

  it("ends with tsprof, also on Ctrl-C", async () => {
    const record = inFolder("pid-of-tool");
    mkdirSync(inFolder("slow"));
    const slow = inFolder("slow", "addr2line");
    writeFileSync(
      slow,
      `#!/bin/sh\necho $$ > ${record}.new\n/bin/mv ${record}.new ${record}\n/bin/sleep 1000\n`,
    );
    chmodSync(slow, 0o755);
    writeFileSync(inFolder("sound"), tinyElf());
    writeFileSync(inFolder("slow.pb"), addressProfile([{ file: inFolder("sound") }]));
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      rmSync(record, { force: true });
      const child = spawn(process.execPath, [TSPROF, "-top", inFolder("slow.pb")], {
        env: { ...process.env, PATH: inFolder("slow"), PPROF_TOOLS: "" },
        stdio: "ignore",
      });
      const ended = new Promise((resolve) => child.on("exit", (_, by) => resolve(by)));
      while (!existsSync(record)) await wait(20);
      child.kill(signal);
      expect(await ended).toBe(signal);
      await expect.poll(() => isGone(Number(readFileSync(record, "utf8")))).toBe(true);
    }
  }, 30_000);
});
