import { MAP_ENTRY_BYTES } from "../../profile/budget.js";
import { scriptFile } from "../../profile/script-names.js";
import type { JsonInput } from "../json.js";
import type { Range, SnapshotStrings } from "./layout.js";
import type { TraceMeta } from "./meta.js";
import { NumberList } from "./number-list.js";

/** The number of no label. */
const NO_LABEL = 0;

/** The memory of a node of the tree, and of a function, in bytes. */
const NODE_BYTES = MAP_ENTRY_BYTES;
const FUNCTION_BYTES = MAP_ENTRY_BYTES + 16;

/** The stacks of allocations, of which only the innermost functions are used. */
export class AllocationTraces {
  /** By V8's number of a node of the tree: the label of its function. */
  readonly #labels = new Map<number, number>();
  readonly #texts = [""];

  constructor(
    bytes: Uint8Array,
    { functions, tree }: { readonly functions: Range; readonly tree: Range },
    meta: TraceMeta,
    strings: SnapshotStrings,
    json: JsonInput,
  ) {
    const labelOfRow = this.#readFunctions(
      new NumberList(bytes, functions, json, "trace_function_infos"),
      meta.functions,
      strings,
      json,
    );
    // Each node has the same number of numbers, followed by its children.
    const { width, at } = meta.tree;
    const list = new NumberList(bytes, tree, json, "trace_tree", true);
    const row = new Float64Array(width - 1);
    while (list.hasNext()) {
      for (let field = 0; field < width - 1; field++) row[field] = list.next();
      json.budget.charge(NODE_BYTES);
      this.#labels.set(row[at.id], labelOfRow[row[at.function_info_index]] ?? NO_LABEL);
    }
  }

  /** Returns the number of the label of a node of the tree; 0 if it is unknown. */
  label(traceNode: number): number {
    return this.#labels.get(traceNode) ?? NO_LABEL;
  }

  /** Returns a function as text, such as `make app.js:12`. */
  text(label: number): string {
    return this.#texts[label];
  }

  /** Returns the label of each function. Different rows may have the same text. */
  #readFunctions(
    list: NumberList,
    { width, at }: TraceMeta["functions"],
    strings: SnapshotStrings,
    json: JsonInput,
  ): number[] {
    const known = new Map<string, number>();
    const row = new Float64Array(width);
    return Array.from({ length: list.rows(width) }, () => {
      for (let field = 0; field < width; field++) row[field] = list.next();
      const [name, script] = [row[at.name], row[at.script_name]];
      if (!(name < strings.length && script < strings.length)) {
        throw json.malformed("the name of an allocating function is no string");
      }
      const text = functionText(strings.text(name), strings.text(script), row[at.line]);
      json.budget.charge(FUNCTION_BYTES);
      const label = known.get(text) ?? this.#texts.length;
      if (label === this.#texts.length) {
        json.budget.chargeText(text);
        known.set(text, this.#texts.push(text) - 1);
      }
      return label;
    });
  }
}

/** Returns `name file:line`; V8 writes lines from 1 on, and 0 if they are unknown. */
function functionText(name: string, url: string, line: number): string {
  const path = scriptFile(url);
  const file = path.startsWith("node:") ? path : path.slice(path.lastIndexOf("/") + 1);
  const position = file !== "" && line > 0 ? `${file}:${line}` : file;
  return [name || "(anonymous)", position].filter((part) => part !== "").join(" ");
}
