import { textMatcher } from "../search/name-search.js";
import type { GraphNode } from "./graph-parts.js";

/** What a search found, and where it stands. */
interface Found {
  readonly count: number;
  /** From 1; 0 where nothing was found. */
  readonly at: number;
  readonly current: GraphNode | undefined;
}

/** Finds nodes by their full name, and marks them. */
export class Search {
  text = "";
  readonly #nodes: readonly GraphNode[];
  #matches: readonly GraphNode[] = [];
  #at = 0;

  constructor(nodes: readonly GraphNode[]) {
    this.#nodes = nodes;
  }

  /** Looks for a regular expression, or for plain text where it is none; case does not count. */
  find(text: string): Found {
    this.text = text;
    const matches = text === "" ? () => false : textMatcher(text);
    this.#matches = this.#nodes.filter(({ name }) => matches(name));
    const found = new Set(this.#matches);
    for (const node of this.#nodes) node.element.classList.toggle("match", found.has(node));
    this.#at = 0;
    return this.step(0);
  }

  /** Goes on to the next match, or with -1 back to the one before. */
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
