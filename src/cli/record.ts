import { accessSync, constants, readFileSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { UserError, usageError } from "../errors/user-error.js";
import { commandSpec } from "../options/commands.js";
import { defaultOptions, type Options } from "../options/table.js";
import { thisProcess } from "../platform/programs/process-identity.js";
import { CpuPoller, loggedReadings } from "../record/cpu-accounting.js";
import { sorted } from "../record/cpu-times.js";
import { RecordingFolder } from "../record/folder.js";
import { PRELOAD_SCRIPT } from "../record/own-frames.js";
import { NEAR_LIMIT_INTERVAL, type Plan } from "../record/plan.js";
import { isAlive } from "../record/process-tree.js";
import {
  type FullHeap,
  fullHeaps,
  type RecordedThread,
  recordedThreads,
} from "../record/recording.js";
import { runRecorded } from "../record/run.js";
import { readScripts } from "../record/script-log.js";
import {
  hasWaits,
  type MergeSettings,
  mergeThreads,
  profileBytes,
  type ThreadProfile,
  WAITS,
} from "../record/thread-profiles.js";
import { type Client, Session } from "../session/session.js";
import { checkFileName, writeFileOutput, writeNumberedFile } from "../session/show/file-output.js";
import { printMessage } from "../session/show/messages.js";
import { type Pieces, writeStdout } from "../session/show/output.js";
import { type Screen, screenOf, stdoutScreen } from "../session/show/screen.js";
import { type Destination, showReport } from "../session/show/show.js";
import { sizeLimit } from "../session/sources/size-limit.js";
import { parseSize } from "../units/size.js";
import { DEFAULT_HEAP_INTERVAL_BYTES, type Sampling } from "../v8/protocol.js";

const ENDING = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

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
  const { heap, allocs, pid, seconds } = options;
  if (heap && allocs) throw usageError("-heap and -allocs are two profiles; leave out one of them");
  const kind = heap || allocs ? "heap" : "cpu";
  const sampling: Sampling = { kind, interval: intervalOf(options), keepsFreed: allocs };
  if (seconds === 0 || seconds > MAX_SECONDS) {
    throw usageError(`-seconds must be from 1 to ${MAX_SECONDS}, not ${seconds}`);
  }
  if (pid === "") {
    if (command.length === 0) throw usageError("nothing to record; try: tsprof help record");
    checkWritable(options.output);
    return runProgram(command, options, sampling);
  }
  if (command.length > 0) {
    throw usageError("-pid is for a running process; leave out -pid or the program");
  }
  checkWritable(options.output);
  const { attach } = await import("../record/attach.js");
  const stop = new AbortController();
  for (const signal of ENDING) process.once(signal, () => stop.abort());
  const threads = await attach(await targetsOf(pid), {
    ...sampling,
    seconds: seconds < 0 ? DEFAULT_ATTACH_SECONDS : seconds,
    signal: stop.signal,
    warn: printMessage,
  });
  await keep(threads, sampling, options, shownOn(stdoutScreen(), writeStdout));
  return 0;
}

/** Parses the value of -pid: ids of processes, each with + for the processes below it, too. */
async function targetsOf(text: string): Promise<number[]> {
  const { nodeTree } = await import("../record/target.js");
  const targets = text.split(",").flatMap((word) => {
    const [, id, plus] = /^([1-9][0-9]{0,9})(\+?)$/.exec(word.trim()) ?? [];
    if (id === undefined) {
      throw usageError(`-pid must be ids of processes, such as 4711 or 4711,4712+, not ${text}`);
    }
    return plus === "" ? [Number(id)] : nodeTree(Number(id));
  });
  return [...new Set(targets)];
}

