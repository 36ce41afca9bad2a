import { type ChildProcess, spawn } from "node:child_process";
import { cleanUpOnExit } from "../../platform/cleanup.js";
import { BinaryError } from "../binaries/binary-error.js";

/** The limits of a tool. If it exceeds one, it is killed. */
export interface ToolLimits {
  /** The longest time without output, in milliseconds. */
  readonly silence: number;
  /** The number of bytes that it may print. */
  readonly output: number;
}

/** The debug information of a large program may need a minute to load. */
const TOOL_LIMITS: ToolLimits = { silence: 120_000, output: 2 ** 31 };

/**
 * Runs a tool without a shell, with `input` as its standard input, and passes its output to
 * `onOutput`. The tool and its child processes never outlive the call. Throws a {@link BinaryError}
 * if the tool fails or exceeds a limit, and rethrows errors of `onOutput`.
 */
export function runTool(
  command: string,
  args: readonly string[],
  input: Iterable<string>,
  onOutput: (piece: Buffer) => void,
  limits: ToolLimits = TOOL_LIMITS,
): Promise<void> {
  return new Promise((resolve, reject) => {
    // A process group of its own allows killing the tool's child processes with it.
    const detached = process.platform !== "win32";
    let started: ChildProcess | undefined;
    // A signal may arrive while the tool starts.
    const release = cleanUpOnExit(() => started && killGroup(started), { evenIfHandled: true });
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
      killGroup(child);
      release();
      child.stdin.destroy();
      child.stdout.destroy();
      if (error) reject(error);
      else resolve();
    };
    const fail = (problem: string) => finish(new BinaryError(`${command} ${problem}`));
    const restartTimer = () => {
      clearTimeout(timer);
      timer = setTimeout(
        () => fail(`printed nothing for ${limits.silence / 1000} s`),
        limits.silence,
      );
    };
    restartTimer();
    child.on("error", (error: NodeJS.ErrnoException) =>
      fail(`could not be started: ${error.code ?? error.message}`),
    );
    child.stdout.on("data", (piece: Buffer) => {
      restartTimer();
      printed += piece.length;
      if (printed > limits.output) {
        fail(`printed more than ${Math.round(limits.output / 2 ** 20)} MB`);
        return;
      }
      try {
        onOutput(piece);
      } catch (error) {
        finish(error);
      }
    });
    child.on("close", (code, signal) => {
      if (code === 0) finish();
      else fail(code === null ? `was ended by ${signal}` : `failed with exit code ${code}`);
    });
    // If the tool ends early, writing to it fails; its exit code reports the reason.
    child.stdin.on("error", () => {});
    feed(child, input);
  });
}

/** The minimal size of a write, in UTF-16 units. */
const PIECE_LENGTH = 1 << 16;

/** Writes the input to the tool as fast as it reads. */
function feed({ stdin }: ChildProcess, input: Iterable<string>): void {
  if (!stdin) return;
  const lines = input[Symbol.iterator]();
  const write = () => {
    for (;;) {
      let piece = "";
      let next = lines.next();
      while (!next.done) {
        piece += next.value;
        if (piece.length >= PIECE_LENGTH) break;
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

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill();
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // The whole group has ended already.
  }
}
