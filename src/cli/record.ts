import { accessSync, constants, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { UserError, usageError } from "../errors/user-error.js";
import type { Options } from "../options/table.js";
import { thisProcess } from "../platform/programs/process-identity.js";
import { folderPoller } from "../record/cpu-accounting.js";
import { RecordingFolder } from "../record/folder.js";
import { PRELOAD_SCRIPT } from "../record/own-frames.js";
import type { Plan } from "../record/plan.js";
import { isAlive } from "../record/process-tree.js";
import { recordedProfiles } from "../record/recorded-profiles.js";
import { fullHeaps, type RecordedThread, recordedThreads } from "../record/recording.js";
import { runRecorded } from "../record/run.js";
import { samplingsOf } from "../record/samplings.js";
import { checkFileName } from "../session/show/file-output.js";
import { printMessage } from "../session/show/messages.js";
import { type Pieces, writeStdout } from "../session/show/output.js";
import { type Screen, screenOf, stdoutScreen } from "../session/show/screen.js";
import type { Destination } from "../session/show/show.js";
import type { ProfileKind, Sampling } from "../v8/protocol.js";
import { targetsOf } from "./pid.js";
import { writeFullHeap, writeProfiles } from "./record-files.js";

const ENDING = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The default of -seconds for a running process. */
const DEFAULT_ATTACH_SECONDS = 10;

/** More than a week, and less than the limit of timers. */
const MAX_SECONDS = 1_000_000;

/**
 * Records a program or a running process, and shows the functions by cost. Returns the exit code.
 */
export async function runRecord(command: readonly string[], options: Options): Promise<number> {
  const { pid, seconds } = options;
  const samplings = samplingsOf(kindsOf(options), options.interval, "-interval");
  if (samplings.length > 1 && options.output !== "" && !options.output.includes("{kind}")) {
    throw usageError("-output must contain {kind} for two profiles, such as app-{kind}.pb.gz");
  }
  if (seconds === 0 || seconds > MAX_SECONDS) {
    throw usageError(`-seconds must be from 1 to ${MAX_SECONDS}, not ${seconds}`);
  }
  if (pid === "") {
    if (command.length === 0) throw usageError("nothing to record; try: tsprof help record");
    checkWritable(options.output);
    return runProgram(command, options, samplings);
  }
  if (command.length > 0) {
    throw usageError("-pid is for a running process; leave out -pid or the program");
  }
  checkWritable(options.output);
  const { attach } = await import("../record/attach.js");
  const stop = new AbortController();
  for (const signal of ENDING) process.once(signal, () => stop.abort());
  const threads = await attach(await targetsOf(pid), {
    samplings,
    seconds: seconds < 0 ? DEFAULT_ATTACH_SECONDS : seconds,
    signal: stop.signal,
    warn: printMessage,
  });
  await keep(threads, samplings, options, shownOn(stdoutScreen(), writeStdout));
  return 0;
}

/** Returns the profiles to record: that of the CPU if the options name none. */
function kindsOf(options: Options): ProfileKind[] {
  const named = (["cpu", "heap", "allocs"] as const).filter((kind) => options[kind]);
  return named.length > 0 ? named : ["cpu"];
}

async function runProgram(
  [command, ...args]: readonly string[],
  options: Options,
  samplings: readonly Sampling[],
): Promise<number> {
  const folder = RecordingFolder.make();
  // After its terminal was closed, nobody can read the table, but the profile must be written.
  process.stderr.on("error", () => {});
  try {
    const plan: Plan = { folder: folder.path, recorder: thisProcess(), samplings };
    const cpu = folderPoller(folder.path);
    const end = await runRecorded({
      command,
      args,
      plan,
      preload: path.join(__dirname, PRELOAD_SCRIPT),
      seconds: Math.max(0, options.seconds),
      warn: printMessage,
    })
      .catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT")
          throw new UserError(`cannot run ${command}: there is no such program`);
        throw error;
      })
      .finally(() => cpu.stop());
    const threads = recordedThreads(folder.path);
    for (const thread of threads) {
      const loss = lossOf(thread, end.continuing);
      if (loss !== undefined) printMessage(loss);
    }
    const profiles = recordedProfiles(threads, cpu);
    const exitCode = end.timeIsUp && end.signal !== undefined ? 0 : end.exitCode;
    if (profiles.length > 0) {
      // The table goes to standard error: standard output belongs to the program.
      try {
        await keep(profiles, samplings, options, shownOn(screenOf(process.stderr), writeStderr));
        for (const heap of fullHeaps(folder.path, threads)) await writeFullHeap(heap, options);
      } catch (error) {
        folder.keep();
        printMessage(
          `V8's profiles are in ${folder.path}: tsprof reads each of its .profile files`,
        );
        throw error;
      }
    } else if (threads.length === 0) {
      printMessage(`${command} did not run any Node.js process that could be recorded`);
      if (isRestricted(args)) {
        printMessage(
          "recording under the permission model needs --allow-inspector (new versions of Node.js), " +
            `--allow-fs-read=${__dirname}/* and --allow-fs-write=${os.tmpdir()}/*`,
        );
      }
    }
    return profiles.length === 0 && exitCode === 0 ? 1 : exitCode;
  } finally {
    folder.end();
  }
}

