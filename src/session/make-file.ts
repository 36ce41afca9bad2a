import { existsSync, statSync } from "node:fs";
import { usageError } from "../errors/user-error.js";
import { gzip } from "../platform/files/gzip.js";
import { STDIN } from "../platform/files/input.js";
import type { Profile } from "../profile/profile.js";
import { encodePieces } from "../profile/wire/encode.js";
import { percentage } from "../units/percentage.js";
import { scaledLabel } from "../units/scale.js";
import type { SourceRequest } from "./request.js";
import { writeFileOutput, writeNumberedFile } from "./show/file-output.js";
import type { Warn } from "./show/messages.js";
import { isTerminal, writeStdout } from "./show/output.js";
import { loadProfile } from "./sources/load-profile.js";
import { sizeLimit } from "./sources/size-limit.js";

/** A file name, a colon and a weight, which is a decimal number. */
const WEIGHTED = /^(.+):([0-9]+\.?[0-9]*(?:e[+-]?[0-9]+)?|\.[0-9]+)$/is;

/** A URL with a weight after its path or query. The weight would be sent to the server. */
const WEIGHTED_URL = /^[a-z][a-z0-9+.-]*:\/\/[^/?]*[/?].*:-?[0-9.]+$/is;

/**
 * Splits sources such as `cpu.pprof:0.3` into files and weights. A weight is split off only if the
 * rest is a file and the whole is not, so that a URL with a port stays whole.
 */
export function splitWeights(operands: readonly string[]): {
  sources: string[];
  weights: number[];
} {
  const split = operands.map((operand) => {
    const [, file, text] = WEIGHTED.exec(operand) ?? [];
    const isWeighted =
      file !== undefined && !existsSync(operand) && (file === STDIN || existsSync(file));
    if (!isWeighted) {
      if (!existsSync(operand) && WEIGHTED_URL.test(operand)) {
        throw usageError("a URL cannot have a weight; save the profile to a file first");
      }
      return { source: operand, weight: 1 };
    }
    const weight = Number(text);
    if (weight > 0 && Number.isFinite(weight)) return { source: file, weight };
    throw usageError(`${operand}: the weight must be a number above 0`);
  });
  return {
    sources: split.map(({ source }) => source),
    weights: split.map(({ weight }) => weight),
  };
}

/** Merges profiles, and writes the result. Throws a {@link UserError} if that fails. */
export async function mergeFiles(request: SourceRequest, warn: Warn): Promise<void> {
  // As pprof does, writes profiles in pprof's formats as they were read.
  const asRead = { ...request, equalsPprof: true };
  const { profile } = await loadProfile(asRead, sizeLimit(request.options), warn);
  const path = await writeProfile(profile, request.options.output, ".pb.gz");
  if (path !== undefined) warn(`wrote the profile to ${path}`);
}

/**
 * Writes a profile for Go's compiler, and reports how much of it was kept. Throws a {@link
 * UserError} if the compiler could not use any of it.
 */
export async function makePgo(request: SourceRequest, warn: Warn): Promise<void> {
  const { options, sources } = request;
  if (!(options.keep > 0 && options.keep <= 1)) {
    throw usageError(`-keep must be a share above 0 and up to 1, not ${options.keep}`);
  }
  const withoutMaps: SourceRequest = { ...request, options: { ...options, source_maps: "none" } };
  const { profile } = await loadProfile(withoutMaps, sizeLimit(options), warn);
  const { pgoProfile } = await import("../transforms/pgo.js");
  const made = pgoProfile(profile, options.keep);
  const { all, kept, withoutStartLine } = made;
  if (withoutStartLine !== 0) {
    const part = percentage(withoutStartLine, all.weight).trim();
    warn(
      `${part} of the weight has callers without a start_line, which C and assembly do not record`,
    );
  }
  const before = sizeOf(sources);
  const counted = { bytes: 0 };
  const path = await writeProfile(made.profile, options.output, ".pgo", counted);
  const share = percentage(kept.weight, all.weight).trim();
  const size = scaledLabel(counted.bytes, "bytes", "auto");
  const sizeBefore =
    before === undefined ? "" : ` instead of ${scaledLabel(before, "bytes", "auto")}`;
  const where = path === undefined ? "" : `; wrote ${path}`;
  warn(
    `kept ${share} of the weight, in ${kept.calls} of ${all.calls} calls: ${size}${sizeBefore}${where}`,
  );
}

/** Writes to `output`, standard output or, on a terminal, a new file. Returns the file's path. */
async function writeProfile(
  profile: Profile,
  output: string,
  ending: ".pb.gz" | ".pgo",
  counted = { bytes: 0 },
): Promise<string | undefined> {
  // A profile for the compiler is kept in a repository, so its size matters.
  const level = ending === ".pgo" ? 9 : undefined;
  const pieces = counting(gzip(encodePieces(profile), level), counted);
  if (output !== "") {
    await writeFileOutput(output, pieces);
    return output;
  }
  if (isTerminal()) return writeNumberedFile({ stem: "profile", ending }, pieces);
  await writeStdout(pieces);
  return undefined;
}

async function* counting(
  pieces: AsyncIterable<Uint8Array>,
  counted: { bytes: number },
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    counted.bytes += piece.length;
    yield piece;
  }
}

/** Returns the size of all files in bytes; undefined if a source is not a file. */
function sizeOf(sources: readonly string[]): number | undefined {
  let size = 0;
  for (const source of sources) {
    const found = source === STDIN ? undefined : statSync(source, { throwIfNoEntry: false });
    if (!found?.isFile()) return undefined;
    size += found.size;
  }
  return size;
}
