import { type Budget, MAP_ENTRY_BYTES } from "../../profile/budget.js";
import type { LocationIndex } from "../../profile/indices.js";
import { RunInterner } from "../../profile/run-interner.js";
import { anonymousName } from "../../profile/script-names.js";
import type { ScriptFrames } from "../script-frames.js";
import { detachedNodes } from "./detached.js";
import { type HeapGraph, wordsFor } from "./graph.js";
import { NO_SCRIPT, Scripts } from "./scripts.js";

/** The memory of a class and its location, without the name, in bytes. */
const CLASS_BYTES = 2 * MAP_ENTRY_BYTES;

/** The words that identify a class: its name, and the script, line and column of its constructor. */
const KEY_WORDS = 4;

/** Types whose nodes have the names of their classes. */
const NAMED_TYPES = ["object", "native", "synthetic"];

/** Chrome DevTools' names for the nodes of other types. The default is `(type)`. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  hidden: "(system)",
  code: "(compiled code)",
};

const DETACHED = "Detached ";

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
  const { nodeCount } = graph;
  const isDetached = detachedNodes(graph, budget);
  const names = new ClassNames(graph, budget);
  const keys = new RunInterner();
  const key = new Uint32Array(KEY_WORDS);
  const classOf = (name: number, script: number, line: number, column: number) => {
    key[0] = name;
    key[1] = script;
    key[2] = line;
    key[3] = column;
    const before = keys.length;
    const cls = keys.intern(key, KEY_WORDS);
    if (keys.length > before) budget.charge(CLASS_BYTES);
    return cls;
  };
  const ofNode = wordsFor(budget, nodeCount);
  for (let node = 0; node < nodeCount; node++) {
    ofNode[node] = classOf(names.of(node, isDetached?.[node] === 1), NO_SCRIPT, 0, 0);
  }
  const scripts = new Scripts(graph, budget);
  scripts.forEachLocation((node, script, line, column) => {
    ofNode[node] = classOf(keys.word(ofNode[node], 0), script, line, column);
  });
  const locations: (LocationIndex | undefined)[] = [];
  const location = (cls: number) => {
    const known = locations[cls];
    if (known !== undefined) return known;
    const [name, script, startLine, startColumn] = keys.run(cls);
    const file = scripts.file(script);
    const className = names.text(name) || anonymousName(file, startLine, startColumn);
    const frame = frames.frame({ name: className, file, startLine, startColumn });
    const added = frames.location(frame);
    locations[cls] = added;
    return added;
  };
  return { ofNode, count: keys.length, location };
}

/** The names of classes. */
class ClassNames {
  readonly #graph: HeapGraph;
  readonly #budget: Budget;
  readonly #isNamed: readonly boolean[];
  readonly #texts: string[] = [];
  readonly #numbers = new Map<string, number>();
  /** By type, state and string of a node: the number of the name of its class. */
  readonly #known = new Map<number, number>();

  constructor(graph: HeapGraph, budget: Budget) {
    this.#graph = graph;
    this.#budget = budget;
    this.#isNamed = graph.types.map((type) => NAMED_TYPES.includes(type));
  }

  text(name: number): string {
    return this.#texts[name];
  }

  /** Returns the number of the name of a node's class. */
  of(node: number, isDetached: boolean): number {
    const { type, types, name } = this.#graph;
    const string = this.#isNamed[type[node]] ? name[node] : 0;
    const key = (string * types.length + type[node]) * 2 + (isDetached ? 1 : 0);
    let known = this.#known.get(key);
    if (known === undefined) {
      this.#budget.charge(MAP_ENTRY_BYTES);
      known = this.#add(this.#textOf(node, isDetached));
      this.#known.set(key, known);
    }
    return known;
  }

  #add(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      this.#budget.chargeText(text);
      number = this.#texts.push(text) - 1;
      this.#numbers.set(text, number);
    }
    return number;
  }

  #textOf(node: number, isDetached: boolean): string {
    const { type, types, name, strings } = this.#graph;
    const typeName = types[type[node]];
    if (!NAMED_TYPES.includes(typeName)) return TYPE_NAMES[typeName] ?? `(${typeName})`;
    const text = className(strings.text(name[node]));
    return isDetached && !text.startsWith(DETACHED) ? DETACHED + text : text;
  }
}

/**
 * Returns the class from the name of an object: `<div>` for `<div id="a">`, and `system / Context`
 * for the variables of any scope.
 */
function className(name: string): string {
  return name
    .replace(/^((?:Detached )?<[^ ]*) .*$/s, "$1>")
    .replace(/^system \/ Context \/ scope @\d+$/, "system / Context");
}
