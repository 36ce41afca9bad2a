import type { DotReport } from "../../report/dot.js";

/**
 * Gives nodes ids that stay the same from one graph to the next for the same name. Nodes that
 * share a name, as in call trees, get different ids.
 */
export class NodeIds {
  readonly #numbers = new Map<string, number>();

  /** Returns the ids of a report's nodes, in their order. */
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
