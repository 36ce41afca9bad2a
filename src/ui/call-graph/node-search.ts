import { textMatcher } from "../search/name-search.js";
import type { GraphNode } from "./graph-parts.js";

interface Found {
  readonly count: number;
  /** The position of the current match, from 1; 0 if there is none. */
  readonly at: number;
  readonly current: GraphNode | undefined;
}

/** Finds nodes by name, and marks them. */
export class Search {
  text = "";
  readonly #nodes: readonly GraphNode[];
  #matches: readonly GraphNode[] = [];
  #at = 0;

  constructor(nodes: readonly GraphNode[]) {
    this.#nodes = nodes;
  }

  /** Searches for text or a regular expression; an empty text ends the search. */
  find(text: string): Found {
    this.text = text;
    const matches = text === "" ? () => false : textMatcher(text);
    this.#matches = this.#nodes.filter(({ name }) => matches(name));
    const found = new Set(this.#matches);
    for (const node of this.#nodes) node.element.classList.toggle("match", found.has(node));
    this.#at = 0;
    return this.step(0);
  }

  /** Goes to the next match, or with -1 to the previous one. */
  step(by: number): Found {
    const count = this.#matches.length;
    this.#matches[this.#at]?.element.classList.remove("current");
    this.#at = count === 0 ? 0 : (this.#at + by + count) % count;
    const current = this.#matches[this.#at];
    for (const { element } of this.#nodes)
      element.classList.toggle("current", element === current?.element);
    return { count, at: count === 0 ? 0 : this.#at + 1, current };
  }
}
