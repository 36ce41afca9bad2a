import { ProfileBuilder } from "../../profile/profile-builder.js";
import { counted } from "../counted.js";
import type { Format } from "../format.js";
import { JsonInput, type JsonObject, outermostFields, outermostKeys } from "../json.js";
import { ScriptFrames } from "../script-frames.js";
import { NO_STACK, StackSums } from "../stack-sums.js";
import { V8_CPU_TYPES, v8Header } from "./cpu.js";
import { MAX_MICROS } from "./cpu-samples.js";
import { NodeProfCodes } from "./node-prof-codes.js";

/** The memory of a tick, in bytes. */
const TICK_BYTES = 40;

/** V8's names of its states, by number. */
const STATES = [
  ...["JS", "GC", "parser", "bytecode compiler", "compiler"],
  ...["other", "external", "atomics wait", "idle", "logging"],
];
const GC = 1;
const IDLE = 8;

/** Functions for ticks of which no address is known, as in V8's CPU profiles. */
const PROGRAM = "(program)";
const STATE_FRAMES: Readonly<Record<number, string>> = {
  [GC]: "(garbage collector)",
  [IDLE]: "(idle)",
};

/**
 * The JSON of `node --prof-process --preprocess`, made from the log of `node --prof`. As in V8's CPU
 * profiles, the value of a tick is the time until the next one. The label `state` is what V8 was
 * doing, and `tier` the kind of code that was running.
 */
export const nodeProf: Format = {
  name: "node --prof profile",

  detect(bytes) {
    for (const { key, valueAt } of outermostFields(bytes)) {
      if (key !== "code") return false;
      for (const inner of outermostKeys(bytes.subarray(valueAt))) {
        if (inner === "type") return true;
        if (inner !== "name" && inner !== "timestamp") return false;
      }
      return false;
    }
    return false;
  },

  read(bytes, budget, warn) {
    const json = new JsonInput(this.name, budget);
    const file = json.object(json.parse(bytes), "the profile");
    const builder = new ProfileBuilder(V8_CPU_TYPES, budget);
    const sums = new StackSums(builder, V8_CPU_TYPES.length, budget);
    const codes = new NodeProfCodes(json, file, new ScriptFrames(builder, budget));
    const ticks = readTicks(json, file.ticks);
    const start = ticks[0]?.micros ?? 0;
    const end = ticks.at(-1)?.micros ?? 0;
    if (end - start > MAX_MICROS || Math.abs(start) > MAX_MICROS) {
      throw json.malformed("the time of a tick is out of range");
    }
    // The time of the last tick is unknown, and counts as 0.
    ticks.forEach((tick, i) => {
      const nanos = Math.round(((ticks[i + 1]?.micros ?? end) - tick.micros) * 1000);
      const { stack, tier } = stackOf(json, tick, codes, sums);
      const labels = [{ key: "state", text: STATES[tick.state] ?? `state ${tick.state}` }];
      if (tier) labels.push({ key: "tier", text: tier });
      sums.observe(tick.micros * 1000, stack, [1, nanos], sums.labels(labels));
    });
    const { unknownCount } = codes;
    if (unknownCount > 0) warn(`skipped ${counted(unknownCount, "frame")} of missing code`);
    sums.finish();
    const duration = Math.round((end - start) * 1000);
    return builder.finish({
      ...v8Header(duration, { count: ticks.length, micros: end - start }),
      durationNanos: duration,
    });
  },
};

interface Tick {
  readonly micros: number;
  readonly state: number;
  /** Pairs of a code's number and an offset in it, innermost first. */
  readonly frames: readonly unknown[];
}

/** Returns the ticks by time. */
function readTicks(json: JsonInput, value: unknown): Tick[] {
  const list = json.list(value, "ticks");
  json.budget.charge(list.length * TICK_BYTES);
  const ticks = list.map((entry): Tick => {
    const { tm, vm, s }: JsonObject = json.object(entry, "a tick");
    return {
      micros: json.number(tm, "the tm of a tick"),
      state: json.whole(vm, "the vm of a tick", 0),
      frames: json.list(s, "the stack of a tick", true),
    };
  });
  return ticks.sort((a, b) => a.micros - b.micros);
}

/**
 * Returns the stack of a tick, and the tier of the innermost code. Addresses outside of known code,
 * such as those of the builtins of V8, count for their callers.
 */
function stackOf(
  json: JsonInput,
  { state, frames }: Tick,
  codes: NodeProfCodes,
  sums: StackSums,
): { stack: number; tier: string } {
  let stack = NO_STACK;
  let tier = "";
  let isGcAdded = state !== GC;
  for (let i = frames.length - (frames.length % 2) - 2; i >= 0; i -= 2) {
    const code = json.whole(frames[i], "a frame of a tick");
    if (code < 0) continue;
    // The function of the garbage collector that was running, if it is known.
    if (!isGcAdded && i === 0 && !codes.isScript(code)) {
      stack = sums.child(stack, codes.named(STATE_FRAMES[GC]));
      isGcAdded = true;
    }
    const found = codes.find(code, json.whole(frames[i + 1], "an offset of a tick"), i === 0);
    if (!found) continue;
    for (const location of found.locations) stack = sums.child(stack, location);
    tier = found.tier;
  }
  if (!isGcAdded) stack = sums.child(stack, codes.named(STATE_FRAMES[GC]));
  if (stack === NO_STACK) stack = sums.child(stack, codes.named(STATE_FRAMES[state] ?? PROGRAM));
  return { stack, tier };
}
