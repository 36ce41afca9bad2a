import { type Budget, MAP_ENTRY_BYTES } from "../../profile/budget.js";
import type { LocationIndex } from "../../profile/indices.js";
import { RunInterner } from "../../profile/run-interner.js";
import { anonymousName, scriptFile } from "../../profile/script-names.js";
import type { ScriptFrames } from "../script-frames.js";
import { detachedNodes } from "./detached.js";
import { type HeapGraph, NO_NODE, wordsFor } from "./graph.js";

/** The memory of a class, without its name, in bytes. */
const CLASS_BYTES = 2 * MAP_ENTRY_BYTES;

/** The number of words that identify a class. */
const KEY_WORDS = 5;

/** Larger lines and columns are -1 as an unsigned number, and scripts have smaller numbers. */
const MAX_POSITION = 2 ** 31;

/** Types whose objects have classes of their own, which their names say. */
const NAMED_TYPES = ["object", "native", "synthetic"];

/** Chrome DevTools' names for the objects of some other types; those of most are `(type)`. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  hidden: "(system)",
  code: "(compiled code)",
};

/** The classes of the nodes of a heap snapshot. Their names are as in Chrome DevTools. */
export interface Classes {
  /** By node: its class. */
  readonly ofNode: Uint32Array;
  readonly count: number;
  /** Returns the location of a class, whose function is named after the class. */
  location(cls: number): LocationIndex;
}

/**
 * Returns the classes of nodes. Objects of one class have the same name and the same constructor,
 * which begins at the same position; closures have the same function.
 */
export function classesOf(graph: HeapGraph, frames: ScriptFrames, budget: Budget): Classes {
  const { nodeCount, type, types, name } = graph;
  const isDetached = detachedNodes(graph, budget);
  const scripts = new Scripts(graph, budget);
  const ofNode = wordsFor(budget, nodeCount);
  const keys = new RunInterner();
  const isNamed = types.map((text) => NAMED_TYPES.includes(text));
  const key = new Uint32Array(KEY_WORDS);
  const add = (node: number, script: number, line: number, column: number) => {
    key[0] = type[node] * 2 + (isDetached?.[node] ?? 0);
    key[1] = isNamed[type[node]] ? name[node] : 0;
    key[2] = script;
    key[3] = line;
    key[4] = column;
    const before = keys.length;
    const cls = keys.intern(key, KEY_WORDS);
    if (keys.length > before) budget.charge(CLASS_BYTES);
    ofNode[node] = cls;
  };
  // Most nodes have the class of their type and name alone, which is looked up once.
  const plain = new Map<number, number>();
  for (let node = 0; node < nodeCount; node++) {
    const id = name[node] * types.length + type[node];
    const known = isNamed[type[node]] && !isDetached?.[node] ? plain.get(id) : undefined;
    if (known !== undefined) {
      ofNode[node] = known;
      continue;
    }
    add(node, 0, 0, 0);
    if (isNamed[type[node]] && !isDetached?.[node]) plain.set(id, ofNode[node]);
  }
  scripts.forEachLocation(add);
  const locations: (LocationIndex | undefined)[] = [];
  const location = (cls: number) => {
    const known = locations[cls];
    if (known !== undefined) return known;
    const [typeAndState, text, script, startLine, startColumn] = keys.run(cls);
    const file = scripts.file(script);
    const className = nameOf(graph, typeAndState, text);
    const fullName = className || anonymousName(file, startLine, startColumn);
    const frame = frames.frame({ name: fullName, file, startLine, startColumn });
    const added = frames.location(frame);
    locations[cls] = added;
    return added;
  };
  return { ofNode, count: keys.length, location };
}

function nameOf({ types, strings }: HeapGraph, typeAndState: number, text: number): string {
  const type = types[typeAndState >> 1];
  if (!NAMED_TYPES.includes(type)) return TYPE_NAMES[type] ?? `(${type})`;
  const name = elementName(strings.text(text));
  const isMarked = typeAndState % 2 === 0 || name.startsWith(DETACHED);
  return isMarked ? name : DETACHED + name;
}

const DETACHED = "Detached ";

/** Returns the name of a node of a document without its attributes: `<div>` for `<div id="a">`. */
function elementName(name: string): string {
  return name.replace(/^((?:Detached )?<[^ ]*) .*$/s, "$1>");
}

/** The number of a script without a name. */
const NO_SCRIPT = 0;

/** The scripts of functions. */
class Scripts {
  readonly #graph: HeapGraph;
  /** By V8's number of a script: its number here. */
  readonly #numbers = new Map<number, number>();
  readonly #files = [""];

  constructor(graph: HeapGraph, budget: Budget) {
    this.#graph = graph;
    const { type, types, code, name, strings } = graph;
    const closure = types.indexOf("closure");
    this.#forEachRow((node, script) => {
      if (type[node] !== closure || this.#numbers.has(script)) return;
      const shared = code[node];
      const scriptNode = shared === NO_NODE ? NO_NODE : code[shared];
      if (scriptNode === NO_NODE) return;
      const file = scriptFile(strings.text(name[scriptNode]));
      budget.chargeText(file);
      this.#numbers.set(script, file === "" ? NO_SCRIPT : this.#files.push(file) - 1);
    });
  }

  file(script: number): string {
    return this.#files[script];
  }

  /** Calls `use` for each node whose function is in a known file, with the position from 1 on. */
  forEachLocation(use: (node: number, script: number, line: number, column: number) => void): void {
    this.#forEachRow((node, id, line, column) => {
      const script = this.#numbers.get(id) ?? NO_SCRIPT;
      if (script === NO_SCRIPT || line >= MAX_POSITION || column >= MAX_POSITION) return;
      use(node, script, line + 1, column + 1);
    });
  }

  #forEachRow(use: (node: number, scriptId: number, line: number, column: number) => void): void {
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
      use(node, row[at.script_id], row[at.line], row[at.column]);
    }
  }
}
