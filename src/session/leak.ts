import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError, usageError } from "../errors/user-error.js";
import { readSourceUrl } from "../fetch/source-url.js";
import type { Options } from "../options/table.js";
import { gzip } from "../platform/files/gzip.js";
import { ProfileError } from "../profile/errors.js";
import type { Profile } from "../profile/profile.js";
import { encodePieces } from "../profile/wire/encode.js";
import { type DataFormat, renderData } from "../render/data/index.js";
import { leakData } from "../render/leak/data.js";
import { leakFacts, renderLeak } from "../render/leak/text.js";
import type { ReportSpec } from "../report/input.js";
import { isHeapGrowth, leak } from "../report/leak.js";
import { selectInput } from "../report/request.js";
import { heapGrowth } from "../transforms/heap-growth.js";
import { patternsFor } from "../view/load-engines.js";
import type { MadeReport } from "./reports/made-report.js";
import type { SourceRequest } from "./request.js";
import { Session } from "./session.js";
import { writeFileOutput, writeNumberedFile } from "./show/file-output.js";
import type { Warn } from "./show/messages.js";
import { sizeLimit } from "./sources/size-limit.js";

/** All functions count; the renderers limit the rows. */
const ALL_NODES: ReportSpec = { nodeCount: 0, isUntrimmed: true };

/** The number of rows in reports for people, without -nodecount. */
const DEFAULT_ROWS = 15;

/** The default of -seconds, between the two heap profiles of a server. */
export const DEFAULT_LEAK_SECONDS = 30;

/** The path of heap profiles on Go's servers and on those of tsprof/http. */
const HEAP_PATH = "/debug/pprof/heap";

/** The growth of the memory in use. */
export interface FoundGrowth {
  readonly growth: Profile;
  /** Whether it was measured now, so that it cannot be had again. */
  readonly isNew: boolean;
}

/**
 * Returns the growth of the memory in use between two heap profiles: two files, or two requests to a
 * server. One file may be a growth that was saved before. Throws a {@link UserError} if the sources
 * cannot be compared.
 */
export async function growthOfSources(
  { sources, options }: SourceRequest,
  warn: Warn,
): Promise<FoundGrowth> {
  const [first, second, third] = sources;
  if (third !== undefined) throw usageError("leak compares two profiles, not more");
  const isServer = !existsSync(first) && readSourceUrl(first, options) !== undefined;
  if (isServer && second !== undefined) {
    throw usageError("leak requests both profiles of a server itself; leave out the second source");
  }
  if (isServer) return { growth: await growthOfServer(first, options, warn), isNew: true };
  const before = await read(first, options, warn);
  if (second !== undefined) {
    const after = await read(second, options, warn);
    return { growth: compare(before, after, second, options), isNew: false };
  }
  if (isHeapGrowth(before)) return { growth: before, isNew: false };
  throw usageError(
    `leak compares two heap profiles, and ${first} is only one; try: tsprof leak BEFORE AFTER`,
  );
}

/** Returns the format of the report. Throws a {@link UserError} if the report does not have it. */
export function leakFormat({ format }: Options): DataFormat | "text" {
  if (format !== "github") return format;
  throw usageError("leak has no -format=github; it has text, markdown, json, csv and tsv");
}

/** Makes the report of a growth. */
export async function makeLeak(growth: Profile, options: Options): Promise<MadeReport> {
  const compile = await patternsFor(options, growth);
  const report = leak(selectInput(growth, options, ALL_NODES, compile).input);
  const { nodecount, csv_exact: isExact } = options;
  const format = leakFormat(options);
  const rowLimit = nodecount < 0 ? DEFAULT_ROWS : nodecount;
  if (format === "text") {
    return {
      text: () => renderLeak(report, rowLimit),
      draw: async (terminal) =>
        (await import("../terminal/leak.js")).drawLeak(report, rowLimit, terminal),
    };
  }
  return { text: () => renderData(format, leakData(report, leakFacts(report)), isExact) };
}

/** Writes the growth to `output`, or to a new file such as `leak001.pb.gz`. Returns the path. */
export async function writeGrowth(growth: Profile, output: string): Promise<string> {
  const pieces = gzip(encodePieces(growth));
  if (output === "") return writeNumberedFile({ stem: "leak", ending: ".pb.gz" }, pieces);
  await writeFileOutput(output, pieces);
  return output;
}

async function growthOfServer(source: string, options: Options, warn: Warn): Promise<Profile> {
  const address = heapAddress(source);
  const seconds = options.seconds > 0 ? options.seconds : DEFAULT_LEAK_SECONDS;
  const once = { ...options, seconds: -1 };
  const before = await read(address, once, warn);
  if (!isSampled(before)) {
    throw new UserError(
      `${source}: the program does not sample its heap all the time; call startHeapSampling() at its start`,
    );
  }
  if (!countsAllocations(before)) {
    // A server of tsprof/http knows which objects are new.
    const growth = await read(address, { ...options, seconds }, warn);
    if (isHeapGrowth(growth)) return growth;
  } else {
    await sleep(seconds * 1000);
  }
  return compare(before, await read(address, once, warn), source, options);
}

function compare(before: Profile, after: Profile, name: string, options: Options): Profile {
  try {
    return heapGrowth(before, after, sizeLimit(options));
  } catch (error) {
    if (!(error instanceof ProfileError)) throw error;
    throw new UserError(`${name}: ${error.message}`, { cause: error });
  }
}

async function read(source: string, options: Options, warn: Warn): Promise<Profile> {
  // Copies of downloaded profiles are of no use: the growth is saved.
  const own = { ...options, no_save: true };
  return (await Session.open({ sources: [source], options: own }, warn)).profile;
}

function countsAllocations({ sampleTypes, strings }: Profile): boolean {
  return sampleTypes.some(({ type }) => strings.get(type) === "alloc_space");
}

/** The beginning of the comment on heap profiles that cover only the time of the request. */
const BRIEF_COMMENT = "covers only ";

function isSampled({ comments, strings }: Profile): boolean {
  return !comments.some((comment) => strings.get(comment).startsWith(BRIEF_COMMENT));
}

/** Returns the address of a server's heap profiles after a garbage collection. */
function heapAddress(source: string): string {
  const [withoutFragment] = source.split("#");
  const [, address = "", query = ""] = /^([^?]*)\??(.*)$/s.exec(withoutFragment) ?? [];
  const [, server, path = ""] =
    /^(unix:.+?:|(?:[A-Za-z][A-Za-z0-9+.-]*:\/\/)?[^/]*)(\/.*)?$/s.exec(address) ?? [];
  const isHeap = !/^(\/debug\/pprof)?\/?$/.test(path);
  const parameters = new URLSearchParams(query);
  parameters.set("gc", "1");
  return `${server}${isHeap ? path : HEAP_PATH}?${parameters}`;
}
