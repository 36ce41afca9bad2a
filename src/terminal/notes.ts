import type { ReportHeader } from "../report/header.js";
import { percentage } from "../units/percentage.js";
import { foldLine } from "./fit.js";

/** What the names mean that V8 gives to what is no function. */
const V8_NAMES: Readonly<Record<string, string>> = {
  "(program)": "native code outside JavaScript",
  "(garbage collector)": "V8 freeing memory",
  "(idle)": "waiting for events",
  "(root)": "the start of every stack",
};

/**
 * Explains in a few words what a person may stumble over: names of V8 among those shown, and a
 * total above the duration. Lines of at most `width` columns.
 */
export function noteLines(
  { legend }: Pick<ReportHeader, "legend">,
  names: Iterable<string>,
  compact: boolean,
  width: number,
): string[] {
  const shown = new Set(names);
  const notes = Object.entries(V8_NAMES).flatMap(([name, meaning]) =>
    shown.has(name) ? [`${name}: ${meaning}`] : [],
  );
  const lines = notes.length === 0 ? [] : [notes.join("; ")];
  const load = compact ? undefined : loadNote(legend);
  if (load !== undefined) lines.push(load);
  return lines.flatMap((line) => foldLine(line, width));
}

/** From this ratio on, the total is worth a word: below, it is above the duration by chance. */
const BUSY = 1.05;

/** What a total above the duration means; undefined where it is not above. */
function loadNote({
  durationNanos,
  totalNanos,
  sampleType,
}: ReportHeader["legend"]): string | undefined {
  if (totalNanos === undefined || durationNanos === 0) return undefined;
  const load = Number(totalNanos) / Number(durationNanos);
  if (!(load >= BUSY)) return undefined;
  const share = `${percentage(totalNanos, durationNanos).trim()} of the duration`;
  const what = sampleType === "cpu" ? "CPUs were busy" : "threads at a time";
  return `${share}: ${load.toFixed(1)} ${what} on average`;
}
