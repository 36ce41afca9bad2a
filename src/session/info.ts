import { existsSync } from "node:fs";
import { gunzip } from "../node/gunzip.js";
import { readSourceUrl } from "../node/http/source-url.js";
import { maskPassword } from "../node/http/target.js";
import { readInput, STDIN } from "../node/input.js";
import { formatLocalTime } from "../node/time-zone.js";
import type { Options } from "../options/table.js";
import { readWithFormat } from "../profile/read.js";
import { withoutControls } from "../render/controls.js";
import { jsonText } from "../render/data/json.js";
import { type FileInfo, infoFields, renderInfo } from "../render/info.js";
import { profileInfo } from "../report/info.js";
import { describeError } from "./errors.js";
import { writeFileOutput, writeStdout } from "./output.js";
import type { Warn } from "./session.js";
import { sizeLimit } from "./size-limit.js";

/** The formats in which `info` tells. */
export type InfoFormat = "text" | "json";

/**
 * Tells of each file what it is, in pieces as they are read. Files that cannot be read are told
 * of, too: `onProblem` is called for each.
 */
async function* infoPieces(
  files: readonly string[],
  format: InfoFormat,
  limit: number,
  onProblem: Warn,
): AsyncGenerator<string> {
  if (format === "json") yield '{\n  "schema": "tsprof/info/1",\n  "files": [';
  let isFirst = true;
  for (const file of files) {
    const found = await lookAt(file, limit);
    if ("problem" in found) onProblem(`${found.file}: ${found.problem}`);
    if (format === "json") {
      yield `${isFirst ? "" : ","}\n    ${jsonText(infoFields(found))}`;
    } else if (!("problem" in found)) {
      yield (isFirst ? "" : "\n") + withoutControls(renderInfo(found, formatLocalTime));
    } else continue;
    isFirst = false;
  }
  if (format === "json") yield "\n  ]\n}\n";
}

/**
 * Writes what files are to standard output, or where the options say. Returns whether all of
 * them could be read.
 */
export async function writeInfo(
  files: readonly string[],
  options: Pick<Options, "output" | "max_size"> & { readonly format: InfoFormat },
  warn: Warn,
): Promise<boolean> {
  let isWell = true;
  const pieces = infoPieces(files, options.format, sizeLimit(options), (line) => {
    isWell = false;
    warn(line);
  });
  if (options.output === "") await writeStdout(pieces);
  else await writeFileOutput(options.output, pieces);
  return isWell;
}

async function lookAt(source: string, limit: number): Promise<FileInfo> {
  const file = source === STDIN ? "standard input" : maskPassword(source);
  try {
    if (source !== STDIN && !existsSync(source) && isUrl(source)) {
      throw new Error("info reads files; fetch it first: tsprof proto -output FILE URL");
    }
    const bytes = await readInput(source, limit);
    const { profile, format } = await readWithFormat(bytes, gunzip, limit);
    return { file, bytes: bytes.length, format, info: profileInfo(profile, format.name) };
  } catch (error) {
    const what = describeError(error);
    return { file, problem: what.startsWith(`${file}: `) ? what.slice(file.length + 2) : what };
  }
}

function isUrl(source: string): boolean {
  return readSourceUrl(source, { seconds: -1, timeout: -1 }) !== undefined;
}
