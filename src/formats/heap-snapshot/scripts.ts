import type { Budget } from "../../profile/budget.js";
import { scriptFile } from "../../profile/script-names.js";
import { type HeapGraph, NO_NODE } from "./graph.js";

/** The number of a script without a file. */
export const NO_SCRIPT = 0;

/** Larger lines and columns are -1 as an unsigned number, and scripts have smaller numbers. */
const MAX_POSITION = 2 ** 31;

/** Newer versions of V8 write this before the URL of a script. */
const SCRIPT_PREFIX = /^system \/ Script(?: \/ |$)/;

/** The scripts of functions, from the list of locations. */
export class Scripts {
  readonly #graph: HeapGraph;
  /** By V8's number of a script: its number here. */
  readonly #numbers = new Map<number, number>();
  readonly #files = [""];

  constructor(graph: HeapGraph, budget: Budget) {
    this.#graph = graph;
    const { nodeCount, name, strings, locations } = graph;
    if (!locations) return;
    const { nodeWidth, meta } = locations;
    const scriptAt = meta.at.script_object_index;
    this.#forEachRow((node, row, id) => {
      if (this.#numbers.has(id)) return;
      const script = scriptAt === undefined ? this.#scriptOf(node) : row[scriptAt] / nodeWidth;
      if (!(script < nodeCount && Number.isInteger(script))) return;
      const file = scriptFile(strings.text(name[script]).replace(SCRIPT_PREFIX, ""));
      budget.chargeText(file);
      this.#numbers.set(id, file === "" ? NO_SCRIPT : this.#files.push(file) - 1);
    });
  }

  file(script: number): string {
    return this.#files[script];
  }

  /** Calls `use` for each node whose function is in a known file, with the position from 1 on. */
  forEachLocation(use: (node: number, script: number, line: number, column: number) => void): void {
    const at = this.#graph.locations?.meta.at;
    if (!at) return;
    this.#forEachRow((node, row, id) => {
      const script = this.#numbers.get(id) ?? NO_SCRIPT;
      const [line, column] = [row[at.line], row[at.column]];
      if (script === NO_SCRIPT || line >= MAX_POSITION || column >= MAX_POSITION) return;
      use(node, script, line + 1, column + 1);
    });
  }

  /** Returns the node of the script of a closure; {@link NO_NODE} for other nodes. */
  #scriptOf(node: number): number {
    const { type, types, code } = this.#graph;
    if (types[type[node]] !== "closure" || code[node] === NO_NODE) return NO_NODE;
    return code[code[node]];
  }

  #forEachRow(use: (node: number, row: Float64Array, scriptId: number) => void): void {
    const { locations, nodeCount } = this.#graph;
    if (!locations) return;
    const { list, meta, nodeWidth } = locations;
    const { at, width } = meta;
    list.restart();
    const row = new Float64Array(width);
    for (let rows = list.rows(width); rows > 0; rows--) {
      for (let field = 0; field < width; field++) row[field] = list.next();
      const node = row[at.object_index] / nodeWidth;
      if (!Number.isInteger(node) || node >= nodeCount) {
        throw list.malformed("a location is not of a node");
      }
      use(node, row, row[at.script_id]);
    }
  }
}
