import { memoized } from "../profile/memo.js";
import type { Profile } from "../profile/profile.js";
import { labelsOf, type SampleLabels } from "../profile/sample-labels.js";

/** The threads of a profile, from the labels of its samples. */
export interface Threads {
  /** By sample: the row of its thread in {@link names}. */
  readonly ofSample: Uint32Array;
  /** Unique names in order of appearance; empty for the samples without any label of a thread. */
  readonly names: readonly string[];
}

/**
 * Returns the threads of a profile. Samples belong to the same thread if their labels `process` (or
 * `comm`), `pid`, `thread` (or `profile`) and `tid` are equal. A name has the process only if there are
 * several, and the number only if several threads have the same name.
 */
export const threadsOf = memoized((profile: Profile): Threads => {
  const rows = new Map<string, number>();
  const threads: Thread[] = [];
  const ofSample = new Uint32Array(profile.samples.length);
  for (let sample = 0; sample < ofSample.length; sample++) {
    const thread = threadOf(labelsOf(profile, sample));
    const key = JSON.stringify([thread.process, thread.pid, thread.name, thread.tid]);
    let row = rows.get(key);
    if (row === undefined) {
      row = threads.push(thread) - 1;
      rows.set(key, row);
    }
    ofSample[sample] = row;
  }
  const isOneProcess = new Set(threads.map(({ process, pid }) => `${process} ${pid}`)).size <= 1;
  return { ofSample, names: uniqueNames(threads, isOneProcess) };
});

interface Thread {
  readonly process: string;
  readonly pid: string;
  readonly name: string;
  readonly tid: string;
}

function threadOf({ texts, numbers }: SampleLabels): Thread {
  const value = (key: string) => texts.get(key)?.[0] ?? String(numbers.get(key)?.values[0] ?? "");
  return {
    process: value("process") || value("comm"),
    pid: value("pid"),
    name: value("thread") || value("profile"),
    tid: value("tid"),
  };
}

function nameOf({ process, pid, name, tid }: Thread, isOneProcess: boolean): string {
  const thread = name || (tid && `thread ${tid}`);
  const owner = process || (pid && `process ${pid}`);
  if (thread === "") return owner;
  return isOneProcess || owner === "" ? thread : `${owner}: ${thread}`;
}

function uniqueNames(threads: readonly Thread[], isOneProcess: boolean): string[] {
  const names = threads.map((thread) => nameOf(thread, isOneProcess));
  const numbered = withSuffixes(names, (row) => {
    const { tid, pid } = threads[row];
    return tid ? ` (tid ${tid})` : pid && ` (pid ${pid})`;
  });
  return withSuffixes(numbered, (row) => ` (thread ${row + 1} of all)`);
}

/** Appends a suffix to each name that occurs several times. */
function withSuffixes(names: readonly string[], suffixOf: (row: number) => string): string[] {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const name of names) (seen.has(name) ? repeated : seen).add(name);
  return names.map((name, row) => (repeated.has(name) ? name + suffixOf(row) : name));
}
