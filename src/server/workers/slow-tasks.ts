import type { Task } from "./messages.js";

/** These take long on most profiles. */
const SLOW_REPORTS: readonly string[] = ["svg", "png", "pdf", "ps", "gif"];

/** The output of these grows with the profile. */
const WHOLE_REPORTS: readonly string[] = ["traces", "raw", "proto", "convert", "folded", "html"];

/** A profile is large from this many bytes on, gzipped. */
export const LARGE_BYTES = 1 << 20;

/** How many tasks are remembered. */
const MAX_KEYS = 1000;

/** Whether a task is known to take long before it was tried. */
export function takesLong(task: Task, isLargeProfile: boolean): boolean {
  if (task.kind !== "report") return false;
  return SLOW_REPORTS.includes(task.name) || (isLargeProfile && WHOLE_REPORTS.includes(task.name));
}

/** The tasks, by their keys, that took long the last time. */
export class SlowTasks {
  readonly #keys = new Set<string>();

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  remember(key: string, wasSlow: boolean): void {
    this.#keys.delete(key);
    if (!wasSlow) return;
    if (this.#keys.size >= MAX_KEYS) this.#keys.clear();
    this.#keys.add(key);
  }
}
