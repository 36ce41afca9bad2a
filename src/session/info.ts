import { readWithFormat } from "../formats/read.js";
import type { Options } from "../options/table.js";
import { gunzip } from "../platform/gunzip.js";
import { formatLocalTime } from "../platform/time-zone.js";
import { jsonText } from "../render/data/json.js";
import { type FileInfo, infoFields, renderInfo } from "../render/info.js";
import { profileInfo } from "../report/info.js";
import { describeError } from "./errors.js";
import { writeFileOutput } from "./show/file-output.js";
import type { Warn } from "./show/notices.js";
import { writeStdout } from "./show/output.js";
import { stdoutScreen } from "./show/screen.js";
import { OpenSources, type Source } from "./sources/open-sources.js";
import { sizeLimit } from "./sources/size-limit.js";

/** The formats in which `info` tells. */
export type InfoFormat = "text" | "json";

/** What was found, as text in pieces. Those that could not be read are only in JSON. */
async function* infoPieces(
  found: AsyncIterable<FileInfo> | Iterable<FileInfo>,
  format: InfoFormat,
): AsyncGenerator<string> {
  if (format === "json") yield '{\n  "schema": "tsprof/info/1",\n  "files": [';
  let isFirst = true;
  for await (const file of found) {
    if (format === "json") {
      yield `${isFirst ? "" : ","}\n    ${jsonText(infoFields(file))}`;
    } else if (!("problem" in file)) {
      yield (isFirst ? "" : "\n") + renderInfo(file, formatLocalTime);
    } else continue;
    isFirst = false;
  }
  if (format === "json") yield "\n  ]\n}\n";
}

/**
 * Writes what files and URLs are to standard output, or where the options say. Those that cannot
 * be read are told of. Returns whether all of them could be.
 */
export async function writeInfo(
  files: readonly string[],
  options: Options & { readonly format: InfoFormat },
  warn: Warn,
): Promise<boolean> {
  const limit = sizeLimit(options);
  const opened = new OpenSources(files, "", { options, limit });
  let isWell = true;
  async function* look(tell: Warn): AsyncGenerator<FileInfo> {
    for (const source of opened.main) {
      const file = await lookAt(source, limit);
      if ("problem" in file) {
        isWell = false;
        tell(`${file.file}: ${file.problem}`);
      }
      yield file;
    }
  }
  const lookAtAll = async (tell: Warn) => {
    const found: FileInfo[] = [];
    for await (const file of look(tell)) found.push(file);
    return found;
  };
  // Nothing is written while the line is drawn that tells how far downloads are.
  const found = opened.urls.length === 0 ? look(warn) : await opened.reading(lookAtAll, warn);
  const pieces = infoPieces(found, options.format);
  const screen = options.format === "text" ? stdoutScreen() : undefined;
  if (options.output !== "") await writeFileOutput(options.output, pieces);
  else await writeStdout(screen ? withinWidth(pieces, screen.width) : pieces);
  return isWell;
}

/** The same lines, folded to `width` columns. */
async function* withinWidth(pieces: AsyncIterable<string>, width: number): AsyncGenerator<string> {
  const { foldLine } = await import("../terminal/fit.js");
  for await (const piece of pieces) {
    const lines = piece.split("\n");
    yield lines.flatMap((line) => foldLine(line, width, Number.POSITIVE_INFINITY)).join("\n");
  }
}

async function lookAt(source: Source, limit: number): Promise<FileInfo> {
  const { name } = source;
  try {
    const bytes = await source.bytes();
    const { profile, format } = await readWithFormat(bytes, gunzip, limit);
    return { file: name, bytes: bytes.length, format, info: profileInfo(profile, format.name) };
  } catch (error) {
    const what = describeError(error);
    return {
      file: name,
      problem: what.startsWith(`${name}: `) ? what.slice(name.length + 2) : what,
    };
  }
}
