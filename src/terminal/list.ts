import type { ListedFile, ListReport } from "../report/list.js";
import { CodeColumns, CodeStyle, GAP } from "./code-columns.js";
import { foldLine, oneLine, shorten } from "./fit.js";
import { fold } from "./fold.js";
import { terminalStyle } from "./style.js";
import type { Terminal } from "./terminal.js";

const TAB = 4;

const FOLDS = { context: 5, least: 4 };

const HINT = [
  "Some source files were not found. -source_path=DIR[:DIR...] names folders to search;",
  "-trim_path=PREFIX removes a prefix from the profile's file names.",
];

/** Draws a listing: hot lines in colour, and long parts without values folded. */
export function drawList(report: ListReport, { width, env }: Terminal): string {
  const style = new CodeStyle(report, width, terminalStyle(env));
  return `${[...listing(report, style)].join("\n")}\n`;
}

function* listing({ functions }: ListReport, style: CodeStyle): Generator<string> {
  const { chalk, width } = style;
  yield style.total();
  for (const { name, files } of functions) {
    const title = chalk.bold(shorten(oneLine(name || "(no name)"), width));
    if (files.length === 0) {
      yield "";
      yield title;
      yield chalk.yellow(shorten("the profile does not name its source file", width));
    }
    for (const file of files) {
      yield "";
      yield title;
      yield* fileHead(file, style);
      yield* source(file, style);
    }
  }
  const isIncomplete = functions.some(({ files }) =>
    files.some(({ problem }) => problem !== undefined),
  );
  if (isIncomplete) yield* ["", ...HINT.flatMap((line) => foldLine(line, width))];
}

/** Yields the file's name, the function's values, and the source file's path or problem. */
function* fileHead(file: ListedFile, style: CodeStyle): Generator<string> {
  const { chalk, width } = style;
  yield chalk.dim(shorten(oneLine(file.file), width));
  yield* style.sums(file);
  if (file.foundAt !== undefined) {
    yield chalk.dim(shorten(`source: ${oneLine(file.foundAt)}`, width));
  }
  if (file.problem !== undefined) {
    yield chalk.yellow(shorten(`no source: ${oneLine(file.problem)}`, width));
  }
}

function* source({ lines }: ListedFile, style: CodeStyle): Generator<string> {
  if (lines.length === 0) return;
  const code = lines.map((line) => ({ ...line, at: String(line.number) }));
  const columns = new CodeColumns(style, code, "line", TAB);
  yield columns.head;
  for (const { start, end, isFolded } of fold(lines, FOLDS)) {
    if (isFolded) {
      const indent = " ".repeat(columns.headWidth - 1);
      yield style.chalk.dim(`${indent}⋮${GAP}${end - start} lines`);
      continue;
    }
    for (const line of code.slice(start, end)) yield columns.row(line);
  }
}
