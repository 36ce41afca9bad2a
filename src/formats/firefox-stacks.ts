import { MAP_ENTRY_BYTES } from "../profile/budget.js";
import type { LocationIndex } from "../profile/indices.js";
import type { FirefoxFrames } from "./firefox-frames.js";
import { type FirefoxFrame, type FirefoxStacks, NONE } from "./firefox-recording.js";
import type { JsonInput } from "./json.js";
import { NO_STACK, type StackSums } from "./stack-sums.js";

/** The memory of a resolved stack and of a frame, in bytes. */
const STACK_BYTES = 64;
const FRAME_BYTES = 240;

/** Firefox's name for the root of stacks, which is no function. */
const ROOT = "(root)";

/** A stack in the sums. */
export interface ResolvedStack {
  readonly node: number;
  /** An index into the categories, or {@link NONE}. */
  readonly category: number;
}

interface Resolved extends ResolvedStack {
  readonly frame: FirefoxFrame | undefined;
  /** The node of the callers of the function, which may have inlined calls. */
  readonly callers: number;
  /** The location of the function with its inlined calls. */
  readonly location: LocationIndex | undefined;
}

const ROOT_STACK: Resolved = {
  node: NO_STACK,
  category: NONE,
  frame: undefined,
  callers: NO_STACK,
  location: undefined,
};

/** Adds the stacks of a recording to the sums when samples refer to them. */
export class StackResolver {
  readonly #json: JsonInput;
  readonly #stacks: FirefoxStacks;
  readonly #frames: FirefoxFrames;
  readonly #sums: StackSums;
  readonly #resolved: (Resolved | undefined)[];
  /** The stacks whose last frame was running, where its location differs from a caller's. */
  readonly #running = new Map<number, ResolvedStack>();
  readonly #frameCache: (FirefoxFrame | undefined)[];

  constructor(json: JsonInput, stacks: FirefoxStacks, frames: FirefoxFrames, sums: StackSums) {
    this.#json = json;
    this.#stacks = stacks;
    this.#frames = frames;
    this.#sums = sums;
    json.budget.charge((stacks.stackCount + stacks.frameCount) * 8);
    this.#resolved = new Array(stacks.stackCount).fill(undefined);
    this.#frameCache = new Array(stacks.frameCount).fill(undefined);
  }

  /** Returns a stack whose last frame was running. */
  get(stack: number): ResolvedStack {
    const { frame, callers, category, node } = this.#get(stack);
    if (!this.#stacks.hasReturnAddresses || frame?.address === undefined) return { node, category };
    let running = this.#running.get(stack);
    if (!running) {
      this.#json.budget.charge(MAP_ENTRY_BYTES + STACK_BYTES);
      running = { node: this.#sums.child(callers, this.#frames.location(frame)), category };
      this.#running.set(stack, running);
    }
    return running;
  }

  #get(stack: number): Resolved {
    const open: number[] = [];
    let resolved: Resolved | undefined;
    for (let at = stack; !resolved; at = this.#stacks.callerOf(at)) {
      if (at === NONE) {
        resolved = ROOT_STACK;
        break;
      }
      resolved = this.#resolved[at];
      if (resolved) break;
      if (open.length > this.#stacks.stackCount) {
        throw this.#json.malformed("the stacks form a cycle");
      }
      open.push(at);
    }
    for (let at = open.pop(); at !== undefined && resolved; at = open.pop()) {
      this.#json.budget.charge(STACK_BYTES);
      resolved = this.#called(at, resolved);
      this.#resolved[at] = resolved;
    }
    return resolved;
  }

  #called(stack: number, caller: Resolved): Resolved {
    const frame = this.#frame(this.#stacks.frameOf(stack));
    let category = this.#stacks.categoryOf(stack);
    if (category === NONE) category = frame.category === NONE ? caller.category : frame.category;
    if (caller.node === NO_STACK && frame.name === ROOT) return { ...ROOT_STACK, category };
    const isInlined =
      frame.inlineDepth > 0 &&
      frame.inlineDepth === (caller.frame?.inlineDepth ?? 0) + 1 &&
      frame.address !== undefined &&
      frame.address === caller.frame?.address &&
      frame.library === caller.frame.library;
    const callers = isInlined ? caller.callers : caller.node;
    const location = this.#frames.location(
      frame,
      callAddress(frame, this.#stacks.hasReturnAddresses),
      isInlined ? caller.location : undefined,
    );
    return { node: this.#sums.child(callers, location), category, frame, callers, location };
  }

  #frame(index: number): FirefoxFrame {
    let frame = this.#frameCache[index];
    if (!frame) {
      this.#json.budget.charge(FRAME_BYTES);
      frame = this.#stacks.frame(index);
      this.#frameCache[index] = frame;
    }
    return frame;
  }
}

/** Returns the address of a caller's call, which lies before the address that it returns to. */
function callAddress({ address }: FirefoxFrame, isReturnAddress: boolean): bigint | undefined {
  return isReturnAddress && address !== undefined && address > 0n ? address - 1n : address;
}
