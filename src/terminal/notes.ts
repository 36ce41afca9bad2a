import type { ProfileLegend } from "../report/legend.js";
import { percentage } from "../units/percentage.js";

/** What the names mean that V8 gives to what is no function. */
const V8_NAMES: Readonly<Record<string, string>> = {
  "(program)": "native code outside JavaScript",
  "(garbage collector)": "V8 freeing memory",
  "(idle)": "waiting for events",
  "(root)": "the start of every stack",
};

/** Explains in one line the names of V8 among those shown; none where there is none of them. */
export function nameNotes(names: Iterable<string>): string[] {
  const shown = new Set(names);
  const notes = Object.entries(V8_NAMES).flatMap(([name, meaning]) =>
    shown.has(name) ? [`${name}: ${meaning}`] : [],
  );
  return notes.length === 0 ? [] : [notes.join("; ")];
}

/** From this ratio on, the total is worth a word: below, it is above the duration by chance. */
const BUSY = 1.05;

/** Explains in one line a total that is above the duration; none where it is not. */
export function loadNotes({ durationNanos, totalNanos, sampleType }: ProfileLegend): string[] {
  if (totalNanos === undefined || durationNanos === 0) return [];
  const load = Number(totalNanos) / Number(durationNanos);
  if (!(load >= BUSY)) return [];
  const share = `${percentage(totalNanos, durationNanos).trim()} of the duration`;
  const what = sampleType === "cpu" ? "CPUs were busy" : "threads at a time";
  return [`${share}: ${load.toFixed(1)} ${what} on average`];
}
