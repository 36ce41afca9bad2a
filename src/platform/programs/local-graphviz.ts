import { spawn } from "node:child_process";
import { UserError } from "../../errors/user-error.js";

/** The formats that need Graphviz on this machine. */
export type LocalFormat = "ps" | "gif";

const TIME_LIMIT_MS = 5 * 60_000;

/** How much of Graphviz's standard error is kept, in UTF-16 units. */
const MAX_STDERR_LENGTH = 4000;

/** Draws DOT text with the Graphviz of this machine. Throws an Error of one line if it fails. */
export function runGraphviz(
  dot: Uint8Array,
  format: LocalFormat,
  timeLimitMs = TIME_LIMIT_MS,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const child = spawn("dot", [`-T${format}`]);
    // The `timeout` of `spawn` would keep the process alive if the program cannot be started.
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      child.kill("SIGKILL");
    }, timeLimitMs);
    const pieces: Buffer[] = [];
    let stderr = "";
    child.stdout.on("data", (piece: Buffer) => pieces.push(piece));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr = (stderr + text).slice(0, MAX_STDERR_LENGTH);
    });
    child.on("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(error.code === "ENOENT" ? missing(format) : error);
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      if (code === 0) resolve(Buffer.concat(pieces));
      else if (isLate) reject(new UserError(tooLong(timeLimitMs)));
      else reject(new UserError(`dot -T${format} failed: ${stderr.trim().split("\n", 1)[0]}`));
    });
    // If dot ends early, writing to it fails; its exit code reports the reason.
    child.stdin.on("error", () => {});
    child.stdin.end(dot);
  });
}

function missing(format: LocalFormat): Error {
  return new UserError(
    `${format} needs Graphviz, whose program dot is not on the PATH (apt install graphviz, brew install graphviz); svg, png and pdf work without it`,
  );
}

function tooLong(timeLimitMs: number): string {
  return `Graphviz took more than ${timeLimitMs / 1000} s; draw fewer functions with -nodecount=50`;
}
