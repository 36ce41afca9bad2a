import type { DotReport } from "../../report/dot.js";

/**
 * Ids for nodes that stay the same from one graph to the next, for the same names. Of several nodes
 * of one name, as in call trees, each has its own.
 */
export class NodeIds {
  readonly #numbers = new Map<string, number>();

  /** The ids of a report's nodes, by their position. */
  of({ nodes }: DotReport): string[] {
    const seen = new Map<string, number>();
    return nodes.map(({ name }) => {
      const before = seen.get(name) ?? 0;
      seen.set(name, before + 1);
      return `n${this.#number(`${before} ${name}`)}`;
    });
  }

  #number(key: string): number {
    const number = this.#numbers.get(key) ?? this.#numbers.size + 1;
    this.#numbers.set(key, number);
    return number;
  }
}
