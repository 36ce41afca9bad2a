/** Writes the profiles of a recording of `tsprof/auto`, in a worker thread of the watcher. */
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { workerData } from "node:worker_threads";
import { StagedFile } from "../../platform/files/staged-file.js";
import { systemReason } from "../../platform/system-reason.js";
import type { Profile } from "../../profile/profile.js";
import { addComment } from "../../transforms/add-comment.js";
import { profileKind, type Sampling } from "../../v8/protocol.js";
import { NEAR_LIMIT_SAMPLING } from "../plan.js";
import { fullHeapProfile, recordedProfiles } from "../recorded-profiles.js";
import { fullHeaps, recordedThreads } from "../recording.js";
import { mergeThreads, profileBytes, type ThreadProfile } from "../thread-profiles.js";
import type { WriteRequest } from "./auto-protocol.js";
import { outputPath } from "./output-name.js";
import { printLine } from "./print-line.js";

/** The largest memory that the conversion of profiles may need. */
const LIMIT_BYTES = 2 ** 31;

const POLL_MS = 20;

async function writeRecording(request: WriteRequest): Promise<void> {
  const { folder, settings, waitMs } = request;
  await waitForThreads(folder, waitMs);
  const threads = recordedThreads(folder);
  const profiles = recordedProfiles(threads);
  const comments = threads
    .filter(({ hasEnded }) => !hasEnded)
    .map(({ thread }) => `the last samples of ${thread} are missing: it was killed, or blocked`);
  for (const sampling of settings.samplings) {
    await writeProfile(profiles, sampling, request, comments);
  }
  for (const heap of fullHeaps(folder, threads)) {
    const profile = fullHeapProfile(heap);
    if (profile) await writeProfile([profile], NEAR_LIMIT_SAMPLING, request, []);
  }
}

/** Waits until all threads of a recording have written their samples. */
async function waitForThreads(folder: string, waitMs: number): Promise<void> {
  const end = performance.now() + waitMs;
  while (recordedThreads(folder).some(({ hasEnded }) => !hasEnded)) {
    if (performance.now() >= end) return;
    await sleep(POLL_MS);
  }
}

async function writeProfile(
  threads: readonly ThreadProfile[],
  sampling: Sampling,
  { settings, workingFolder }: WriteRequest,
  losses: readonly string[],
): Promise<void> {
  const comments = [...losses];
  const merged = await mergeThreads(
    threads,
    { limit: LIMIT_BYTES, sourceMaps: settings.sourceMaps, sampling },
    (line) => comments.push(line),
  );
  if (!merged) return;
  // Printed warnings would mix with the program's output.
  const profile = comments.reduce((commented, line) => addComment(commented, line), merged);
  const [{ pid, program }] = threads;
  const { timeNanos } = merged;
  const named = { kind: profileKind(sampling), pid, program, timeNanos: BigInt(timeNanos) };
  const output = path.resolve(workingFolder, settings.output);
  const isFolder = /[\\/]$/.test(settings.output);
  const nameOf = (attempt: number) => outputPath(isFolder ? `${output}/` : output, named, attempt);
  mkdirSync(path.dirname(nameOf(1)), { recursive: true });
  await writeNewFile(nameOf, profile);
}

/** Writes a new file under the first free name. Never replaces a file. */
async function writeNewFile(nameOf: (attempt: number) => string, profile: Profile): Promise<void> {
  const staged = new StagedFile(nameOf(1), undefined);
  try {
    for await (const piece of profileBytes(profile)) staged.write(piece);
  } catch (error) {
    staged.discard();
    throw error;
  }
  let attempt = 1;
  while (!staged.takeFreeName(nameOf(attempt))) attempt++;
}

/** Describes an error in one line. */
function describe(error: unknown): string {
  const { path: file, message } = error as NodeJS.ErrnoException;
  const reason = systemReason(error) ?? message;
  return file === undefined
    ? `cannot write the profile: ${reason}`
    : `cannot write ${file}: ${reason}`;
}

const request: WriteRequest = workerData;
writeRecording(request)
  .catch((error: unknown) => printLine(describe(error)))
  .finally(() => rmSync(request.folder, { recursive: true, force: true }));
