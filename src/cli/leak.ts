import { UserError, usageError } from "../errors/user-error.js";
import type { Options } from "../options/table.js";
import { attach } from "../record/attach.js";
import { samplingsOf } from "../record/samplings.js";
import { mergeThreads } from "../record/thread-profiles.js";
import {
  DEFAULT_LEAK_SECONDS,
  type FoundGrowth,
  growthOfSources,
  leakFormat,
  makeLeak,
  writeGrowth,
} from "../session/leak.js";
import type { SourceRequest } from "../session/request.js";
import type { Client } from "../session/session.js";
import { printMessage, printNotice } from "../session/show/messages.js";
import { writeStdout } from "../session/show/output.js";
import { stdoutScreen } from "../session/show/screen.js";
import { type Destination, showReport } from "../session/show/show.js";
import { sizeLimit } from "../session/sources/size-limit.js";
import { targetsOf } from "./pid.js";

/** Shows which functions allocate memory that stays in use, and saves that as a profile. */
export async function runLeak(request: SourceRequest): Promise<void> {
  const { options } = request;
  // Now rather than after the measurement.
  leakFormat(options);
  const { growth, isNew } = await growthOf(request);
  const file =
    isNew || options.output !== "" ? await writeGrowth(growth, options.output) : undefined;
  const screen = stdoutScreen();
  const destination: Destination = screen
    ? { to: "terminal", ...screen, write: writeStdout }
    : { to: "stdout" };
  const client: Client = { warn: printMessage, compute: (work) => work() };
  await showReport(await makeLeak(growth, options), destination, client);
  if (file === undefined) return;
  printMessage(`wrote the growth to ${file}; for its flame graph, try: tsprof flame ${file}`);
}

async function growthOf(request: SourceRequest): Promise<FoundGrowth> {
  const { sources, options } = request;
  if (options.seconds === 0) throw usageError("-seconds must be at least 1, not 0");
  if (options.pid === "") return growthOfSources(request, printMessage);
  if (sources.length > 0)
    throw usageError("-pid is a running process; leave out -pid or the sources");
  return growthOfProcess(options);
}

/** Returns the growth of processes, which are sampled for the same time before. */
async function growthOfProcess(options: Options): Promise<FoundGrowth> {
  const seconds = options.seconds > 0 ? options.seconds : DEFAULT_LEAK_SECONDS;
  const [sampling] = samplingsOf(["heap"], options.interval, "-interval");
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => stop.abort());
  }
  const { pid } = options;
  printNotice(
    `sampling process ${pid} for ${seconds} s, then watching for ${seconds} s what stays in use`,
  );
  const threads = await attach(targetsOf(pid), {
    samplings: [sampling],
    comparesHeaps: true,
    seconds,
    signal: stop.signal,
    warn: printMessage,
  });
  const settings = {
    limit: sizeLimit(options),
    sourceMaps: options.source_maps,
    sampling,
    areHeapPairs: true,
  };
  const growth = await mergeThreads(threads, settings, printMessage);
  if (!growth) throw new UserError(`process ${pid} ended before the second heap profile`);
  return { growth, isNew: true };
}
