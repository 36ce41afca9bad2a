import type { ChalkInstance } from "chalk";
import type { DisasmLine, DisasmReport, DisasmRoutine } from "../report/disasm.js";
import type { SourceReader } from "../report/list.js";
import { formatValue } from "../report/value-format.js";
import type { Int64 } from "../units/int64.js";
import { percentage } from "../units/percentage.js";
import { cut, oneLine, shorten, spread, widthOf } from "./fit.js";
import { fold } from "./fold.js";
import { bar, heat, share, terminalStyle } from "./style.js";
import type { Terminal } from "./terminal.js";

/** From this width on there is room for bars. */
const ROOMY = 100;
const BAR_WIDTH = 8;

/** Between two columns. */
const GAP = "  ";

/** Mnemonics and operands are two columns: tabs lead to every eighth letter. */
const TAB = 8;

/** An instruction gets at least so much, even where lines must wrap. */
const MIN_TEXT = 16;

const FOLDS = { context: 6, least: 6 };

/** From this share of the total on the instruction itself has the colour of its numbers. */
const HOT = 0.05;

/**
 * Draws machine code for a person: instructions below the source line they come from, those
 * that are hot in colour, long parts that take nothing folded away.
 */
export function* drawDisasm(
  report: DisasmReport,
  sources: SourceReader,
  { width, env }: Terminal,
): Generator<string> {
  const drawing = new Drawing(report, sources, width, terminalStyle(env));
  for (const line of drawing.lines()) yield `${line}\n`;
}

/** In columns. */
interface Layout {
  readonly flat: number;
  readonly cum: number;
  /** 0 for no bars. */
  readonly bar: number;
  readonly address: number;
}

class Drawing {
  readonly #report: DisasmReport;
  readonly #sources: SourceReader;
  readonly #width: number;
  readonly #style: ChalkInstance;

  constructor(report: DisasmReport, sources: SourceReader, width: number, style: ChalkInstance) {
    this.#report = report;
    this.#sources = sources;
    this.#width = width;
    this.#style = style;
  }

  *lines(): Generator<string> {
    const style = this.#style;
    yield style.dim(`Total: ${this.#value(this.#report.total)}`);
    for (const routine of this.#report.routines) {
      yield "";
      yield style.bold(shorten(oneLine(routine.name), this.#width));
      for (const alias of routine.aliases) {
        yield style.dim(shorten(`also ${oneLine(alias)}`, this.#width));
      }
      const sums = (["flat", "cum"] as const).map((kind) => {
        const text = `${this.#value(routine[kind])} ${percentage(routine[kind], this.#report.total).trim()}`;
        return `${style.dim(kind)} ${heat(style, this.#share(routine[kind]))(text)}`;
      });
      yield sums.join(GAP);
      yield* this.#code(routine);
    }
  }

  *#code({ lines }: DisasmRoutine): Generator<string> {
    if (lines.length === 0) return;
    const widest = (text: (line: DisasmLine) => string, title: string) =>
      lines.reduce((most, line) => Math.max(most, widthOf(text(line))), title.length);
    const layout: Layout = {
      flat: widest(({ flat }) => this.#valueOrNone(flat), "flat"),
      cum: widest(({ cum }) => this.#valueOrNone(cum), "cum"),
      bar: this.#width >= ROOMY ? BAR_WIDTH : 0,
      address: widest(({ address }) => address.toString(16), "address"),
    };
    const head = ["flat".padStart(layout.flat), "cum".padStart(layout.cum)];
    if (layout.bar) head.push(" ".repeat(layout.bar));
    const numbers = widthOf(head.join(GAP)) + GAP.length;
    head.push("address".padStart(layout.address));
    yield this.#style.dim(head.join(GAP));
    let place: DisasmLine | undefined;
    for (const { start, end, isFolded } of fold(lines, FOLDS)) {
      if (isFolded) {
        yield this.#style.dim(`${" ".repeat(numbers)}⋮ ${end - start} instructions`);
        place = undefined;
        continue;
      }
      for (const line of lines.slice(start, end)) {
        if (!place || line.path !== place.path || line.line !== place.line) {
          const text = this.#place(line, numbers);
          if (text !== "") yield text;
          place = line;
        }
        yield this.#line(line, layout);
      }
    }
  }

  /** The file and line, and the source if it is at hand; empty where nothing is known. */
  #place({ file, path, line }: DisasmLine, indent: number): string {
    if (file === "") return "";
    const style = this.#style;
    const place = oneLine(line === 0 ? file : `${file}:${line}`);
    const source = oneLine(this.#source(path, line)).trim();
    const room = Math.max(MIN_TEXT, this.#width - indent);
    const head = shorten(place, room);
    const rest = room - widthOf(head) - GAP.length;
    const tail = source === "" || rest < MIN_TEXT ? "" : GAP + style.italic(cut(source, rest));
    return `${" ".repeat(indent)}${style.cyan(head)}${tail}`;
  }

  #source(path: string, line: Int64): string {
    const source = this.#sources.read(path);
    if ("problem" in source || typeof line !== "number") return "";
    return line >= 1 && line <= source.lineCount ? source.line(line) : "";
  }

  #line({ flat, cum, address, text }: DisasmLine, layout: Layout): string {
    const style = this.#style;
    const flatShare = this.#share(flat);
    const cumShare = this.#share(cum);
    const amount = (value: Int64, part: number, width: number) =>
      (value === 0 ? style.dim : heat(style, part))(this.#valueOrNone(value).padStart(width));
    const cells = [amount(flat, flatShare, layout.flat), amount(cum, cumShare, layout.cum)];
    const hottest = Math.max(flatShare, cumShare);
    if (layout.bar) {
      const drawn = bar(flatShare, cumShare, layout.bar).slice(0, layout.bar);
      cells.push(heat(style, hottest)(drawn.padEnd(layout.bar)));
    }
    cells.push(style.dim(address.toString(16).padStart(layout.address)));
    const taken = [layout.flat, layout.cum, layout.bar, layout.address]
      .filter((width) => width > 0)
      .reduce((sum, width) => sum + width + GAP.length, 0);
    const instruction = cut(spread(text, TAB), Math.max(MIN_TEXT, this.#width - taken));
    cells.push(hottest >= HOT ? heat(style, hottest)(instruction) : instruction);
    return cells.join(GAP).trimEnd();
  }

  #value(amount: Int64): string {
    return formatValue(this.#report.format, amount);
  }

  #valueOrNone(amount: Int64): string {
    return amount === 0 ? "." : this.#value(amount);
  }

  #share(amount: Int64): number {
    return share(amount, this.#report.total);
  }
}
