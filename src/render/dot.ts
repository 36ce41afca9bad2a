import type { DotEdge, DotNode, DotReport } from "../report/dot.js";
import type { NumberBox, TagBoxes } from "../report/dot-tags.js";
import { formatValue } from "../report/value-format.js";
import { abs, add, divide, type Int64, multiply, truncate } from "../units/int64.js";
import { percentage } from "../units/percentage.js";
import { heatColor } from "./heat-color.js";
import { type FormatTime, legendLines } from "./legend.js";
import { inPieces } from "./pieces.js";
import { shortFunctionName } from "./short-name.js";

const HELP_LINE = "\nSee https://git.io/JfYMW for how to read the graph";

/** How the text is to be used. */
export interface DotStyle {
  /**
   * Byte for byte as pprof writes it: labels, titles, units and names of files are not escaped as
   * long as they cannot add to the graph, and calls of nodes that are not shown lead to a
   * node `N0`. Else all of it is escaped. Nothing in a profile adds to the graph in either.
   */
  readonly likePprof: boolean;
  /**
   * What to call the node at a position, with letters and digits only: for pages that follow
   * a node from one graph to the next. Tooltips are then left to the page.
   */
  readonly nodeId?: (position: number) => string;
}

/** The call graph in Graphviz's language, in pieces. */
export function renderDot(
  report: DotReport,
  formatTime: FormatTime,
  style: DotStyle,
): Generator<string> {
  return inPieces(new DotWriter(report, formatTime, style).lines());
}

class DotWriter {
  readonly #report: DotReport;
  readonly #formatTime: FormatTime;
  readonly #likePprof: boolean;
  readonly #nodeId: (position: number) => string;
  readonly #hasTips: boolean;
  readonly #largestFlat: number;

