/**
 * Sums of a .cpuprofile, computed from its JSON without any code of tsprof. All values are
 * nanoseconds. A sample lasts until the next one, and the last one until the end of the profile.
 */

/** The function of a node, as V8 writes it: lines and columns count from 0, and -1 is unknown. */
export interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

interface RawNode {
  readonly id: number;
  readonly callFrame: CallFrame;
  readonly children?: readonly number[];
}

interface RawProfile {
  readonly nodes: readonly RawNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
  readonly startTime: number;
  readonly endTime: number;
}

/** The values of a function, file or package. `cum` counts each stack once. */
export interface Sums {
  flat: number;
  cum: number;
}

/** A node of the call tree in which the children of a node are different functions. */
export interface TallyFrame {
  readonly frame: CallFrame;
  readonly children: Map<string, TallyFrame>;
  flat: number;
  total: number;
}

const NANOS_PER_MICRO = 1000;

/** Returns a text that is different for different functions. */
export function identityOf({ functionName, url, lineNumber, columnNumber }: CallFrame): string {
  return JSON.stringify([functionName, fileOf(url), lineNumber + 1, columnNumber + 1]);
}

/** Returns the path of a local file, or the URL of anything else. */
export function fileOf(url: string): string {
  return url.startsWith("file://") ? decodeURIComponent(new URL(url).pathname) : url;
}

/** Returns the npm package of a file in node_modules: the innermost one. */
export function npmPackageOf(file: string): string | undefined {
  const parts = file.split("/");
  const at = parts.lastIndexOf("node_modules");
  if (at < 0) return undefined;
  const [first, second] = parts.slice(at + 1);
  return first.startsWith("@") ? `${first}/${second}` : first;
}

export class Tally {
  readonly #roots: TallyFrame[];
  /** The time in all samples. */
  readonly total: number;
  /** The frames on top, below V8's `(root)`. */
  readonly top: readonly TallyFrame[];

  constructor(json: string) {
    const raw = JSON.parse(json) as RawProfile;
    const flat = flatNanos(raw);
    this.total = [...flat.values()].reduce((sum, nanos) => sum + nanos, 0);
    this.#roots = mergedTree(raw, flat);
    this.top = this.#roots.flatMap((root) => [...root.children.values()]);
  }

  /** Sums the frames by the key that `keyOf` returns. */
  by(keyOf: (frame: CallFrame) => string): Map<string, Sums> {
    const sums = new Map<string, Sums>();
    /** How often each key is on the current stack. */
    const open = new Map<string, number>();
    const visit = ({ frame, flat, total, children }: TallyFrame) => {
      const key = keyOf(frame);
      const row = sums.get(key) ?? { flat: 0, cum: 0 };
      sums.set(key, row);
      const depth = open.get(key) ?? 0;
      row.flat += flat;
      if (depth === 0) row.cum += total;
      open.set(key, depth + 1);
      for (const child of children.values()) visit(child);
      open.set(key, depth);
    };
    this.top.forEach(visit);
    for (const [key, { cum }] of sums) if (cum === 0) sums.delete(key);
    return sums;
  }

  /** Returns the frames with the most time, callers before callees, each with its stack. */
  heaviest(count: number): TallyFrame[][] {
    const stacks: TallyFrame[][] = [];
    const visit = (frame: TallyFrame, callers: TallyFrame[]) => {
      const stack = [...callers, frame];
      stacks.push(stack);
      for (const child of frame.children.values()) visit(child, stack);
    };
    for (const frame of this.top) visit(frame, []);
    const weight = (stack: TallyFrame[]) => stack[stack.length - 1].total;
    return stacks.sort((a, b) => weight(b) - weight(a)).slice(0, count);
  }
}

/** Returns the time of the samples of each node, by its id. */
function flatNanos({ samples, timeDeltas, startTime, endTime }: RawProfile): Map<number, number> {
  let now = startTime;
  const taken = samples.map((node, i) => {
    now += timeDeltas[i];
    return { node, now };
  });
  taken.sort((a, b) => a.now - b.now);
  const flat = new Map<number, number>();
  taken.forEach(({ node, now }, i) => {
    const end = i + 1 < taken.length ? taken[i + 1].now : Math.max(endTime, now);
    flat.set(node, (flat.get(node) ?? 0) + (end - now) * NANOS_PER_MICRO);
  });
  return flat;
}

/** Merges children of one node that are the same function. V8 sometimes has several of them. */
function mergedTree({ nodes }: RawProfile, flat: Map<number, number>): TallyFrame[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const merge = (id: number, siblings: Map<string, TallyFrame>): number => {
    const { callFrame, children = [] } = byId.get(id) as RawNode;
    const key = identityOf(callFrame);
    const frame = siblings.get(key) ?? {
      frame: callFrame,
      children: new Map(),
      flat: 0,
      total: 0,
    };
    siblings.set(key, frame);
    const own = flat.get(id) ?? 0;
    let total = own;
    for (const child of children) total += merge(child, frame.children);
    frame.flat += own;
    frame.total += total;
    return total;
  };
  const childIds = new Set(nodes.flatMap(({ children = [] }) => children));
  const roots = new Map<string, TallyFrame>();
  for (const { id } of nodes) if (!childIds.has(id)) merge(id, roots);
  return [...roots.values()];
}
