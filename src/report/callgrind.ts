import { buildCallGraph, buildTreeGraph, type CallGraph } from "../graph/call-graph.js";
import { flatOf } from "../graph/node-values.js";
import { int64At } from "../profile/columns.js";
import type { Int64 } from "../units/int64.js";
import type { NodeIndex } from "../view/node-table.js";
import type { ReportInput } from "./input.js";
import { chooseFormat, type ValueFormat } from "./value-format.js";

/** A position in code, as the callgrind format distinguishes them. */
export interface CallgrindPosition {
  readonly binary: string;
  readonly file: string;
  readonly address: bigint;
  readonly line: Int64;
}

export interface CallgrindCall extends CallgrindPosition {
  /** The name of the callee, made unique; empty if the callee is not shown. */
  readonly name: string;
  readonly weight: Int64;
}

export interface CallgrindEntry extends CallgrindPosition {
  readonly name: string;
  /** The name, made unique. */
  readonly uniqueName: string;
  /** Whether the function is identified by its definition, which pprof does not know. */
  readonly isDefinition: boolean;
  readonly flat: Int64;
  readonly calls: readonly CallgrindCall[];
}

export interface CallgrindReport {
  readonly sampleType: string;
  readonly format: ValueFormat;
  /** Returns the entries one by one, because they may not fit into memory together. */
  entries(): Iterable<CallgrindEntry>;
}

/** Makes the report. With `callTree`, every context of a function is an entry of its own. */
export function callgrind(input: ReportInput): CallgrindReport {
  const graph = input.callTree ? buildTreeGraph(input) : buildCallGraph(input);
  const { nodes, values, trimmed, edges, calls } = graph;
  const names = distinctNames(graph);
  const positionOf = (node: NodeIndex): CallgrindPosition => ({
    binary: nodes.binary(node),
    file: nodes.file(node),
    address: nodes.address(node),
    line: nodes.line(node),
  });
  return {
    sampleType: input.value.type,
    format: chooseFormat(input, values, trimmed.shown, true),
    *entries() {
      for (const node of trimmed.shown) {
        yield {
          ...positionOf(node),
          name: nodes.functionName(node),
          uniqueName: names.get(node) ?? "",
          isDefinition: nodes.isDefinition(node),
          flat: flatOf(values, node),
          calls: calls.outOf(node).map((edge) => ({
            ...positionOf(edges.callee[edge]),
            name: names.get(edges.callee[edge]) ?? "",
            weight: int64At(edges.weight, edge),
          })),
        };
      }
    },
  };
}

/** Numbers functions that share their name and file (`name [1/2]`): viewers would merge them. */
function distinctNames({ nodes, trimmed, callerOf }: CallGraph): Map<NodeIndex, string> {
  /** By name and file: the different functions, numbered from 1 in order of appearance. */
  const functions = new Map<string, Map<string, number>>();
  const rows = trimmed.shown.map((node) => {
    const shared = `${nodes.functionName(node)}\0${nodes.file(node)}`;
    let numbers = functions.get(shared);
    if (!numbers) {
      numbers = new Map();
      functions.set(shared, numbers);
    }
    const isWhole = nodes.address(node) === 0n && nodes.line(node) === 0;
    // A node without address and line is a whole function, and its column distinguishes it.
    const column = isWhole ? nodes.column(node) : 0;
    const start = `${nodes.startLine(node)} ${nodes.startColumn(node)}`;
    const origin = `${start} ${column} ${callerOf(node)} ${nodes.binary(node)}`;
    const number = numbers.get(origin) ?? numbers.size + 1;
    numbers.set(origin, number);
    return { node, number, numbers };
  });
  return new Map(
    rows.map(({ node, number, numbers }) => {
      const name = nodes.functionName(node);
      return [node, numbers.size > 1 ? `${name} [${number}/${numbers.size}]` : name];
    }),
  );
}
