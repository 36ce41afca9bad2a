import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Writable } from "node:stream";
import { encodeUtf8 } from "../profile/utf8.js";
import { commandWords } from "./command-words.js";
import { cleanUpOnExit } from "./leftovers.js";

/** A program that shows what it reads a screen at a time, as it is started: without a shell. */
export interface PagerProgram {
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * The pagers to try, in this order: that of the variable TSPROF_PAGER, or else PAGER, or
 * else those that systems have. None where one of these is empty or `cat`.
 */
export function findPagers(env: NodeJS.ProcessEnv): PagerProgram[] {
  const wanted = env.TSPROF_PAGER ?? env.PAGER;
  if (wanted === undefined) return ["less", "more"].map((command) => ({ command, args: [] }));
  const [command = "", ...args] = commandWords(wanted);
  const isNone = command === "" || (command === "cat" && args.length === 0);
  return isNone ? [] : [{ command, args }];
}

/**
 * As in git: less ends at once where all fits on the screen, shows colours, and leaves
 * what it showed on the screen.
 */
const LESS = "FRX";

/**
 * Shows text in the first of some pagers that can be started, and waits until its user
 * leaves it; `missing` where none can, and then no piece was asked for. Pieces are asked
 * for as the pager takes them, and no more once it is left; if they throw, so does this,
 * once it is left.
 *
 * The pager has the keyboard meanwhile: nothing else may read from the terminal. Ctrl-C
 * is for the pager, and does not end this program as long as it runs.
 */
export async function page(
  pagers: readonly PagerProgram[],
  pieces: Iterable<string> | AsyncIterable<string>,
  env: NodeJS.ProcessEnv = process.env,
): Promise<"shown" | "missing"> {
  for (const pager of pagers) {
    let child: Pager | undefined;
    const release = cleanUpOnExit(() => child?.kill());
    // The user may press Ctrl-C before the pager has started.
    process.on("SIGINT", ignoreSignal);
    try {
      child = await start(pager, env);
      if (child === undefined) continue;
      await feed(child, pieces);
      return "shown";
    } finally {
      process.off("SIGINT", ignoreSignal);
      release();
    }
  }
  return "missing";
}

type Pager = ChildProcessByStdio<Writable, null, null>;

/** Undefined where it cannot be started. */
function start({ command, args }: PagerProgram, env: NodeJS.ProcessEnv) {
  return new Promise<Pager | undefined>((resolve) => {
    const child = spawn(command, args, {
      stdio: ["pipe", "inherit", "inherit"],
      // What is written is UTF-8, whatever the locale.
      env: { LESS, LESSCHARSET: "utf-8", ...env },
    });
    child.on("spawn", () => resolve(child));
    child.on("error", () => resolve(undefined));
  });
}

/** Returns when the pager has ended. */
async function feed(child: Pager, pieces: Iterable<string> | AsyncIterable<string>) {
  const { stdin } = child;
  // That nobody reads any more is told where it is written to.
  stdin.on("error", () => {});
  const ended = once(child, "exit").then(() => stdin.destroy());
  try {
    for await (const piece of pieces) if (!(await write(stdin, piece))) break;
  } finally {
    stdin.end();
    await ended;
  }
}

/** Resolves once the text was taken, or to false where nobody reads it any more. */
function write(stdin: Writable, text: string): Promise<boolean> {
  return new Promise((resolve) => {
    stdin.write(text.isWellFormed() ? text : encodeUtf8(text), (error) => resolve(!error));
  });
}

function ignoreSignal(): void {}
