import { MAP_ENTRY_BYTES } from "../../profile/budget.js";
import type { LocationIndex } from "../../profile/indices.js";
import type { JsonInput } from "../json.js";
import { NO_STACK, type StackSums } from "../stack-sums.js";
import type { FirefoxFrames } from "./frames.js";
import { type FirefoxFrame, type FirefoxStacks, NONE } from "./recording.js";

/** The memory of a resolved stack and of a frame, in bytes. */
const STACK_BYTES = 80;
const FRAME_BYTES = 240;

/** Firefox's name for the root of stacks, which is no function. */
const ROOT = "(root)";

/** A stack in the sums. */
export interface ResolvedStack {
  readonly node: number;
  /** An index into the categories, or {@link NONE}. */
  readonly category: number;
}

interface Resolved {
  readonly frame: FirefoxFrame | undefined;
  readonly category: number;
  /** The node of the callers of the function, which may have inlined calls. */
  readonly callers: number;
  /** The location of the function into which the frame was inlined. */
  readonly outer: LocationIndex | undefined;
  /** The location and node of the stack as a caller; undefined before they are needed. */
  location: LocationIndex | undefined;
  node: number | undefined;
}

const ROOT_STACK: Readonly<Resolved> = {
  frame: undefined,
  category: NONE,
  callers: NO_STACK,
  outer: undefined,
  location: undefined,
  node: NO_STACK,
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
  /** Frames that were read, by index. */
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
    const resolved = this.#get(stack);
    const { frame, callers, category } = resolved;
    if (!this.#stacks.hasReturnAddresses || frame?.address === undefined) {
      return { node: this.#node(resolved), category };
    }
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
    // From the root on, so that nothing recurses.
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
    return {
      frame,
      category,
      callers: isInlined ? caller.callers : this.#node(caller),
      outer: isInlined ? this.#location(caller) : undefined,
      location: undefined,
      node: undefined,
    };
  }

  #node(resolved: Resolved): number {
    const location = resolved.node === undefined ? this.#location(resolved) : undefined;
    if (location !== undefined) resolved.node = this.#sums.child(resolved.callers, location);
    return resolved.node ?? NO_STACK;
  }

  #location(resolved: Resolved): LocationIndex | undefined {
    const { frame, outer } = resolved;
    if (!frame) return undefined;
    const address = callAddress(frame, this.#stacks.hasReturnAddresses);
    resolved.location ??= this.#frames.location(frame, address, outer);
    return resolved.location;
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

/**
 * Returns the address of a caller's call, which lies before the address that it returns to. Addresses
 * outside of libraries stay as they are, because no symbols exist for them.
 */
function callAddress(
  { address, library }: FirefoxFrame,
  isReturnAddress: boolean,
): bigint | undefined {
  if (!isReturnAddress || library === NONE || !address) return address;
  return address - 1n;
}
