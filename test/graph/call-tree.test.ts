import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildCallTree } from "../../src/graph/call-tree.js";
import { int64At } from "../../src/profile/columns.js";
import { nodeIndices } from "../support/node-attributes.js";
import { addTo, inputOf, nonZero, type PlainSample, plainSamples } from "./random-profile.js";

/** Returns flat and cum of each path from a root. */
function reference(samples: readonly PlainSample[]) {
  const flat = new Map<string, bigint>();
  const cum = new Map<string, bigint>();
  for (const { stack, values } of samples) {
    const frames = stack.flat();
    frames.forEach((_, i) => {
      addTo(cum, frames.slice(0, i + 1).join(";"), values[1]);
    });
    if (frames.length > 0) addTo(flat, frames.join(";"), values[1]);
  }
  return { flat: nonZero(flat), cum: nonZero(cum) };
}

describe("buildCallTree", () => {
  it("has a node for each path from a root, with the values of its samples", () => {
    fc.assert(
      fc.property(plainSamples, (samples) => {
        const { view, nodes, value } = inputOf(samples);
        const tree = buildCallTree(view, nodes, value);
        const paths: string[] = [];
        const flat = new Map<string, bigint>();
        const cum = new Map<string, bigint>();
        for (const node of nodeIndices(tree.nodes.length)) {
          const caller = tree.callers[node];
          // Callers precede their callees.
          expect(caller).toBeLessThan(node);
          const name = tree.nodes.name(node);
          paths.push(caller < 0 ? name : `${paths[caller]};${name}`);
          addTo(flat, paths[node], BigInt(int64At(tree.values.flat, node)));
          addTo(cum, paths[node], BigInt(int64At(tree.values.cum, node)));
        }
        expect(new Set(paths).size).toBe(paths.length);
        expect({ flat: nonZero(flat), cum: nonZero(cum) }).toEqual(reference(samples));
      }),
      { numRuns: 500 },
    );
  });

  it("has an edge to each node with a caller, as heavy as the node, inlined if all its calls were", () => {
    const { view, nodes, value } = inputOf([
      { stack: [["a", "b"], ["c"]], values: [1n, 5n] },
      { stack: [["a"], ["b"], ["c"]], values: [1n, 7n] },
      { stack: [["a", "c"]], values: [1n, 11n] },
    ]);
    const { nodes: contexts, edges } = buildCallTree(view, nodes, value);
    const drawn = Array.from({ length: edges.length }, (_, edge) => {
      const [caller, callee] = [edges.caller[edge], edges.callee[edge]].map(contexts.name);
      return `${caller} ${callee} ${int64At(edges.weight, edge)} ${edges.inline[edge]}`;
    });
    expect(drawn).toEqual(["a b 12 0", "b c 12 0", "a c 11 1"]);
  });
});
