import { existsSync } from "node:fs";
import path from "node:path";
import { commandSpec } from "../options/commands.js";
import { defaultOptions, type Options } from "../options/table.js";
import { NEAR_LIMIT_SAMPLING } from "../record/plan.js";
import { fullHeapProfile } from "../record/recorded-profiles.js";
import type { FullHeap } from "../record/recording.js";
import {
  hasWaits,
  mergeThreads,
  profileBytes,
  type ThreadProfile,
  WAITS,
} from "../record/thread-profiles.js";
import { type Client, Session } from "../session/session.js";
import { writeFileOutput, writeNumberedFile } from "../session/show/file-output.js";
import { printMessage } from "../session/show/messages.js";
import type { Pieces } from "../session/show/output.js";
import { type Destination, showReport } from "../session/show/show.js";
import { sizeLimit } from "../session/sources/size-limit.js";
import { profileKind, type Sampling } from "../v8/protocol.js";

/** The rows of the table at the end. */
const TOP_ROWS = 10;

const CLIENT: Client = { warn: printMessage, compute: (work) => work() };

/**
 * Writes the profile of each sampling, and shows its top functions. With -html, also writes the web
 * interface with the profile, and opens it.
 */
export async function writeProfiles(
  threads: readonly ThreadProfile[],
  samplings: readonly Sampling[],
  options: Options,
  destination: Destination,
): Promise<void> {
  for (const sampling of samplings) {
    const profile = await merged(threads, sampling, options);
    if (!profile) continue;
    const output = options.output.replaceAll("{kind}", profileKind(sampling));
    const file = await writeProfile(profileBytes(profile), profileKind(sampling), output);
    const shown = {
      ...defaultOptions(),
      max_size: options.max_size,
      // The file is mapped already.
      source_maps: "none" as const,
      // Without waiting threads, which would be at the top and make all other shares small.
      ...(hasWaits(profile) && { ignore: WAITS, relative_percentages: true }),
    };
    const session = await Session.open({ sources: [file], options: shown }, printMessage);
    const request = {
      command: commandSpec("top"),
      parameter: undefined,
      options: {
        ...shown,
        nodecount: TOP_ROWS,
        // The recorded program is a script, so that names do not identify its functions.
        identity: "definition" as const,
      },
    };
    await showReport(await session.report(request, CLIENT), destination, CLIENT);
    printMessage(`wrote the profile to ${file}; for more, try: tsprof ${file}`);
    if (options.html) await writePage(session, file, shown);
  }
}

/** Writes the web interface with a profile beside it, and opens it if there is a display. */
async function writePage(session: Session, profile: string, options: Options): Promise<void> {
  const request = { command: commandSpec("html"), parameter: undefined, options };
  // The page stays on this machine, so that a warning about the source files in it is not needed.
  const report = await session.report(request, { ...CLIENT, warn: () => {} });
  const file = freePageName(profile);
  await showReport(report, { to: "file", path: file }, CLIENT);
  const { openInBrowser } = await import("../session/show/viewers.js");
  const { platform, env } = process;
  const browser = env.CI ? undefined : await openInBrowser(path.resolve(file), { platform, env });
  printMessage(
    browser === undefined
      ? `wrote the flame graph to ${file}; open it with a browser`
      : `wrote the flame graph to ${file}, and opened it with ${browser}`,
  );
}

/** Returns the name of a profile with the ending .html, and a number if that name is taken. */
function freePageName(profile: string): string {
  const stem = profile.replace(/(?:\.pb|\.pprof)?(?:\.gz)?$/, "");
  for (let number = 1; ; number++) {
    const name = `${stem}${number === 1 ? "" : `-${number}`}.html`;
    if (!existsSync(name)) return name;
  }
}

/** Writes the heap profile of a process that came near its limit, and reports it in one line. */
export async function writeFullHeap(heap: FullHeap, options: Options): Promise<void> {
  const { used, limit, sampledFrom, pid, program } = heap;
  const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MB`;
  const name = `${program || "process"} (pid ${pid}, main)`;
  const fact = `the heap of ${name} came near its limit: ${megabytes(used)} of ${megabytes(limit)}`;
  const main = fullHeapProfile(heap);
  if (!main) return printMessage(fact);
  const profile = await merged([main], NEAR_LIMIT_SAMPLING, options);
  if (!profile) return;
  const written = await writeProfile(profileBytes(profile), "heap", "");
  printMessage(
    `${fact}; to see what it allocated after the first ${megabytes(sampledFrom)}, try: tsprof ${written}`,
  );
}

function merged(threads: readonly ThreadProfile[], sampling: Sampling, options: Options) {
  const settings = { limit: sizeLimit(options), sourceMaps: options.source_maps, sampling };
  return mergeThreads(threads, settings, printMessage);
}

/** Writes to `output`, or to a new file such as `cpu001.pb.gz`. Returns the path. */
async function writeProfile(pieces: Pieces, stem: string, output: string): Promise<string> {
  if (output === "") return writeNumberedFile({ stem, ending: ".pb.gz" }, pieces);
  await writeFileOutput(output, pieces);
  return output;
}
