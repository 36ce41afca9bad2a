import type { CallFrame } from "./tally.js";

/** A stack, root first, as `name url:line:column` from 1, and the number of its samples of 1 ms. */
export type Sampled = readonly [stack: readonly string[], count: number];

/** The time between samples. */
const MICROS = 1000;

/**
 * Returns a .cpuprofile with these samples. A frame without a name begins with a blank:
 * ` file:///app/a.js:1:1`. A frame without a URL or position is only a name: `(program)`.
 */
export function cpuProfile(samples: readonly Sampled[]): string {
  const nodes = [node("(root)", 1)];
  const ids: number[] = [];
  for (const [stack, count] of samples) {
    let parent = nodes[0];
    for (const text of stack) {
      const known = nodes.find((one) => one.text === text && parent.children.includes(one.id));
      const next = known ?? node(text, nodes.length + 1);
      if (!known) {
        nodes.push(next);
        parent.children.push(next.id);
      }
      parent = next;
    }
    ids.push(...new Array(count).fill(parent.id));
  }
  return JSON.stringify({
    nodes: nodes.map(({ id, callFrame, children }) => ({ id, callFrame, children, hitCount: 0 })),
    samples: ids,
    timeDeltas: ids.map((_, i) => (i === 0 ? 0 : MICROS)),
    startTime: 0,
    endTime: ids.length * MICROS,
  });
}

interface Node {
  readonly text: string;
  readonly id: number;
  readonly callFrame: CallFrame & { readonly scriptId: string };
  readonly children: number[];
}

function node(text: string, id: number): Node {
  const [, functionName, url, line, column] = /^(.*) (\S*):(\d+):(\d+)$/.exec(text) ?? [
    "",
    text,
    "",
    "0",
    "0",
  ];
  const position = { lineNumber: Number(line) - 1, columnNumber: Number(column) - 1 };
  return { text, id, callFrame: { functionName, url, scriptId: "0", ...position }, children: [] };
}
