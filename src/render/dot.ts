import type { DotEdge, DotNamePart, DotNode, DotReport } from "../report/dot.js";
import type { NumberBox, TagBoxes } from "../report/dot-tags.js";
import { formatValue } from "../report/value-format.js";
import { abs, add, divide, type Int64, multiply, truncate } from "../units/int64.js";
import { percentage } from "../units/percentage.js";
import { heatColor } from "./heat-color.js";
import { type FormatTime, legendLines } from "./legend.js";
import { joinIntoPieces } from "./pieces.js";
import { shortFunctionName } from "./short-name.js";
import { wrapName } from "./wrap-name.js";

const HELP_LINE = "\nSee https://git.io/JfYMW for how to read the graph";

export interface DotStyle {
  /**
   * Write the text byte for byte as pprof does: escape only what would add to the graph, and draw
   * edges to hidden nodes as edges to a node `N0`, and use green for less. Otherwise, escape
   * everything, and use the blue of other views for less.
   */
  readonly likePprof: boolean;
  /** The id of a node for pages, which follow nodes between graphs and have their own tooltips. */
  readonly nodeId?: (position: number) => string;
}

/** Writes the call graph in Graphviz's DOT language, in pieces. */
export function renderDot(
  report: DotReport,
  formatTime: FormatTime,
  style: DotStyle,
): Generator<string> {
  return joinIntoPieces(new DotWriter(report, formatTime, style).lines());
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
    yield `digraph "${title === "" ? "unnamed" : this.#escaped(title)}" {`;
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
    const lines = [...legend, HELP_LINE].map((line) => escapeString(this.#shortened(line)));
    const label = lines.map((line) => `${line}\\l`).join("");
    const tooltip = title === "" || !this.#hasTips ? "" : ` tooltip="${this.#escaped(title)}"`;
    return `subgraph cluster_L { "${lines[0]}" [shape=box fontsize=16 label="${label}"${tooltip}] }`;
  }

  #nodeAttributes({ name, parts, flat, cum }: DotNode, number: number): string {
    const { total } = this.#report;
    const share = (value: Int64) => `(${percentage(value, total).trim()})`;
    const lines = parts.map((part) => this.#boxLines(part));
    let label = `${lines.join("\\n")}\\n`;
    label += flat === 0 ? "0" : `${this.#amount(flat)} ${share(flat)}`;
    if (cum !== flat) {
      label += `${flat === 0 ? " " : "\\n"}of ${this.#amount(cum)} ${share(cum)}`;
    }
    const size = fontSize(flat, this.#largestFlat);
    const heat = Number(cum) / Math.abs(Number(total));
    const tooltip = this.#hasTips
      ? `tooltip="${escapeString(this.#shortened(name))} (${this.#amount(cum)})" `
      : "";
    const color = (tone: "line" | "fill") => heatColor(heat, tone, !this.#likePprof);
    return (
      `label="${label}" id="node${number}" fontsize=${this.#likePprof || size > 0 ? size : 8} ` +
      `shape=box ${tooltip}` +
      `color="${color("line")}" fillcolor="${color("fill")}"`
    );
  }

  /**
   * Breaks a part of a name into lines. pprof, which identifies functions by their names, treats all
   * of them as Go's, C++'s or Java's.
   */
  #boxLines({ text, isFunction, isLinkerName, isDefinition }: DotNamePart): string {
    if (isLinkerName || (isFunction && this.#likePprof && !isDefinition)) {
      return linkerNameLines(this.#shortened(text));
    }
    return isFunction ? wrapName(text).map(escapeString).join("\\n") : this.#escaped(text);
  }

  *#boxes({ tags, numbers }: TagBoxes, id: string): Generator<string> {
    for (const { index, labels, weight, numbers } of tags) {
      const text = labels.map((label) => this.#escaped(label)).join("\\n");
      yield* this.#box(`${id}_${index}`, id, text, weight, "");
      yield* this.#numberBoxes(numbers, `${id}_${index}`);
    }
    yield* this.#numberBoxes(numbers, id);
  }

  *#numberBoxes(numbers: readonly NumberBox[], id: string): Generator<string> {
    for (const { index, text, weight, isCum } of numbers) {
      const style = isCum ? ' style="dotted"' : "";
      yield* this.#box(`N${id}_${index}`, id, this.#escaped(text), weight, style);
    }
  }

  /** Writes a tag box and the line to it. */
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
      const pull = 1 + shareInParts(weight, 100, total);
      const width = 1 + shareInParts(weight, 5, total);
      if (pull > 1) attributes += ` weight=${pull}`;
      if (width > 1) attributes += ` penwidth=${width}`;
      const heat = Number(weight) / Math.abs(Number(total));
      attributes += ` color="${heatColor(heat, "line", !this.#likePprof)}"`;
    }
    const arrow = isResidual ? "..." : "->";
    const [from, to] = [edge.callerName, edge.calleeName].map((name) =>
      escapeString(this.#shortened(name)),
    );
    const tip = `"${from} ${arrow} ${to} (${amount})"`;
    if (this.#hasTips) attributes += ` tooltip=${tip} labeltooltip=${tip}`;
    if (isResidual) attributes += ' style="dotted"';
    const { tags, numbers } = nodes[edge.caller].boxes;
    // Leave room for tags between the node and its callees.
    if (tags.length > 0 || numbers.length > 0) attributes += " minlen=2";
    return attributes;
  }

  /** Formats a value with its unit. The unit is text from the profile. */
  #amount(value: Int64): string {
    return this.#escaped(formatValue(this.#report.format, value));
  }

  /** Escapes text, except where pprof does not and the text is harmless. */
  #escaped(text: string): string {
    return this.#likePprof && isHarmlessInQuotes(text) ? text : escapeString(this.#shortened(text));
  }

  /** Removes the middle of a text that is too long to draw. With `likePprof`, keeps all of it. */
  #shortened(text: string): string {
    if (this.#likePprof || text.length <= MAX_TEXT_UNITS) return text;
    const half = MAX_TEXT_UNITS / 2;
    return `${text.slice(0, half)}…${text.slice(-half)}`.toWellFormed();
  }
}

/** The maximum length of a text in UTF-16 code units, far more than a tooltip shows. */
const MAX_TEXT_UNITS = 100_000;

/**
 * Whether `text` cannot add to the graph inside quotes. Its own quotes may end the string if only
 * words are outside: Graphviz then rejects the graph, as it does with pprof's output.
 */
function isHarmlessInQuotes(text: string): boolean {
  if (!text.includes('"') && !text.endsWith("\\")) return true;
  const parts = text.replace(/\\./gs, "?").split('"');
  const isClosed = parts.length % 2 === 1 && !parts[parts.length - 1].endsWith("\\");
  return isClosed && parts.every((part, i) => i % 2 === 0 || /^[\w ]*$/.test(part));
}

/** Returns a font size from 8 to 24, by the square root of flat to make small values visible. */
function fontSize(flat: Int64, largest: number): Int64 {
  const share = largest === 0 ? 0 : Number(abs(flat)) / largest;
  // As in Go, where the smallest int64 has a negative absolute value, and so no root.
  return add(8, truncate(Math.ceil(16 * Math.sqrt(share))));
}

/** Shortens a linker's name and breaks it into lines, at dots and `::`. */
function linkerNameLines(name: string): string {
  return (
    escapeString(shortFunctionName(name))
      .replaceAll("::", "\\n")
      // Go writes type parameters as `[...]`; do not break there.
      .replaceAll("[...]", "[…]")
      .replaceAll(".", "\\n")
  );
}

/** Returns the share of `weight` in `total`, as a number of parts from 0 to `parts`. */
function shareInParts(weight: Int64, parts: number, total: Int64): number {
  return Math.min(Number(abs(divide(multiply(weight, parts), total))), parts);
}

/** Escapes `text` for a quoted string of Graphviz. Its lines are left-aligned. */
function escapeString(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\l");
}
