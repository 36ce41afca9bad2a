import type { ProfileLegend } from "../report/legend.js";
import { percentage } from "../units/percentage.js";

/** The meaning of V8's names for nodes that are not functions. */
const V8_NAMES: Readonly<Record<string, string>> = {
  "(program)": "native code outside JavaScript",
  "(garbage collector)": "V8 freeing memory",
  "(idle)": "waiting for events",
  "(root)": "the start of every stack",
  "(array buffers)": "Buffers and other ArrayBuffers",
  "(external memory)": "memory of native code for JavaScript objects",
};

/** Returns a line that explains the V8 names among `names`, or none. */
export function nameNotes(names: Iterable<string>): string[] {
  const shown = new Set(names);
  const notes = Object.entries(V8_NAMES).flatMap(([name, meaning]) =>
    shown.has(name) ? [`${name}: ${meaning}`] : [],
  );
  return notes.length === 0 ? [] : [notes.join("; ")];
}

/** Smaller ratios of total and duration are not explained, because they occur by chance. */
const MIN_EXPLAINED_LOAD = 1.05;

/** Returns a line that explains why the total exceeds the duration, or none if it does not. */
export function loadNotes({ durationNanos, totalNanos, sampleType }: ProfileLegend): string[] {
  if (totalNanos === undefined || durationNanos === 0) return [];
  const load = Number(totalNanos) / Number(durationNanos);
  if (!(load >= MIN_EXPLAINED_LOAD)) return [];
  const share = `${percentage(totalNanos, durationNanos).trim()} of the duration`;
  const what = sampleType === "cpu" ? "CPUs were busy" : "threads at a time";
  return [`${share}: ${load.toFixed(1)} ${what} on average`];
}
