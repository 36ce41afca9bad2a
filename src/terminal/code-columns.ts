import type { ChalkInstance } from "chalk";
import { formatValue, type ValueFormat } from "../report/value-format.js";
import type { Int64 } from "../units/int64.js";
import { percentage } from "../units/percentage.js";
import { cut, expandTabs, widthOf } from "./fit.js";
import { bar, heat, share } from "./style.js";

/** The minimum terminal width for bars. All widths are in columns. */
const MIN_WIDTH_FOR_BARS = 100;
const BAR_WIDTH = 8;

export const GAP = "  ";

/** The minimum width of the text; the column of flat is dropped if it needs the room. */
const MIN_TEXT_BESIDE_FLAT = 12;

/** The width of the text on the narrowest terminals, even if lines wrap. */
export const MIN_TEXT = 4;

/** The minimum share of the total for text in the colour of its values. */
const MIN_SHARE_FOR_COLOUR = 0.05;

interface Values {
  readonly flat: Int64;
  readonly cum: Int64;
}

export interface CodeLine extends Values {
  /** The line number, or the address. */
  readonly at: string;
  readonly text: string;
}

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

  /** Returns the flat and cum values of a function with their shares, in one line or two. */
  sums(values: Values): string[] {
    const sums = (["flat", "cum"] as const).map((kind) => {
      const value = values[kind];
      const text = `${formatValue(this.#format, value)} ${percentage(value, this.#total).trim()}`;
      return `${this.chalk.dim(kind)} ${heat(this.chalk, this.share(value))(text)}`;
    });
    const line = sums.join(GAP);
    return widthOf(line) <= this.width ? [line] : sums;
  }

  cell(value: Int64): string {
    return value === 0 ? "." : formatValue(this.#format, value);
  }

  share(value: Int64): number {
    return share(value, this.#total);
  }
}

/** Draws lines of code in columns: flat, cum, a bar, the line number or address, and the text. */
export class CodeColumns {
  readonly head: string;
  /** The width of the values and the bar, with the gap after them. */
  readonly valuesWidth: number;
  /** The width of everything before the text, without the gap before it. */
  readonly headWidth: number;
  readonly #style: CodeStyle;
  readonly #tab: number;
  /** The width of each column; 0 if the column is dropped. */
  readonly #flat: number;
  readonly #cum: number;
  readonly #bar: number;
  readonly #at: number;

  /** `title` is the title of line numbers or addresses, `tab` the distance between tab stops. */
  constructor(style: CodeStyle, lines: readonly CodeLine[], title: string, tab: number) {
    const widest = (text: (line: CodeLine) => string, head: string) =>
      lines.reduce((most, line) => Math.max(most, widthOf(text(line))), head.length);
    this.#style = style;
    this.#tab = tab;
    const flat = widest(({ flat }) => style.cell(flat), "flat");
    this.#cum = widest(({ cum }) => style.cell(cum), "cum");
    this.#bar = style.width >= MIN_WIDTH_FOR_BARS ? BAR_WIDTH : 0;
    this.#at = widest(({ at }) => at, title);
    const room = style.width - flat - this.#cum - this.#at - 3 * GAP.length;
    this.#flat = room < MIN_TEXT_BESIDE_FLAT ? 0 : flat;
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
      // In a report with a base profile, cum may exceed the total.
      const drawn = bar(flatShare, cumShare, this.#bar).slice(0, this.#bar);
      cells.push(heat(chalk, hottest)(drawn.padEnd(this.#bar)));
    }
    cells.push(chalk.dim(at.padStart(this.#at)));
    const room = Math.max(MIN_TEXT, width - this.headWidth - GAP.length);
    const fitted = cut(expandTabs(text, this.#tab), room);
    cells.push(hottest >= MIN_SHARE_FOR_COLOUR ? heat(chalk, hottest)(fitted) : fitted);
    return cells.join(GAP).trimEnd();
  }
}
