import type { DotEdge, DotNode, DotReport } from "../../report/dot.js";
import { formatValue } from "../../report/value-format.js";
import type { Int64 } from "../../units/int64.js";
import { percentage } from "../../units/percentage.js";

export interface Facts {
  readonly title: string;
  readonly lines: readonly string[];
}

/** Descriptions of the nodes and edges of a graph, by their ids in the picture. */
export class GraphFacts {
  readonly ids: readonly string[];
  readonly #report: DotReport;
  readonly #nodes: ReadonlyMap<string, DotNode>;
  readonly #edges = new Map<string, DotEdge>();
  readonly #callers = new Map<string, string[]>();
  readonly #callees = new Map<string, string[]>();

  constructor(report: DotReport, ids: readonly string[]) {
    this.#report = report;
    this.ids = ids;
    this.#nodes = new Map(ids.map((id, position) => [id, report.nodes[position]]));
    // Edges are sorted by weight, so keys go to the heaviest callers and callees first.
    for (const edge of report.edges) {
      const [caller, callee] = [ids[edge.caller], ids[edge.callee]];
      if (caller === undefined || callee === undefined) continue;
      this.#edges.set(edgeKey(caller, callee), edge);
      push(this.#callees, caller, callee);
      push(this.#callers, callee, caller);
    }
  }

  node(id: string): DotNode | undefined {
    return this.#nodes.get(id);
  }

  /** Returns the ids of a node's callers, heaviest first. */
  callers(id: string): readonly string[] {
    return this.#callers.get(id) ?? [];
  }

  callees(id: string): readonly string[] {
    return this.#callees.get(id) ?? [];
  }

  /** Returns the heaviest path from a root to a leaf, its node with the highest flat value first. */
  hottestPath(): readonly string[] {
    const size = (id: string, value: "flat" | "cum") => Math.abs(Number(this.node(id)?.[value]));
    const byValue = (value: "flat" | "cum") => (a: string, b: string) =>
      size(b, value) - size(a, value);
    const others = (ids: readonly string[], id: string) => ids.filter((other) => other !== id);
    const roots = this.ids.filter((id) => others(this.callers(id), id).length === 0);
    let next: string | undefined = (roots.length > 0 ? roots : [...this.ids]).toSorted(
      byValue("cum"),
    )[0];
    const path: string[] = [];
    while (next !== undefined) {
      path.push(next);
      next = this.callees(next).find((id) => !path.includes(id));
    }
    return path.toSorted(byValue("flat"));
  }

  ends(edgeId: string): readonly string[] {
    return edgeId.split("->");
  }

  ofNode(id: string): Facts | undefined {
    const node = this.#nodes.get(id);
    if (!node) return undefined;
    const callers = count(this.callers(id).length, "caller");
    const callees = count(this.callees(id).length, "callee");
    return {
      title: node.name,
      lines: [
        ...(node.file === "" || node.name.includes(node.file) ? [] : [node.file]),
        `flat ${this.#amount(node.flat)} · cum ${this.#amount(node.cum)}`,
        `${callers}, ${callees} in this graph`,
      ],
    };
  }

  ofEdge(edgeId: string): Facts | undefined {
    const edge = this.#edges.get(edgeId);
    if (!edge) return undefined;
    const lines = [this.#amount(edge.weight)];
    if (edge.isInline) {
      lines.push("Inlined: the compiler put the callee's code into the caller.");
    }
    if (edge.isResidual) lines.push("Dotted: calls through functions that are not shown.");
    return { title: `${edge.callerName} → ${edge.calleeName}`, lines };
  }

  /** Returns the accessible name of a node. */
  label(id: string): string {
    const facts = this.ofNode(id);
    return facts ? [facts.title, ...facts.lines].join(", ").replaceAll(" · ", ", ") : "";
  }

  #amount(value: Int64): string {
    const { format, total } = this.#report;
    return `${formatValue(format, value)} (${percentage(value, total).trim()})`;
  }
}

function edgeKey(caller: string, callee: string): string {
  return `${caller}->${callee}`;
}

function push(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
