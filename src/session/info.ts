import { readWithFormat } from "../formats/read.js";
import type { Options } from "../options/table.js";
import { gunzip } from "../platform/files/gunzip.js";
import { formatLocalTime } from "../platform/time-zone.js";
import { jsonText } from "../render/data/json.js";
import { type FileInfo, infoFields, renderInfo } from "../render/info.js";
import { collectProfileInfo } from "../report/info.js";
import { describeError } from "./errors.js";
import { writeFileOutput } from "./show/file-output.js";
import type { Warn } from "./show/messages.js";
import { writeStdout } from "./show/output.js";
import { stdoutScreen } from "./show/screen.js";
import { OpenSources, type Source } from "./sources/open-sources.js";
import { sizeLimit } from "./sources/size-limit.js";

export type InfoFormat = "text" | "json";

/** Returns the output in pieces. Only JSON contains the files that could not be read. */
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

/** Writes facts about profiles. Warns about unreadable ones; returns whether there are none. */
export async function writeInfo(
  files: readonly string[],
  options: Options & { readonly format: InfoFormat },
  warn: Warn,
): Promise<boolean> {
  const limit = sizeLimit(options);
  const opened = new OpenSources(files, "", { options, limit });
  let areAllReadable = true;
  async function* inspectEach(report: Warn): AsyncGenerator<FileInfo> {
    for (const source of opened.main) {
      const file = await inspect(source, limit, report);
      if ("problem" in file) {
        areAllReadable = false;
        report(`${file.file}: ${file.problem}`);
      }
      yield file;
    }
  }
  const inspectAll = async (report: Warn) => {
    const found: FileInfo[] = [];
    for await (const file of inspectEach(report)) found.push(file);
    return found;
  };
  // Output must not mix with the progress line of downloads.
  const found =
    opened.urls.length === 0 ? inspectEach(warn) : await opened.reading(inspectAll, warn);
  const pieces = infoPieces(found, options.format);
  const screen = options.format === "text" ? stdoutScreen() : undefined;
  if (options.output !== "") await writeFileOutput(options.output, pieces);
  else await writeStdout(screen ? withinWidth(pieces, screen.width) : pieces);
  return areAllReadable;
}

/** Folds lines to `width` columns. */
async function* withinWidth(pieces: AsyncIterable<string>, width: number): AsyncGenerator<string> {
  const { foldLine } = await import("../terminal/fit.js");
  for await (const piece of pieces) {
    const lines = piece.split("\n");
    yield lines.flatMap((line) => foldLine(line, width, Number.POSITIVE_INFINITY)).join("\n");
  }
}

async function inspect(source: Source, limit: number, warn: Warn): Promise<FileInfo> {
  const { name } = source;
  try {
    const bytes = await source.bytes();
    const { profile, format, warnings } = await readWithFormat(bytes, gunzip, limit);
    for (const line of warnings) warn(`${name}: ${line}`);
    return {
      file: name,
      bytes: bytes.length,
      format,
      info: collectProfileInfo(profile, format.name),
    };
  } catch (error) {
    const what = describeError(error);
    return {
      file: name,
      problem: what.startsWith(`${name}: `) ? what.slice(name.length + 2) : what,
    };
  }
}
