import type { ChalkInstance } from "chalk";
import type { ListedFile, ListedLine, ListReport } from "../report/list.js";
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

const TAB = 4;

/** Between two columns. */
const GAP = "  ";

/** Source gets at least so much, even where lines must wrap. */
const MIN_SOURCE = 16;

const FOLDS = { context: 5, least: 4 };

/** From this share of the total on the source itself has the colour of its numbers. */
const HOT = 0.05;

const HINT = [
  "Where are the sources? -source_path=DIR[:DIR...] names folders to look in, and",
  "-trim_path=PREFIX takes off what names of files begin with in the profile only.",
];

/** Draws the listing for a person: what is hot stands out, long quiet parts are folded. */
export function drawList(report: ListReport, { width, env }: Terminal): string {
  const drawing = new Drawing(report, width, terminalStyle(env));
  return `${drawing.lines().join("\n")}\n`;
}

class Drawing {
  readonly #report: ListReport;
  readonly #width: number;
  readonly #style: ChalkInstance;

  constructor(report: ListReport, width: number, style: ChalkInstance) {
    this.#report = report;
    this.#width = width;
    this.#style = style;
  }

  lines(): string[] {
    const { functions } = this.#report;
    const lines = [this.#style.dim(`Total: ${this.#value(this.#report.total)}`)];
    for (const { name, files } of functions) {
      const title = this.#style.bold(shorten(oneLine(name || "(no name)"), this.#width));
      if (files.length === 0) {
        lines.push("", title, this.#style.yellow("the profile does not tell its file"));
      }
      for (const file of files) {
        lines.push("", title, ...this.#fileHead(file));
        for (const line of this.#source(file)) lines.push(line);
      }
    }
    const isIncomplete = functions.some(({ files }) =>
      files.some(({ problem }) => problem !== undefined),
    );
    if (isIncomplete) lines.push("", ...HINT);
    return lines;
  }

  /** The file, what the function takes, and where the source comes from or why there is none. */
  #fileHead({ file, flat, cum, foundAt, problem }: ListedFile): string[] {
    const style = this.#style;
    const sums = (["flat", "cum"] as const).map((kind) => {
      const value = kind === "flat" ? flat : cum;
      const text = `${this.#value(value)} ${percentage(value, this.#report.total).trim()}`;
      return `${style.dim(kind)} ${heat(style, this.#share(value))(text)}`;
    });
    const head = [style.dim(shorten(oneLine(file), this.#width)), sums.join(GAP)];
    if (foundAt !== undefined) {
      head.push(style.dim(shorten(`source: ${oneLine(foundAt)}`, this.#width)));
    }
    if (problem !== undefined) {
      head.push(style.yellow(shorten(`no source: ${oneLine(problem)}`, this.#width)));
    }
    return head;
  }

  #source({ lines }: ListedFile): string[] {
    if (lines.length === 0) return [];
    const values = lines.map(({ flat, cum }) => [this.#valueOrNone(flat), this.#valueOrNone(cum)]);
    const columnWidth = (column: number, title: string) =>
      values.reduce((most, cells) => Math.max(most, widthOf(cells[column])), title.length);
    const layout: Layout = {
      flat: columnWidth(0, "flat"),
      cum: columnWidth(1, "cum"),
      bar: this.#width >= ROOMY ? BAR_WIDTH : 0,
      number: Math.max("line".length, String(lines[lines.length - 1].number).length),
    };
    const { flat, cum, number } = layout;
    const head = ["flat".padStart(flat), "cum".padStart(cum)];
    if (layout.bar) head.push(" ".repeat(layout.bar));
    head.push("line".padStart(number));
    const drawn = [this.#style.dim(head.join(GAP))];
    for (const { start, end, isFolded } of fold(lines, FOLDS)) {
      if (isFolded) {
        const indent = " ".repeat(widthOf(head.join(GAP)) - 1);
        drawn.push(this.#style.dim(`${indent}⋮${GAP}${end - start} lines`));
        continue;
      }
      for (let i = start; i < end; i++) drawn.push(this.#line(lines[i], values[i], layout));
    }
    return drawn;
  }

  #line({ number, text, flat, cum }: ListedLine, values: string[], layout: Layout): string {
    const style = this.#style;
    const flatShare = this.#share(flat);
    const cumShare = this.#share(cum);
    const cells = [
      (flat === 0 ? style.dim : heat(style, flatShare))(values[0].padStart(layout.flat)),
      (cum === 0 ? style.dim : heat(style, cumShare))(values[1].padStart(layout.cum)),
    ];
    if (layout.bar) {
      // At the width of the column: a bar of cum alone may be longer than the whole.
      const drawn = bar(flatShare, cumShare, layout.bar).slice(0, layout.bar);
      cells.push(heat(style, Math.max(flatShare, cumShare))(drawn.padEnd(layout.bar)));
    }
    cells.push(style.dim(String(number).padStart(layout.number)));
    const columns = [layout.flat, layout.cum, layout.bar, layout.number].filter(Boolean);
    const taken = columns.reduce((sum, column) => sum + column + GAP.length, 0);
    const source = cut(spread(text, TAB), Math.max(MIN_SOURCE, this.#width - taken));
    const hottest = Math.max(flatShare, cumShare);
    cells.push(hottest >= HOT ? heat(style, hottest)(source) : source);
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

/** In columns. */
interface Layout {
  readonly flat: number;
  readonly cum: number;
  /** 0 for no bars. */
  readonly bar: number;
  readonly number: number;
}