  constructor(report: DotReport, formatTime: FormatTime, style: DotStyle) {
    this.#report = report;
    this.#formatTime = formatTime;
    this.#likePprof = style.likePprof;
    this.#nodeId = style.nodeId ?? ((position) => `N${position + 1}`);
    this.#hasTips = style.nodeId === undefined;
    this.#largestFlat = report.nodes.reduce(
      (largest, { flat }) => Math.max(largest, Number(abs(flat))),
      0,
    );
  }

  *lines(): Generator<string> {
    const { title, nodes, edges } = this.#report;
    yield `digraph "${title === "" ? "unnamed" : this.#quoted(title)}" {`;
    yield 'node [style=filled fillcolor="#f8f8f8"]';
    yield this.#legendBox();
    for (const [position, node] of nodes.entries()) {
      const id = this.#nodeId(position);
      yield `${id} [${this.#nodeAttributes(node, position + 1)}]`;
      yield* this.#boxes(node.boxes, id);
    }
    for (const edge of edges) {
      if (edge.callee < 0 && !this.#likePprof) continue;
      const [caller, callee] = [edge.caller, edge.callee].map(this.#nodeId);
      yield `${caller} -> ${callee} [${this.#edgeAttributes(edge)}]`;
    }
    yield "}";
  }

  #legendBox(): string {
    const { title, droppedEdges } = this.#report;
    const legend = legendLines(this.#report, this.#formatTime, false, droppedEdges);
    const lines = [...legend, HELP_LINE].map((line) => escaped(this.#drawn(line)));
    const label = lines.map((line) => `${line}\\l`).join("");
    const tooltip = title === "" || !this.#hasTips ? "" : ` tooltip="${this.#quoted(title)}"`;
    return `subgraph cluster_L { "${lines[0]}" [shape=box fontsize=16 label="${label}"${tooltip}] }`;
  }

  #nodeAttributes({ name, parts, flat, cum }: DotNode, number: number): string {
    const { total } = this.#report;
    const share = (value: Int64) => `(${percentage(value, total).trim()})`;
    const lines = parts.map(({ text, isFunction }) =>
      isFunction ? functionLines(this.#drawn(text)) : this.#quoted(text),
    );
    let label = `${lines.join("\\n")}\\n`;
    label += flat === 0 ? "0" : `${this.#amount(flat)} ${share(flat)}`;
    if (cum !== flat) {
      label += `${flat === 0 ? " " : "\\n"}of ${this.#amount(cum)} ${share(cum)}`;
    }
    const size = fontSize(flat, this.#largestFlat);
    const heat = Number(cum) / Math.abs(Number(total));
    const tooltip = this.#hasTips
      ? `tooltip="${escaped(this.#drawn(name))} (${this.#amount(cum)})" `
      : "";
    return (
      `label="${label}" id="node${number}" fontsize=${this.#likePprof || size > 0 ? size : 8} ` +
      `shape=box ${tooltip}` +
      `color="${heatColor(heat, "line")}" fillcolor="${heatColor(heat, "fill")}"`
    );
  }

  /** The boxes of tags at the node `id`. */
  *#boxes({ tags, numbers }: TagBoxes, id: string): Generator<string> {
    for (const { index, labels, weight, numbers } of tags) {
      const text = labels.map((label) => this.#quoted(label)).join("\\n");
      yield* this.#box(`${id}_${index}`, id, text, weight, "");
      yield* this.#numberBoxes(numbers, `${id}_${index}`);
    }
    yield* this.#numberBoxes(numbers, id);
  }

  *#numberBoxes(numbers: readonly NumberBox[], id: string): Generator<string> {
    for (const { index, text, weight, isCum } of numbers) {
      const style = isCum ? ' style="dotted"' : "";
      yield* this.#box(`N${id}_${index}`, id, this.#quoted(text), weight, style);
    }
  }

  /** A box for a tag, and the line that leads to it. */
  *#box(id: string, from: string, text: string, weight: Int64, style: string): Generator<string> {
    const amount = this.#amount(weight);
    const tip = this.#hasTips ? ` tooltip="${amount}"` : "";
    yield `${id} [label = "${text}" id="${id}" fontsize=8 shape=box3d${tip}]`;
    const tips = this.#hasTips ? `${tip} labeltooltip="${amount}"` : "";
    yield `${from} -> ${id} [label=" ${amount}" weight=100${tips}${style}]`;
  }

  #edgeAttributes(edge: DotEdge): string {
    const { total, nodes } = this.#report;
    const { weight, isInline, isResidual } = edge;
    const amount = this.#amount(weight);
    let attributes = `label=" ${amount}${isInline ? "\\n (inline)" : ""}"`;
    if (total !== 0) {
      const pull = 1 + share(weight, 100, total);
      const width = 1 + share(weight, 5, total);
      if (pull > 1) attributes += ` weight=${pull}`;
      if (width > 1) attributes += ` penwidth=${width}`;
      attributes += ` color="${heatColor(Number(weight) / Math.abs(Number(total)), "line")}"`;
    }
    const arrow = isResidual ? "..." : "->";
    const [from, to] = [edge.callerName, edge.calleeName].map((name) => escaped(this.#drawn(name)));
    const tip = `"${from} ${arrow} ${to} (${amount})"`;
    if (this.#hasTips) attributes += ` tooltip=${tip} labeltooltip=${tip}`;
    if (isResidual) attributes += ' style="dotted"';
    const { tags, numbers } = nodes[edge.caller].boxes;
    // Tags need room between a node and those that it calls.
    if (tags.length > 0 || numbers.length > 0) attributes += " minlen=2";
    return attributes;
  }

  /** A value with its unit, which is text from the profile. */
  #amount(value: Int64): string {
    return this.#quoted(formatValue(this.#report.format, value));
  }

  /** Text that pprof puts between quotes as it is, whatever it does there. */
  #quoted(text: string): string {
    return this.#likePprof && isHarmlessInQuotes(text) ? text : escaped(this.#drawn(text));
  }

  /** Text without its middle where it is too long to draw; pprof's has all. */
  #drawn(text: string): string {
    if (this.#likePprof || text.length <= MAX_TEXT_UNITS) return text;
    const half = MAX_TEXT_UNITS / 2;
    return `${text.slice(0, half)}…${text.slice(-half)}`.toWellFormed();
  }
}

/** As much of a text as anybody reads in a tooltip, in UTF-16 units. */
const MAX_TEXT_UNITS = 100_000;

/**
 * Whether `text`, put between quotes as it is, can add nothing to a graph. Its own quotes may end
 * the string, as long as only words lie outside: Graphviz then refuses the whole graph, as it
 * does with pprof's.
 */
function isHarmlessInQuotes(text: string): boolean {
  if (!text.includes('"') && !text.endsWith("\\")) return true;
  const parts = text.replace(/\\./gs, "?").split('"');
  const isClosed = parts.length % 2 === 1 && !parts[parts.length - 1].endsWith("\\");
  return isClosed && parts.every((part, i) => i % 2 === 0 || /^[\w ]*$/.test(part));
}

/** From 8 points up to 24, by the root of the flat value, so that small ones still differ. */
function fontSize(flat: Int64, largest: number): Int64 {
  const share = largest === 0 ? 0 : Number(abs(flat)) / largest;
  // The smallest int64 is its own absolute value, and Go makes an int of the root of that.
  return add(8, truncate(Math.ceil(16 * Math.sqrt(share))));
}

/** A short form of a function, with its parts on lines of their own. */
function functionLines(name: string): string {
  return (
    escaped(shortFunctionName(name))
      .replaceAll("::", "\\n")
      // Go's mark for type parameters is no place to break a line.
      .replaceAll("[...]", "[…]")
      .replaceAll(".", "\\n")
  );
}

/** What `weight` is of `total`, in whole parts of which `parts` make the total; `parts` at most. */
function share(weight: Int64, parts: number, total: Int64): number {
  return Math.min(Number(abs(divide(multiply(weight, parts), total))), parts);
}

/** `text` as a part of a quoted string of Graphviz; its lines are set to the left. */
function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\l");
}
