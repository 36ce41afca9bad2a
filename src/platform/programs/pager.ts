import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Writable } from "node:stream";
import { encodeUtf8 } from "../../profile/utf8.js";
import { cleanUpOnExit } from "../cleanup.js";
import { commandWords } from "./command-words.js";

export interface PagerProgram {
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * Returns the pagers to try: TSPROF_PAGER, or else PAGER, or else the usual ones. Returns none if
 * the variable is empty or `cat`.
 */
export function findPagers(env: NodeJS.ProcessEnv): PagerProgram[] {
  const wanted = env.TSPROF_PAGER ?? env.PAGER;
  if (wanted === undefined) return ["less", "more"].map((command) => ({ command, args: [] }));
  const [command = "", ...args] = commandWords(wanted);
  const isNone = command === "" || (command === "cat" && args.length === 0);
  return isNone ? [] : [{ command, args }];
}

/** git's options for less: exit if everything fits, show colours, leave the text visible. */
const LESS_OPTIONS = "FRX";

/**
 * Shows text in the first pager that starts, and waits until the user quits it. Returns `missing`
 * if none starts. Reads `pieces` only as fast as the pager does, and rethrows their error.
 * Meanwhile nothing else may read from the terminal, and Ctrl-C does not end this program.
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

/** Returns undefined if the pager cannot be started. */
function start({ command, args }: PagerProgram, env: NodeJS.ProcessEnv) {
  return new Promise<Pager | undefined>((resolve) => {
    const child = spawn(command, args, {
      stdio: ["pipe", "inherit", "inherit"],
      // The text is UTF-8, whatever the locale.
      env: { LESS: LESS_OPTIONS, LESSCHARSET: "utf-8", ...env },
    });
    child.on("spawn", () => resolve(child));
    child.on("error", () => resolve(undefined));
  });
}

/** Writes the pieces to the pager, and waits until it has ended. */
async function feed(child: Pager, pieces: Iterable<string> | AsyncIterable<string>) {
  const { stdin } = child;
  // `write` reports that the pager has stopped reading.
  stdin.on("error", () => {});
  const ended = once(child, "exit").then(() => stdin.destroy());
  try {
    for await (const piece of pieces) if (!(await write(stdin, piece))) break;
  } finally {
    stdin.end();
    await ended;
  }
}

/** Resolves when the pager has read the text: to true, or to false if it has ended. */
function write(stdin: Writable, text: string): Promise<boolean> {
  return new Promise((resolve) => {
    stdin.write(text.isWellFormed() ? text : encodeUtf8(text), (error) => resolve(!error));
  });
}

function ignoreSignal(): void {}
