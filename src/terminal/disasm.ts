import type { DisasmLine, DisasmReport, DisasmRoutine } from "../report/disasm.js";
import type { SourceReader } from "../report/list.js";
import type { Int64 } from "../units/int64.js";
import { CodeColumns, CodeStyle, GAP, LEAST_TEXT } from "./code-columns.js";
import { cut, oneLine, shorten, widthOf } from "./fit.js";
import { fold } from "./fold.js";
import { terminalStyle } from "./style.js";
import type { Terminal } from "./terminal.js";

/** Mnemonics and operands are two columns: tabs lead to every eighth letter. */
const TAB = 8;

/** Less of a source line says nothing. */
const MIN_SOURCE = 16;

const FOLDS = { context: 6, least: 6 };

/**
 * Draws machine code for a person: instructions below the source line they come from, those
 * that are hot in colour, long parts that take nothing folded away.
 */
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
    let place: DisasmLine | undefined;
    for (const { start, end, isFolded } of fold(lines, FOLDS)) {
      if (isFolded) {
        const indent = " ".repeat(columns.valuesWidth);
        yield this.#style.chalk.dim(`${indent}⋮ ${end - start} instructions`);
        place = undefined;
        continue;
      }
      for (const line of code.slice(start, end)) {
        if (!place || line.path !== place.path || line.line !== place.line) {
          const text = this.#place(line, columns.valuesWidth);
          if (text !== "") yield text;
          place = line;
        }
        yield columns.row(line);
      }
    }
  }

  /** The file and line, and the source if it is at hand; empty where nothing is known. */
  #place({ file, path, line }: DisasmLine, indent: number): string {
    if (file === "") return "";
    const { chalk, width } = this.#style;
    const place = oneLine(line === 0 ? file : `${file}:${line}`);
    const source = oneLine(this.#source(path, line)).trim();
    const room = Math.max(LEAST_TEXT, width - indent);
    const head = shorten(place, room);
    const rest = room - widthOf(head) - GAP.length;
    const tail = source === "" || rest < MIN_SOURCE ? "" : GAP + chalk.italic(cut(source, rest));
    return `${" ".repeat(indent)}${chalk.cyan(head)}${tail}`;
  }

  #source(path: string, line: Int64): string {
    const source = this.#sources.read(path);
    if ("problem" in source || typeof line !== "number") return "";
    return line >= 1 && line <= source.lineCount ? source.line(line) : "";
  }
}
