import { spawn } from "node:child_process";
import { UserError } from "../errors/user-error.js";

/** Formats that Graphviz writes and tsprof does not. */
export type LocalFormat = "ps" | "gif";

/** How long it may take, in milliseconds. */
const TIME_LIMIT = 5 * 60_000;

/** What a program that goes wrong says is kept up to here, in characters. */
const MAX_COMPLAINT = 4000;

/**
 * The picture that a Graphviz on this machine makes of DOT text. Throws an Error of one
 * line where there is none, or where it fails or takes too long.
 */
export function runGraphviz(
  dot: Uint8Array,
  format: LocalFormat,
  timeLimit = TIME_LIMIT,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const child = spawn("dot", [`-T${format}`]);
    // Not spawn's own limit, which stays on where the program cannot be started.
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      child.kill("SIGKILL");
    }, timeLimit);
    const pieces: Buffer[] = [];
    let complaint = "";
    child.stdout.on("data", (piece: Buffer) => pieces.push(piece));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      complaint = (complaint + text).slice(0, MAX_COMPLAINT);
    });
    child.on("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(error.code === "ENOENT" ? missing(format) : error);
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      if (code === 0) resolve(Buffer.concat(pieces));
      else if (isLate) reject(new UserError(tooLong(timeLimit)));
      else reject(new UserError(`dot -T${format} failed: ${complaint.trim().split("\n", 1)[0]}`));
    });
    // A program that ends early closes its input; how it ended says why.
    child.stdin.on("error", () => {});
    child.stdin.end(dot);
  });
}

function missing(format: LocalFormat): Error {
  return new UserError(
    `${format} needs Graphviz, whose program dot is not on the PATH (apt install graphviz, brew install graphviz); svg, png and pdf need nothing`,
  );
}

function tooLong(timeLimit: number): string {
  return `Graphviz took more than ${timeLimit / 1000} s; take fewer places with -nodecount=50`;
}
