import type { ChalkInstance } from "chalk";
import { formatValue, type ValueFormat } from "../report/value-format.js";
import type { Int64 } from "../units/int64.js";
import { percentage } from "../units/percentage.js";
import { cut, spread, widthOf } from "./fit.js";
import { bar, heat, share } from "./style.js";

/** From this width on there is room for bars. */
const ROOMY = 100;
const BAR_WIDTH = 8;

/** Between two columns. */
export const GAP = "  ";

/** The text of a line gets at least so much where the column of flat can be left out for it. */
const MIN_TEXT = 12;

/** The text of a line gets at least so much on the narrowest terminals, even where lines wrap. */
export const LEAST_TEXT = 4;

/** From this share of the total on the text itself has the colour of its numbers. */
const HOT = 0.05;

interface Values {
  readonly flat: Int64;
  readonly cum: Int64;
}

/** A line of source, or an instruction, with what it takes. */
export interface CodeLine extends Values {
  /** Its number, or its address. */
  readonly at: string;
  readonly text: string;
}

/** How the values of a report on code are drawn. */
export class CodeStyle {
  readonly width: number;
  readonly chalk: ChalkInstance;
  readonly #format: ValueFormat;
  readonly #total: Int64;

  constructor(
    { format, total }: { readonly format: ValueFormat; readonly total: Int64 },
    width: number,
    chalk: ChalkInstance,
  ) {
    this.width = width;
    this.chalk = chalk;
    this.#format = format;
    this.#total = total;
  }

  total(): string {
    return this.chalk.dim(`Total: ${formatValue(this.#format, this.#total)}`);
  }

  /** What a routine takes, with its shares of the total, as one line or two. */
  sums(values: Values): string[] {
    const sums = (["flat", "cum"] as const).map((kind) => {
      const value = values[kind];
      const text = `${formatValue(this.#format, value)} ${percentage(value, this.#total).trim()}`;
      return `${this.chalk.dim(kind)} ${heat(this.chalk, this.share(value))(text)}`;
    });
    const line = sums.join(GAP);
    return widthOf(line) <= this.width ? [line] : sums;
  }

  /** A value in a cell of a line. */
  cell(value: Int64): string {
    return value === 0 ? "." : formatValue(this.#format, value);
  }

  share(value: Int64): number {
    return share(value, this.#total);
  }
}

/** Columns for lines of code: flat, cum, a bar where there is room, where the line is, its text. */
export class CodeColumns {
  /** The titles. */
  readonly head: string;
  /** The width of the columns of numbers and of the bar, with the gap behind them. */
  readonly valuesWidth: number;
  /** The same with the column of where lines are, but no gap behind it. */
  readonly headWidth: number;
  readonly #style: CodeStyle;
  readonly #tab: number;
  /** 0 where there is no room for it; cum has it in it. */
  readonly #flat: number;
  readonly #cum: number;
  /** 0 for no bars. */
  readonly #bar: number;
  readonly #at: number;

  /**
   * Columns as wide as `lines` need; `title` is that of where they are, and tabs lead to each
   * `tab`th letter.
   */
  constructor(style: CodeStyle, lines: readonly CodeLine[], title: string, tab: number) {
    const widest = (text: (line: CodeLine) => string, head: string) =>
      lines.reduce((most, line) => Math.max(most, widthOf(text(line))), head.length);
    this.#style = style;
    this.#tab = tab;
    const flat = widest(({ flat }) => style.cell(flat), "flat");
    this.#cum = widest(({ cum }) => style.cell(cum), "cum");
    this.#bar = style.width >= ROOMY ? BAR_WIDTH : 0;
    this.#at = widest(({ at }) => at, title);
    const room = style.width - flat - this.#cum - this.#at - 3 * GAP.length;
    this.#flat = room < MIN_TEXT ? 0 : flat;
    const titles = this.#flat > 0 ? ["flat".padStart(flat)] : [];
    titles.push("cum".padStart(this.#cum));
    if (this.#bar) titles.push(" ".repeat(this.#bar));
    this.valuesWidth = widthOf(titles.join(GAP)) + GAP.length;
    titles.push(title.padStart(this.#at));
    const head = titles.join(GAP);
    this.headWidth = widthOf(head);
    this.head = style.chalk.dim(head);
  }

  row({ flat, cum, at, text }: CodeLine): string {
    const { chalk, width } = this.#style;
    const flatShare = this.#style.share(flat);
    const cumShare = this.#style.share(cum);
    const hottest = Math.max(flatShare, cumShare);
    const cell = (value: Int64, part: number, columns: number) =>
      (value === 0 ? chalk.dim : heat(chalk, part))(this.#style.cell(value).padStart(columns));
    const cells = this.#flat > 0 ? [cell(flat, flatShare, this.#flat)] : [];
    cells.push(cell(cum, cumShare, this.#cum));
    if (this.#bar) {
      // At the width of the column: a bar of cum alone may be longer than the whole.
      const drawn = bar(flatShare, cumShare, this.#bar).slice(0, this.#bar);
      cells.push(heat(chalk, hottest)(drawn.padEnd(this.#bar)));
    }
    cells.push(chalk.dim(at.padStart(this.#at)));
    const room = Math.max(LEAST_TEXT, width - this.headWidth - GAP.length);
    const fitted = cut(spread(text, this.#tab), room);
    cells.push(hottest >= HOT ? heat(chalk, hottest)(fitted) : fitted);
    return cells.join(GAP).trimEnd();
  }
}
