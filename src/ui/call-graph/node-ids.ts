import type { DotReport } from "../../report/dot.js";

/** Gives nodes the same ids in each graph, by their names. Nodes that share a name get several. */
export class NodeIds {
  readonly #numbers = new Map<string, number>();

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
