import type { ProfileError } from "../../profile/errors.js";
import type { WarnReader } from "../format.js";
import { type JsonInput, jsonStart } from "../json.js";

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** A trace as JSON: `input` followed by `ending`. */
interface EndedTrace {
  readonly input: Uint8Array;
  readonly ending: string;
  /** Whether the input ends inside an event, which is left out. */
  readonly isCut: boolean;
}

/**
 * Parses a trace that its writer may not have finished. The format allows lists without an end,
 * many writers leave a comma after the last event, and killed programs leave an incomplete event,
 * which is skipped with a warning.
 */
export function parseTrace(json: JsonInput, bytes: Uint8Array, warn: WarnReader): unknown {
  const parse = (trace: EndedTrace) => {
    const value = json.parse(trace.input, trace.ending);
    if (trace.isCut) warn("the trace ends inside an event, which was skipped");
    return value;
  };
  try {
    return parse(endOf(bytes));
  } catch (error) {
    const isTooLarge = (error as Partial<ProfileError>).exceededLimit !== undefined;
    const completed = isTooLarge ? undefined : completeEvents(bytes);
    if (!completed) throw error;
    return parse(completed);
  }
}

/** Returns a trace without a comma after its last event, and with the end of its list. */
function endOf(bytes: Uint8Array): EndedTrace {
  const isList = bytes[jsonStart(bytes)] === OPEN_LIST;
  const length = beforeBlanks(bytes, bytes.length);
  let ending = "";
  let end = length;
  for (const bracket of isList ? [CLOSE_LIST] : [CLOSE_OBJECT, CLOSE_LIST]) {
    if (bytes[end - 1] !== bracket) break;
    ending = String.fromCharCode(bracket) + ending;
    end = beforeBlanks(bytes, end - 1);
  }
  if (bytes[end - 1] === COMMA) end--;
  else if (ending !== "") return { input: bytes.subarray(0, length), ending: "", isCut: false };
  return { input: bytes.subarray(0, end), ending: ending || (isList ? "]" : ""), isCut: false };
}

/** Returns the end of the input before `end` without white space and zero bytes. */
function beforeBlanks(bytes: Uint8Array, end: number): number {
  let at = end;
  while (at > 0 && bytes[at - 1] <= 0x20) at--;
  return at;
}

/**
 * Returns a trace up to its last complete event or field, and the brackets that it lacks. Returns
 * undefined for traces that lack none, or have no complete event.
 */
function completeEvents(bytes: Uint8Array): EndedTrace | undefined {
  const open: number[] = [];
  let end = 0;
  let ending = "";
  for (let at = jsonStart(bytes); at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      for (at++; at < bytes.length && bytes[at] !== QUOTE; at++) {
        if (bytes[at] === BACKSLASH) at++;
      }
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      open.push(byte);
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      open.pop();
      if (open.length === 1 || (open.length === 2 && open[1] === OPEN_LIST)) {
        end = at + 1;
        ending = open
          .map((bracket) => (bracket === OPEN_LIST ? "]" : "}"))
          .reverse()
          .join("");
      }
    }
  }
  if (end === 0 || ending === "" || open.length === 0) return undefined;
  let rest = end;
  while (bytes[rest] <= 0x20 || bytes[rest] === COMMA) rest++;
  return { input: bytes.subarray(0, end), ending, isCut: rest < bytes.length };
}
