import { describe, expect, it } from "vitest";
import type { EdgeTable } from "../../src/graph/edge-builder.js";
import { NodeEdges } from "../../src/graph/node-edges.js";
import { redundantEdges } from "../../src/graph/redundant-edges.js";
import { indexColumn } from "../../src/profile/columns.js";
import type { NodeAttributes } from "../../src/view/node-table.js";
import { nodeIndices } from "../support/node-attributes.js";

/** Residual edges, each as caller, callee and weight, between `count` nodes. */
function found(count: number, list: readonly [number, number, number][], maxSteps?: number) {
  const column = (field: number) => list.map((edge) => edge[field]);
  const edges: EdgeTable = {
    length: list.length,
    caller: indexColumn(Uint32Array.from(column(0))),
    callee: indexColumn(Uint32Array.from(column(1))),
    weight: Float64Array.from(column(2)),
    divisor: undefined,
    inline: new Uint8Array(list.length),
    residual: new Uint8Array(list.length).fill(1),
  };
  const nodes = { length: count, name: String } as unknown as NodeAttributes;
  const shown = nodeIndices(count);
  const calls = new NodeEdges(nodes, edges, () => true);
  return [...redundantEdges(shown, edges, calls, maxSteps)].map((edge) => list[edge].join());
}

describe("redundant edges", () => {
  it("are edges whose callee is reached in another way", () => {
    expect(
      found(3, [
        [0, 1, 5],
        [1, 2, 5],
        [0, 2, 1],
      ]),
    ).toEqual(["0,2,1"]);
  });

  it("are searched only up to a limit", () => {
    const count = 2000;
    const list = Array.from({ length: count - 2 }, (_, i): [number, number, number][] => [
      [i, i + 1, 5],
      [i, i + 2, 1],
    ]).flat();
    const all = found(count, list);
    const some = found(count, list, 4000);
    expect(all).toHaveLength(count - 3);
    expect(some.length).toBeGreaterThan(0);
    expect(some).toEqual(all.slice(0, some.length));
    expect(some.length).toBeLessThan(all.length);
  });
});
