import { existsSync, statSync } from "node:fs";
import { usageError } from "../errors/user-error.js";
import { gzip } from "../platform/gzip.js";
import { STDIN } from "../platform/input.js";
import type { Profile } from "../profile/profile.js";
import { encodePieces } from "../profile/wire/encode.js";
import { percentage } from "../units/percentage.js";
import { scaledLabel } from "../units/scale.js";
import type { SourceRequest } from "./request.js";
import { writeFileOutput, writeNumberedFile } from "./show/file-output.js";
import type { Warn } from "./show/notices.js";
import { isTerminal, writeStdout } from "./show/output.js";
import { loadProfile } from "./sources/load-profile.js";
import { sizeLimit } from "./sources/size-limit.js";

/** A weight behind a file: a decimal number. */
const WEIGHTED = /^(.+):([0-9]+\.?[0-9]*(?:e[+-]?[0-9]+)?|\.[0-9]+)$/is;

/** A number behind the path or the query of an address, which would be sent to the server. */
const WEIGHTED_URL = /^[a-z][a-z0-9+.-]*:\/\/[^/?]*[/?].*:-?[0-9.]+$/is;

/**
 * Takes the weights off sources such as `cpu.pprof:0.3`. What exists under its whole name is
 * taken as it is, and so is what is no file without its end either, such as a URL with a port.
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
        throw usageError("a weight is for files; save the profile of the address first");
      }
      return { source: operand, weight: 1 };
    }
    const weight = Number(text);
    if (weight > 0 && Number.isFinite(weight)) return { source: file, weight };
    throw usageError(`${operand}: a weight is a number above 0`);
  });
  return {
    sources: split.map(({ source }) => source),
    weights: split.map(({ weight }) => weight),
  };
}

/** Adds profiles up, and writes the sum. Throws an Error of one line where that cannot be. */
export async function mergeFiles(request: SourceRequest, warn: Warn): Promise<void> {
  const { profile } = await loadProfile(request, sizeLimit(request.options), warn);
  const path = await writeProfile(profile, request.options.output, ".pb.gz");
  if (path !== undefined) warn(`wrote the profile to ${path}`);
}

/**
 * Makes a profile for Go's compiler, writes it, and tells what was kept. Throws an Error of one
 * line where the compiler could use nothing of it.
 */
export async function makePgo(request: SourceRequest, warn: Warn): Promise<void> {
  const { options, sources } = request;
  if (!(options.keep > 0 && options.keep <= 1)) {
    throw usageError(`-keep wants a share above 0 and up to 1, not ${options.keep}`);
  }
  const { profile } = await loadProfile(request, sizeLimit(options), warn);
  const { pgoProfile } = await import("../transforms/pgo.js");
  const made = pgoProfile(profile, options.keep);
  const { all, kept, withoutStartLine } = made;
  if (withoutStartLine !== 0) {
    const part = percentage(withoutStartLine, all.weight).trim();
    warn(
      `${part} of the weight is of callers without a first line (start_line), as C and assembly have none`,
    );
  }
  const before = sizeOf(sources);
  const counted = { bytes: 0 };
  const path = await writeProfile(made.profile, options.output, ".pgo", counted);
  const share = percentage(kept.weight, all.weight).trim();
  const size = scaledLabel(counted.bytes, "bytes", "auto");
  const was = before === undefined ? "" : ` instead of ${scaledLabel(before, "bytes", "auto")}`;
  const where = path === undefined ? "" : `; wrote ${path}`;
  warn(
    `kept ${share} of the weight, in ${kept.calls} of ${all.calls} calls: ${size}${was}${where}`,
  );
}

/**
 * Writes a profile to a file, or to standard output; on a terminal to a new file. Returns the
 * file, if there is one.
 */
async function writeProfile(
  profile: Profile,
  output: string,
  ending: ".pb.gz" | ".pgo",
  counted = { bytes: 0 },
): Promise<string | undefined> {
  // A profile for the compiler is small, and kept for long.
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

/** How many bytes the files have together; undefined where one of them is none. */
function sizeOf(sources: readonly string[]): number | undefined {
  let size = 0;
  for (const source of sources) {
    const found = source === STDIN ? undefined : statSync(source, { throwIfNoEntry: false });
    if (!found?.isFile()) return undefined;
    size += found.size;
  }
  return size;
}
