import type { JsonInput, JsonObject } from "../json.js";

interface ThreadIdentity {
  readonly name: string;
  /** The name of the process, and the site that it shows; empty if unknown. */
  readonly process: string;
  readonly pid: unknown;
  readonly tid: unknown;
}

/** A thread of a recording of Firefox or samply. */
export interface FirefoxThread extends ThreadIdentity {
  readonly stacks: FirefoxStacks;
  readonly samples: FirefoxSamples;
  readonly allocations: readonly FirefoxAllocations[];
}

/** The stacks of one thread or of all threads. Each stack is a frame and the stack of its caller. */
export interface FirefoxStacks {
  readonly stackCount: number;
  readonly frameCount: number;
  /** Whether the addresses of callers are where their calls return to, not the calls themselves. */
  readonly hasReturnAddresses: boolean;
  /** Returns the caller of a stack; {@link NONE} if the stack has one frame. */
  callerOf(stack: number): number;
  frameOf(stack: number): number;
  /** Returns the category of a stack, which only old versions write; {@link NONE} if unknown. */
  categoryOf(stack: number): number;
  frame(index: number): FirefoxFrame;
}

/** No index. */
export const NONE = -1;

/** Lines and columns count from 1, and are 0 if unknown. */
export interface FirefoxFrame {
  readonly name: string;
  readonly file: string;
  /** The position where the function begins. */
  readonly startLine: number;
  readonly startColumn: number;
  /** The position that was running. */
  readonly line: number;
  readonly column: number;
  /** An index into the libraries, or {@link NONE}. */
  readonly library: number;
  /** The address relative to the library, or a process's address without a library. */
  readonly address: bigint | undefined;
  /** 0 for a function, and 1 more for each inlined call at the same address. */
  readonly inlineDepth: number;
  /** An index into the categories of the recording, or {@link NONE}. */
  readonly category: number;
}

/** The samples of a thread, by row. */
export interface FirefoxSamples {
  /** Stacks, or {@link NONE}. */
  readonly stacks: Int32Array;
  /** Milliseconds since the start of the main process; undefined if unknown. */
  readonly millis: Float64Array | undefined;
  /** Undefined if each row is one sample. */
  readonly weights: Float64Array | undefined;
  readonly weightType: "samples" | "tracing-ms" | "bytes";
  /** The CPU time since the previous row, in the unit of the recording; `NaN` if unknown. */
  readonly cpu: Float64Array | undefined;
}

/** Allocations of a thread, by row. */
export interface FirefoxAllocations {
  readonly isJs: boolean;
  readonly stacks: Int32Array;
  /** The time in milliseconds, as for samples. */
  readonly millis: Float64Array | undefined;
  /** Allocated bytes, or negative freed bytes. */
  readonly bytes: Float64Array;
  /** Undefined if unknown. */
  readonly addresses: readonly unknown[] | undefined;
}

/** Returns the identity of a thread, which both formats write in the same way. */
export function identityOf(json: JsonInput, thread: JsonObject): ThreadIdentity {
  const { name, processName, processType, pid, tid, "eTLD+1": site } = thread;
  const process =
    json.text(processName, "a processName") || json.text(processType, "a processType");
  return {
    name: json.text(name, "the name of a thread"),
    process: typeof site === "string" ? `${process} (${site})` : process,
    pid,
    tid,
  };
}

/** Returns the numbers of a list; `NaN` for `null` and entries that are no numbers. */
export function numbersOf(json: JsonInput, list: readonly unknown[]): Float64Array {
  json.budget.charge(list.length * Float64Array.BYTES_PER_ELEMENT);
  const numbers = new Float64Array(list.length);
  for (let i = 0; i < list.length; i++) {
    const value = list[i];
    numbers[i] = typeof value === "number" ? value : Number.NaN;
  }
  return numbers;
}

/** Returns the indices of a list; {@link NONE} for `null`. Throws a ProfileError if one is too large. */
export function indicesOf(
  json: JsonInput,
  list: readonly unknown[],
  limit: number,
  what: string,
): Int32Array {
  json.budget.charge(list.length * Int32Array.BYTES_PER_ELEMENT);
  const indices = new Int32Array(list.length);
  for (let i = 0; i < list.length; i++) indices[i] = indexOf(json, list[i], limit, what);
  return indices;
}

/** Returns an index below `limit`; {@link NONE} for `null`, undefined and -1. */
export function indexOf(json: JsonInput, value: unknown, limit: number, what: string): number {
  if (value === null || value === undefined || value === NONE) return NONE;
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value < limit) {
    return value;
  }
  throw json.malformed(`${what} does not exist`);
}

/** Returns a line or column; 0 if it is unknown. */
export function positionOf(value: unknown): number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : 0;
}
