import { accessSync, constants, statSync } from "node:fs";
import path from "node:path";
import { UserError, usageError } from "../errors/user-error.js";
import { commandSpec } from "../options/commands.js";
import { defaultOptions, type Options } from "../options/table.js";
import { isRunning, thisProcess } from "../platform/programs/process-identity.js";
import { RecordingFolder } from "../record/folder.js";
import type { Plan, ProfileKind } from "../record/plan.js";
import {
  hasWaits,
  type LostThread,
  mergeThreads,
  profileBytes,
  recordedThreads,
  type ThreadProfile,
  WAITS,
} from "../record/recorded.js";
import { runRecorded } from "../record/run.js";
import { type Client, Session } from "../session/session.js";
import { checkFileName, writeFileOutput, writeNumberedFile } from "../session/show/file-output.js";
import { printMessage } from "../session/show/messages.js";
import { type Pieces, writeStdout } from "../session/show/output.js";
import { type Screen, screenOf, stdoutScreen } from "../session/show/screen.js";
import { type Destination, showReport } from "../session/show/show.js";
import { sizeLimit } from "../session/sources/size-limit.js";
import { parseSize } from "../units/size.js";

/** The rows of the table at the end. */
const TOP_ROWS = 10;

/** The default of -seconds for a running process. */
const DEFAULT_ATTACH_SECONDS = 10;

/** More than a week, and less than the limit of timers. */
const MAX_SECONDS = 1_000_000;

/**
 * Records a program or a running process, and shows the functions by cost. Returns the exit code.
 */
export async function runRecord(command: readonly string[], options: Options): Promise<number> {
  const { heap, pid, seconds } = options;
  const kind: ProfileKind = heap ? "heap" : "cpu";
  const interval = intervalOf(options);
  if (seconds === 0 || seconds > MAX_SECONDS) {
    throw usageError(`-seconds must be from 1 to ${MAX_SECONDS}, not ${seconds}`);
  }
  if (pid === -1) {
    if (command.length === 0) throw usageError("nothing to record; try: tsprof help record");
    checkWritable(options.output);
    return runProgram(command, options, kind, interval);
  }
  if (command.length > 0) {
    throw usageError("-pid is for a running process; leave out -pid or the program");
  }
  if (pid < 1) throw usageError(`-pid must be the id of a process, not ${pid}`);
  checkWritable(options.output);
  const { attach } = await import("../record/attach.js");
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once("SIGINT", onSignal);
  process.once("SIGTERM", onSignal);
  const threads = await attach(pid, {
    kind,
    interval,
    seconds: seconds < 0 ? DEFAULT_ATTACH_SECONDS : seconds,
    signal: stop.signal,
    warn: printMessage,
  });
  await keep(threads, kind, options, shownOn(stdoutScreen(), writeStdout));
  return 0;
}

async function runProgram(
  [command, ...args]: readonly string[],
  options: Options,
  kind: ProfileKind,
  interval: number,
): Promise<number> {
  const folder = RecordingFolder.make();
  try {
    const plan: Plan = { folder: folder.path, recorder: thisProcess(), kind, interval };
    const end = await runRecorded({
      command,
      args,
      plan,
      preload: path.join(__dirname, "record-preload.cjs"),
      seconds: Math.max(0, options.seconds),
      async rescue(pid, expression) {
        const { evaluateIn } = await import("../record/attach.js");
        await evaluateIn(pid, expression);
      },
    }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT")
        throw new UserError(`cannot run ${command}: there is no such program`);
      throw error;
    });
    const { found, lost } = recordedThreads(folder.path);
    for (const thread of lost) printMessage(lossOf(thread));
    const exitCode = end.timeIsUp && end.signal !== undefined ? 0 : end.exitCode;
    if (found.length > 0) {
      // The table goes to standard error: standard output belongs to the program.
      try {
        await keep(found, kind, options, shownOn(screenOf(process.stderr), writeStderr));
      } catch (error) {
        folder.keep();
        printMessage(
          `V8's profiles are in ${folder.path}: tsprof reads each of its .profile files`,
        );
        throw error;
      }
    } else if (lost.length === 0) {
      printMessage(`${command} did not run any Node.js process that could be recorded`);
    }
    return found.length === 0 && exitCode === 0 ? 1 : exitCode;
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

function lossOf({ pid, program, thread }: LostThread): string {
  const name = `${program || "process"} (pid ${pid}, ${thread})`;
  return thread === "main" && isRunning({ pid })
    ? `${name} is still running, and its profile is not included`
    : `the profile of ${name} is lost: the process was killed, or ended without writing it`;
}

/** Writes the profile and shows its top functions. Ctrl-C is ignored until the file is written. */
async function keep(
  threads: readonly ThreadProfile[],
  kind: ProfileKind,
  options: Options,
  destination: Destination,
): Promise<void> {
  const wait = () => {};
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, wait);
  try {
    await writeAndShow(threads, kind, options, destination);
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"]) process.off(signal, wait);
  }
}

async function writeAndShow(
  threads: readonly ThreadProfile[],
  kind: ProfileKind,
  options: Options,
  destination: Destination,
): Promise<void> {
  const settings = { limit: sizeLimit(options), sourceMaps: options.source_maps };
  const profile = await mergeThreads(threads, settings, printMessage);
  if (!profile) return;
  const file = await writeProfile(profileBytes(profile), kind, options.output);
  const shown = {
    ...defaultOptions(),
    max_size: options.max_size,
    // The file is mapped already.
    source_maps: "none" as const,
    nodecount: TOP_ROWS,
    // Without waiting threads, which would be at the top and make all other shares small.
    ...(hasWaits(profile) && { ignore: WAITS, relative_percentages: true }),
  };
  const session = await Session.open({ sources: [file], options: shown }, printMessage);
  const request = {
    command: commandSpec("top"),
    parameter: undefined,
    // The recorded program is a script, so that names do not identify its functions.
    options: { ...shown, identity: "definition" as const },
  };
  const client: Client = { warn: printMessage, compute: (work) => work() };
  await showReport(await session.report(request, client), destination, client);
  printMessage(`wrote the profile to ${file}; for more, try: tsprof ${file}`);
}

/** Writes to `output`, or to a new file such as `cpu001.pb.gz`. Returns the path. */
async function writeProfile(pieces: Pieces, kind: ProfileKind, output: string): Promise<string> {
  if (output === "") return writeNumberedFile({ stem: kind, ending: ".pb.gz" }, pieces);
  await writeFileOutput(output, pieces);
  return output;
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

/** Returns the value of -interval in microseconds or bytes. Throws a {@link UserError}. */
function intervalOf({ interval, heap }: Options): number {
  if (heap) {
    const size = parseSize(interval || "512kb");
    if (size !== undefined && size <= 2 ** 30) return size;
    throw usageError(`-interval must be a size such as 512kb with -heap, not ${interval}`);
  }
  const [, number, unit] = /^([0-9]+\.?[0-9]*)(us|µs|ms|s)$/.exec(interval || "1ms") ?? [];
  const micros = Math.round(Number(number) * (unit === "s" ? 1e6 : unit === "ms" ? 1e3 : 1));
  // V8 allows at most 31 bits, and fails below 50 microseconds.
  if (micros >= 50 && micros <= 1e9) return micros;
  throw usageError(`-interval must be a time of 50us or more, such as 1ms, not ${interval}`);
}