/** Throws a {@link UserError} before the recording if the profile could not be written after it. */
function checkWritable(output: string): void {
  checkFileName(output);
  if (output !== "" && statSync(output, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UserError(`${output}: -output must name a file, not a folder`);
  }
  const folder = path.dirname(path.resolve(output));
  try {
    accessSync(output === "" ? "." : folder, constants.W_OK);
  } catch {
    throw new UserError(`cannot write the profile to ${output === "" ? "this folder" : folder}`);
  }
}

/** Returns whether options of Node enable its permission model. */
function isRestricted(args: readonly string[]): boolean {
  const options = [...args, ...(process.env.NODE_OPTIONS ?? "").split(" ")];
  return options.some((word) => /^--(?:experimental-)?permission$/.test(word));
}

/** Returns a line if samples of a thread are missing, or if its process continues. */
function lossOf(recorded: RecordedThread, continuing: ReadonlySet<number>): string | undefined {
  const { pid, program, thread, process, hasEnded, files, recordedSeconds } = recorded;
  const name = `${program || "process"} (pid ${pid}, ${thread})`;
  const seconds = `${recordedSeconds.toFixed(1)} s`;
  if (continuing.has(pid) && isAlive(process)) {
    if (hasEnded) {
      return thread === "main" ? `${name} is still running; its samples end now` : undefined;
    }
    return files.length > 0
      ? `${name} is still running, but blocked: its samples end after the first ${seconds}`
      : `${name} is still running, but blocked: its profile is not included`;
  }
  if (hasEnded) return undefined;
  const reason = "it was killed, or ended without writing them";
  return files.length > 0
    ? `the last samples of ${name} are lost, after the first ${seconds}: ${reason}`
    : `the profile of ${name} is lost: it was killed, or ended without writing it`;
}

/** Writes the profiles and shows them. Ctrl-C is ignored until the files are written. */
async function keep(...args: Parameters<typeof writeProfiles>): Promise<void> {
  const wait = () => {};
  for (const signal of ENDING) process.on(signal, wait);
  try {
    await writeProfiles(...args);
  } finally {
    for (const signal of ENDING) process.off(signal, wait);
  }
}

function shownOn(
  screen: Screen | undefined,
  write: (pieces: Pieces) => Promise<void>,
): Destination {
  return screen ? { to: "terminal", width: screen.width, write } : { to: "stream", write };
}

async function writeStderr(pieces: Pieces): Promise<void> {
  for await (const piece of pieces) {
    await new Promise<void>((resolve) => process.stderr.write(piece, () => resolve()));
  }
}
