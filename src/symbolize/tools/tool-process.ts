import { type ChildProcess, spawn } from "node:child_process";
import { cleanUpOnExit } from "../../platform/leftovers.js";
import { BinaryError } from "../binaries/binary-error.js";

/** What a tool may take before it is ended. */
export interface ToolLimits {
  /** It must print something within so many milliseconds, again and again. */
  readonly silence: number;
  /** So many bytes it may print. */
  readonly output: number;
}

/** Debug information of large programs takes a minute to load. */
export const TOOL_LIMITS: ToolLimits = { silence: 120_000, output: 2 ** 31 };

/**
 * Runs a tool to its end: feeds it `input`, and hands what it prints to `take`, in pieces as
 * they come. There is no shell, and all arguments are as given. Whatever happens, the tool
 * and what it started are gone afterwards. Throws a {@link BinaryError} where it cannot be
 * started, fails or goes beyond a limit, and whatever `take` throws.
 */
export function runTool(
  command: string,
  args: readonly string[],
  input: Iterable<string>,
  take: (piece: Buffer) => void,
  limits: ToolLimits = TOOL_LIMITS,
): Promise<void> {
  return new Promise((resolve, reject) => {
    // In a group of its own, so that what a tool starts can be ended with it.
    const detached = process.platform !== "win32";
    let started: ChildProcess | undefined;
    // A signal may arrive while the tool starts.
    const release = cleanUpOnExit(() => started && end(started), { evenIfHandled: true });
    const child = spawn(command, args, {
      stdio: ["pipe", "pipe", "ignore"],
      detached,
      shell: false,
    });
    started = child;
    let printed = 0;
    let timer: NodeJS.Timeout;
    const finish = (error?: unknown) => {
      clearTimeout(timer);
      end(child);
      release();
      child.stdin.destroy();
      child.stdout.destroy();
      if (error) reject(error);
      else resolve();
    };
    const fail = (what: string) => finish(new BinaryError(`${command} ${what}`));
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(
        () => fail(`printed nothing for ${limits.silence / 1000} s`),
        limits.silence,
      );
    };
    wait();
    child.on("error", (error: NodeJS.ErrnoException) =>
      fail(`could not be started: ${error.code ?? error.message}`),
    );
    child.stdout.on("data", (piece: Buffer) => {
      wait();
      printed += piece.length;
      if (printed > limits.output) {
        fail(`printed more than ${Math.round(limits.output / 2 ** 20)} MB`);
        return;
      }
      try {
        take(piece);
      } catch (error) {
        finish(error);
      }
    });
    child.on("close", (code, signal) => {
      if (code === 0) finish();
      else fail(code === null ? `was ended by ${signal}` : `failed with exit code ${code}`);
    });
    // A tool that ends early does not read all; how it ended says more.
    child.stdin.on("error", () => {});
    feed(child, input);
  });
}

/** How much is written at once. */
const PIECE = 1 << 16;

/** Writes no faster than the tool reads. */
function feed({ stdin }: ChildProcess, input: Iterable<string>): void {
  if (!stdin) return;
  const lines = input[Symbol.iterator]();
  const write = () => {
    for (;;) {
      let piece = "";
      let next = lines.next();
      while (!next.done) {
        piece += next.value;
        if (piece.length >= PIECE) break;
        next = lines.next();
      }
      if (next.done) {
        stdin.end(piece);
        return;
      }
      if (!stdin.write(piece)) {
        stdin.once("drain", write);
        return;
      }
    }
  };
  write();
}

function end(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill();
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // All of the group have ended.
  }
}