async function runProgram(
  [command, ...args]: readonly string[],
  options: Options,
  sampling: Sampling,
): Promise<number> {
  const folder = RecordingFolder.make();
  // After its terminal was closed, nobody can read the table, but the profile must be written.
  process.stderr.on("error", () => {});
  try {
    const plan: Plan = { folder: folder.path, recorder: thisProcess(), ...sampling };
    const cpu = new CpuPoller(folder.path);
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
    const profiles = profilesOf(threads, cpu);
    const exitCode = end.timeIsUp && end.signal !== undefined ? 0 : end.exitCode;
    if (profiles.length > 0) {
      // The table goes to standard error: standard output belongs to the program.
      try {
        await keep(profiles, sampling, options, shownOn(screenOf(process.stderr), writeStderr));
        for (const heap of fullHeaps(folder.path, threads)) await keepFullHeap(heap, options);
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

function profilesOf(threads: readonly RecordedThread[], cpu: CpuPoller): ThreadProfile[] {
  return threads.flatMap(({ pid, program, thread, files, stem }) => {
    const readings = sorted([...loggedReadings(`${stem}.cpu`), ...cpu.readings(stem)]);
    return files.map(({ path, timeNanos, durationNanos }) => ({
      ...{ pid, program, thread, timeNanos, durationNanos },
      json: () => readFileSync(path),
      scripts: () => readScripts(`${stem}.scripts`),
      cpuReadings: () => readings,
    }));
  });
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

/** Writes the heap profile of a process that came near its limit, and reports it in one line. */
async function keepFullHeap(heap: FullHeap, options: Options): Promise<void> {
  const { used, limit, sampledFrom, pid, program, file, stem, timeNanos } = heap;
  const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MB`;
  const name = `${program || "process"} (pid ${pid}, main)`;
  const fact = `the heap of ${name} came near its limit: ${megabytes(used)} of ${megabytes(limit)}`;
  if (file === undefined) return printMessage(fact);
  const main: ThreadProfile = {
    ...{ pid, program, thread: "main", timeNanos, durationNanos: 0 },
    json: () => readFileSync(file),
    scripts: () => readScripts(`${stem}.scripts`),
    cpuReadings: () => [],
  };
  const settings = settingsOf(options, { kind: "heap", interval: NEAR_LIMIT_INTERVAL });
  const profile = await mergeThreads([main], settings, printMessage);
  if (!profile) return;
  const written = await writeProfile(profileBytes(profile), "heap", "");
  printMessage(
    `${fact}; to see what it allocated after the first ${megabytes(sampledFrom)}, try: tsprof ${written}`,
  );
}

/** Writes the profile and shows its top functions. Ctrl-C is ignored until the file is written. */
async function keep(
  threads: readonly ThreadProfile[],
  sampling: Sampling,
  options: Options,
  destination: Destination,
): Promise<void> {
  const wait = () => {};
  for (const signal of ENDING) process.on(signal, wait);
  try {
    await writeAndShow(threads, sampling, options, destination);
  } finally {
    for (const signal of ENDING) process.off(signal, wait);
  }
}

async function writeAndShow(
  threads: readonly ThreadProfile[],
  sampling: Sampling,
  options: Options,
  destination: Destination,
): Promise<void> {
  const profile = await mergeThreads(threads, settingsOf(options, sampling), printMessage);
  if (!profile) return;
  const stem = sampling.keepsFreed ? "allocs" : sampling.kind;
  const file = await writeProfile(profileBytes(profile), stem, options.output);
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

function settingsOf(options: Options, sampling: Sampling): MergeSettings {
  return { limit: sizeLimit(options), sourceMaps: options.source_maps, sampling };
}

/** Writes to `output`, or to a new file such as `cpu001.pb.gz`. Returns the path. */
async function writeProfile(pieces: Pieces, stem: string, output: string): Promise<string> {
  if (output === "") return writeNumberedFile({ stem, ending: ".pb.gz" }, pieces);
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
function intervalOf({ interval, heap, allocs }: Options): number {
  if (heap || allocs) {
    const size = interval === "" ? DEFAULT_HEAP_INTERVAL_BYTES : parseSize(interval);
    if (size !== undefined && size <= 2 ** 30) return size;
    throw usageError(`-interval must be a size such as 512kb with -heap, not ${interval}`);
  }
  const [, number, unit] = /^([0-9]+\.?[0-9]*)(us|µs|ms|s)$/.exec(interval || "1ms") ?? [];
  const micros = Math.round(Number(number) * (unit === "s" ? 1e6 : unit === "ms" ? 1e3 : 1));
  // V8 allows at most 31 bits, and fails below 50 microseconds.
  if (micros >= 50 && micros <= 1e9) return micros;
  throw usageError(`-interval must be a time of 50us or more, such as 1ms, not ${interval}`);
}
