import { type NewLabel, type NewValueType, ProfileBuilder } from "../profile/profile-builder.js";
import { counted } from "./counted.js";
import type { Format } from "./format.js";
import { headLines, LineReader } from "./lines.js";
import { ScriptFrames } from "./script-frames.js";
import { NO_STACK, StackSums } from "./stack-sums.js";

const GOROUTINE: NewValueType = { type: "goroutine", unit: "count" };

/** The memory of a frame while its stack is read, in bytes. */
const FRAME_BYTES = 100;

/** The outermost function of every goroutine. Go's profiles leave it out, and most dumps, too. */
const GOEXIT = "runtime.goexit";

/** The frame of goroutines that run on another thread when a program crashes. */
const UNAVAILABLE = "(stack unavailable)";

/**
 * Go's text of all goroutines: `/debug/pprof/goroutine?debug=2`, `runtime.Stack`, or the text of a
 * panic or of SIGQUIT. As in Go's goroutine profiles, which have counts instead, the function that
 * created a goroutine is not on its stack. It is the label `creator`. Other labels are the `state`,
 * and the time that a goroutine has been waiting (`wait`), in whole minutes.
 */
export const goroutines: Format = {
  name: "goroutine dump",

  detect(bytes) {
    const lines = headLines(bytes);
    while (lines.next()) {
      if (!parseHeader(lines.line)) continue;
      return lines.next() && (UNAVAILABLE_LINE.test(lines.line) || CALL.test(lines.line));
    }
    return false;
  },

  read(bytes, budget, warn) {
    const lines = new LineReader(bytes, 0, budget);
    const builder = new ProfileBuilder([GOROUTINE], budget);
    const frames = new ScriptFrames(builder, budget);
    const sums = new StackSums(builder, 1, budget);
    let elided = 0;
    let cut = 0;
    lines.next();
    while (findHeader(lines)) {
      const header = parseHeader(lines.line) as Header;
      const { calls, creator, isElided, isCut } = readStack(lines);
      budget.charge(calls.length * FRAME_BYTES);
      // The stack of the scheduler, which is no goroutine.
      if (header.id === SCHEDULER) continue;
      if (isElided) elided++;
      if (isCut) cut++;
      let stack = NO_STACK;
      for (let call = calls.pop(); call; call = calls.pop()) {
        const { name, file, line } = call;
        const frame = frames.frame({ name, file, startLine: 0, startColumn: 0 });
        stack = sums.child(stack, frames.location(frame, line));
      }
      if (stack === NO_STACK) {
        const frame = frames.frame({ name: UNAVAILABLE, file: "", startLine: 0, startColumn: 0 });
        stack = sums.child(stack, frames.location(frame));
      }
      const labels = creator
        ? [...header.labels, { key: "creator", text: creator }]
        : header.labels;
      sums.add(stack, [1], sums.labels(labels));
    }
    if (elided > 0) warn(`Go left out frames in the middle of ${counted(elided, "stack")}`);
    if (cut > 0) warn(`the callers are missing in ${counted(cut, "stack")}`);
    sums.finish();
    return builder.finish({ periodType: GOROUTINE, period: 1 });
  },
};

const SCHEDULER = "0";

interface Header {
  readonly id: string;
  readonly labels: readonly NewLabel[];
}

/** With `GOTRACEBACK=system`, addresses follow the id. Go can write labels after the state. */
const HEADER = /^goroutine (\d{1,19}) (?:[a-z]+=\S+ )*\[([^\]]*)\](?: ?(\{.*\}))?:$/;
const MINUTES = /^(\d{1,12}) minutes$/;
const LOCKED = "locked to thread";
const LABEL = /"((?:[^"\\]|\\.)*)": ?"((?:[^"\\]|\\.)*)"/g;

/** Reads `goroutine 7 [chan receive, 5 minutes, locked to thread]:`. */
function parseHeader(line: string): Header | undefined {
  const match = line.startsWith("goroutine ") ? HEADER.exec(line) : null;
  if (!match) return undefined;
  const [, id, bracket, pairs = ""] = match;
  const [state, ...details] = bracket.split(", ");
  const labels: NewLabel[] = [{ key: "state", text: state }];
  for (const detail of details) {
    const minutes = MINUTES.exec(detail);
    if (minutes) labels.push({ key: "wait", number: 60 * Number(minutes[1]), unit: "seconds" });
    else if (detail === LOCKED) labels.push({ key: "locked", text: "to thread" });
  }
  for (const [, key, text] of pairs.matchAll(LABEL))
    labels.push({ key: unquote(key), text: unquote(text) });
  return { id, labels };
}

function unquote(quoted: string): string {
  return quoted.replace(/\\(.)/g, "$1");
}

/** Moves to the next header, from the current line on. */
function findHeader(lines: LineReader): boolean {
  while (!parseHeader(lines.line)) if (!lines.next()) return false;
  return true;
}

interface Call {
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

interface GoroutineStack {
  /** Innermost first. */
  readonly calls: Call[];
  /** The function that created the goroutine; empty if unknown. */
  readonly creator: string;
  /** Whether Go left out frames in the middle. */
  readonly isElided: boolean;
  /** Whether the last frame lacks its position. */
  readonly isCut: boolean;
}

const UNAVAILABLE_LINE = /^\tgoroutine running on other thread; stack unavailable$/;
const ELIDED = /^\.\.\.(?:\d+|additional) frames elided\.\.\.$/;
const CALL = /^\S.*\)$/;
const CREATED = /^created by (.+?)(?: in goroutine \d+)?$/;
const POSITION = /^\t(.*):(\d{1,9})(?: \+0x[0-9a-f]+)?(?: [a-z]+=\S+)*$/;

/** Reads the stack after a header, up to a line that does not belong to it. */
function readStack(lines: LineReader): GoroutineStack {
  const calls: Call[] = [];
  let creator = "";
  let isElided = false;
  let isCut = false;
  while (lines.next()) {
    const { line } = lines;
    if (UNAVAILABLE_LINE.test(line)) continue;
    if (ELIDED.test(line)) {
      isElided = true;
      continue;
    }
    const created = CREATED.exec(line);
    if (!created && !CALL.test(line)) break;
    const position = lines.next() ? POSITION.exec(lines.line) : null;
    if (!position) {
      isCut = true;
      break;
    }
    if (created) {
      creator = created[1];
      continue;
    }
    calls.push({ name: functionName(line), file: position[1], line: Number(position[2]) });
  }
  if (calls.at(-1)?.name === GOEXIT) calls.pop();
  return { calls, creator, isElided, isCut };
}

/** Removes the arguments from `main.(*Shop).serve(0xc000010000, {0x1, 0x2})`; they have no parentheses. */
function functionName(call: string): string {
  return call.slice(0, call.lastIndexOf("("));
}
