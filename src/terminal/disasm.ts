import type { DisasmLine, DisasmReport, DisasmRoutine } from "../report/disasm.js";
import type { SourceReader } from "../report/list.js";
import type { Int64 } from "../units/int64.js";
import { CodeColumns, CodeStyle, GAP, MIN_TEXT } from "./code-columns.js";
import { cut, oneLine, shorten, widthOf } from "./fit.js";
import { fold } from "./fold.js";
import { terminalStyle } from "./style.js";
import type { Terminal } from "./terminal.js";

/** The distance between tab stops, which separate mnemonics and operands. */
const TAB = 8;

/** The minimum width of a source line; without this room, it is left out. */
const MIN_SOURCE_WIDTH = 16;

const FOLDS = { context: 6, least: 6 };

/** Draws instructions below their source lines, hot ones in colour. Folds parts without values. */
export function* drawDisasm(
  report: DisasmReport,
  sources: SourceReader,
  { width, env }: Terminal,
): Generator<string> {
  const drawing = new Drawing(report, sources, new CodeStyle(report, width, terminalStyle(env)));
  for (const line of drawing.lines()) yield `${line}\n`;
}

class Drawing {
  readonly #report: DisasmReport;
  readonly #sources: SourceReader;
  readonly #style: CodeStyle;

  constructor(report: DisasmReport, sources: SourceReader, style: CodeStyle) {
    this.#report = report;
    this.#sources = sources;
    this.#style = style;
  }

  *lines(): Generator<string> {
    const { chalk, width } = this.#style;
    yield this.#style.total();
    for (const routine of this.#report.routines) {
      yield "";
      yield chalk.bold(shorten(oneLine(routine.name), width));
      for (const alias of routine.aliases) {
        yield chalk.dim(shorten(`also ${oneLine(alias)}`, width));
      }
      yield* this.#style.sums(routine);
      yield* this.#code(routine);
    }
  }

  *#code({ lines }: DisasmRoutine): Generator<string> {
    if (lines.length === 0) return;
    const code = lines.map((line) => ({ ...line, at: line.address.toString(16) }));
    const columns = new CodeColumns(this.#style, code, "address", TAB);
    yield columns.head;
    let shown: DisasmLine | undefined;
    for (const { start, end, isFolded } of fold(lines, FOLDS)) {
      if (isFolded) {
        const indent = " ".repeat(columns.valuesWidth);
        yield this.#style.chalk.dim(`${indent}⋮ ${end - start} instructions`);
        shown = undefined;
        continue;
      }
      for (const line of code.slice(start, end)) {
        if (!shown || line.path !== shown.path || line.line !== shown.line) {
          const text = this.#position(line, columns.valuesWidth);
          if (text !== "") yield text;
          shown = line;
        }
        yield columns.row(line);
      }
    }
  }

  /** Returns the file and line of an instruction, and its source line; empty if unknown. */
  #position({ file, path, line }: DisasmLine, indent: number): string {
    if (file === "") return "";
    const { chalk, width } = this.#style;
    const position = oneLine(line === 0 ? file : `${file}:${line}`);
    const source = oneLine(this.#source(path, line)).trim();
    const room = Math.max(MIN_TEXT, width - indent);
    const head = shorten(position, room);
    const rest = room - widthOf(head) - GAP.length;
    const tail =
      source === "" || rest < MIN_SOURCE_WIDTH ? "" : GAP + chalk.italic(cut(source, rest));
    return `${" ".repeat(indent)}${chalk.cyan(head)}${tail}`;
  }

  #source(path: string, line: Int64): string {
    const source = this.#sources.read(path);
    if ("problem" in source || typeof line !== "number") return "";
    return line >= 1 && line <= source.lineCount ? source.line(line) : "";
  }
}
