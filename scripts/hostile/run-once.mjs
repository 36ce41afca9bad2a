import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { watch } from "./watch.mjs";

const TSPROF = fileURLToPath(new URL("../../bin/tsprof.js", import.meta.url));
const USAGE = fileURLToPath(new URL("usage.cjs", import.meta.url));

/** How much of a run's output is kept for checks. */
const KEPT_BYTES = 1 << 20;

/**
 * Runs tsprof in a process of its own, in the folder `cwd`, and kills it if it exceeds the limits.
 * Returns how it ended, its CPU time and memory, the size of its output, and the start of that.
 */
export function runOnce(args, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--require", USAGE, TSPROF, ...args], {
      cwd,
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      env: { ...process.env, TZ: "UTC", HOME: cwd, XDG_CONFIG_HOME: cwd },
    });
    const [stdout, stderr, usage] = [1, 2, 3].map((fd) => collect(child.stdio[fd]));
    const watching = watch(child);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      const { cpuMs, peakMb } = watching.stop();
      const { cpuMicros = 0, maxRssKb = 0 } = JSON.parse(usage.text() || "{}");
      resolve({
        code,
        signal,
        cpuMs: Math.max(cpuMs, cpuMicros / 1000),
        peakMb: Math.max(peakMb, maxRssKb / 1024),
        stdoutBytes: stdout.bytes(),
        stdout: stdout.text(),
        stderr: stderr.text(),
      });
    });
  });
}

function collect(stream) {
  const pieces = [];
  let bytes = 0;
  stream.on("data", (piece) => {
    if (bytes < KEPT_BYTES) pieces.push(piece);
    bytes += piece.length;
  });
  return { bytes: () => bytes, text: () => Buffer.concat(pieces).toString() };
}
