import type { Budget } from "../../profile/budget.js";
import { componentsOf } from "../callgrind/strong-components.js";
import type { ScriptFrame, ScriptFrames } from "../script-frames.js";
import { NO_STACK, type StackSums } from "../stack-sums.js";
import { type LineDealer, lineDealer, onlyLine, type StackprofFrame, valuesOf } from "./frames.js";

/** The memory of a method, and of an edge, in bytes. */
const METHOD_BYTES = 400;
const EDGE_BYTES = 100;
/** The charge for each step of a walk. It bounds the time, too. */
const STEP_BYTES = 100;

/** Samples that leave a method by a call, or end in it. */
interface Exit {
  /** Undefined for samples in which the method is the innermost one. */
  readonly callee: Method | undefined;
  /** The samples that no stack has used yet. */
  left: number;
  /** The number of times that the current walk uses the exit. */
  used: number;
}

interface Method {
  readonly frame: StackprofFrame;
  readonly script: ScriptFrame;
  readonly dealLines: LineDealer;
  /** Exits to methods that can call this one, directly or not; the others; the largest first. */
  readonly recursive: Exit[];
  readonly final: Exit[];
  /** The number of final exits that are used up. */
  usedUp: number;
  /** The samples in which the method is the outermost one. */
  starts: number;
  isOnWalk: boolean;
}

/**
 * Adds stacks that agree with the samples of each method and of each pair of caller and callee,
 * which is all that a profile without `raw` contains. They are walks from the outermost to the
 * innermost method of samples, each through the largest numbers of samples that are left. A walk
 * follows each recursive call once if it can; further recursion, which does not change sums, may be
 * missing. Samples of damaged profiles that no walk reaches become stacks of one method.
 */
export function addAggregated(
  frames: ReadonlyMap<string, StackprofFrame>,
  scripts: ScriptFrames,
  sums: StackSums,
  perSample: number | undefined,
  budget: Budget,
): void {
  const methods = readMethods(frames, scripts, budget);
  const addStack = (callers: readonly Method[], leaf: Method, samples: number) => {
    let stack = NO_STACK;
    for (const { frame, script } of callers) {
      stack = sums.child(stack, scripts.location(script, onlyLine(frame) || undefined));
    }
    for (const { line, own } of leaf.dealLines(samples)) {
      const node = sums.child(stack, scripts.location(leaf.script, line || undefined));
      sums.add(node, valuesOf(own, perSample));
    }
  };
  for (const root of methods) {
    while (root.starts > 0) {
      const { callers, leaf, samples } = walkFrom(root, budget);
      if (leaf) addStack(callers, leaf, samples);
    }
  }
  for (const method of methods) {
    for (const { callee, left } of method.final) {
      if (!callee && left > 0) addStack([], method, left);
    }
  }
}

function readMethods(
  frames: ReadonlyMap<string, StackprofFrame>,
  scripts: ScriptFrames,
  budget: Budget,
): Method[] {
  const byId = new Map<string, Method>();
  for (const frame of frames.values()) {
    budget.charge(METHOD_BYTES);
    const { id, name, file, startLine } = frame;
    const script = scripts.frame({ name, file, startLine, startColumn: 0 });
    const dealLines = lineDealer(frame);
    const exits = { recursive: [], final: [], usedUp: 0, starts: 0, isOnWalk: false };
    byId.set(id, { frame, script, dealLines, ...exits });
  }
  const methods = [...byId.values()];
  const calls = methods.map(({ frame }) =>
    frame.edges.flatMap(([id, samples]) => {
      budget.charge(EDGE_BYTES);
      const callee = byId.get(id);
      return callee && samples > 0 ? [{ callee, left: samples, used: 0 }] : [];
    }),
  );
  const indices = new Map(methods.map((method, i) => [method, i]));
  const componentOf = componentsOf(
    calls.map((list) => list.map(({ callee }) => indices.get(callee) as number)),
  );
  methods.forEach((method, i) => {
    const { frame, recursive, final } = method;
    if (frame.samples > 0) final.push({ callee: undefined, left: frame.samples, used: 0 });
    for (const call of calls[i]) {
      const isRecursive = componentOf[indices.get(call.callee) as number] === componentOf[i];
      (isRecursive ? recursive : final).push(call);
      call.callee.starts -= call.left;
    }
    for (const list of [recursive, final]) {
      list.sort((a, b) => b.left - a.left);
      for (const { left } of list) method.starts += left;
    }
  });
  return methods.sort((a, b) => b.starts - a.starts);
}

interface Walk {
  readonly callers: readonly Method[];
  /** Undefined if the walk ends in a method from which no samples are left. */
  readonly leaf: Method | undefined;
  readonly samples: number;
}

/** Finds a stack of samples, and uses up as many as possible. */
function walkFrom(root: Method, budget: Budget): Walk {
  const callers: Method[] = [];
  const exits: Exit[] = [];
  let at: Method | undefined = root;
  let leaf: Method | undefined;
  while (at) {
    budget.charge(STEP_BYTES);
    at.isOnWalk = true;
    const exit = nextExit(at, budget);
    if (!exit) break;
    exit.used++;
    exits.push(exit);
    if (exit.callee) callers.push(at);
    else leaf = at;
    at = exit.callee;
  }
  let samples = root.starts;
  for (const { left, used } of exits) samples = Math.min(samples, Math.floor(left / used));
  root.starts -= samples;
  for (const exit of exits) exit.left -= samples;
  root.isOnWalk = false;
  for (const exit of exits) {
    exit.used = 0;
    if (exit.callee) exit.callee.isOnWalk = false;
  }
  return { callers, leaf, samples };
}

/** Prefers recursive calls that the walk has not used, of new methods first; then final exits. */
function nextExit(method: Method, budget: Budget): Exit | undefined {
  const { recursive, final } = method;
  budget.charge(recursive.length);
  const isUnused = ({ left, used }: Exit) => used === 0 && left > 0;
  const unused =
    recursive.find((exit) => isUnused(exit) && !exit.callee?.isOnWalk) ?? recursive.find(isUnused);
  if (unused) return unused;
  while (method.usedUp < final.length && final[method.usedUp].left === 0) method.usedUp++;
  return final[method.usedUp] ?? recursive.find(({ left, used }) => left > used);
}
