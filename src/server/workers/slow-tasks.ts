import type { Task } from "./messages.js";

/** Reports that take long on most profiles. */
const SLOW_REPORTS: readonly string[] = ["svg", "png", "pdf", "ps", "gif"];

/** Reports whose output grows with the profile. */
const WHOLE_REPORTS: readonly string[] = ["traces", "raw", "proto", "convert", "folded", "html"];

/** The size of a large profile, in gzipped bytes. */
export const LARGE_BYTES = 1 << 20;

const MAX_TASKS = 1000;

/** Whether a task of this kind probably takes long. */
export function takesLong(task: Task, isLargeProfile: boolean): boolean {
  if (task.kind !== "report") return false;
  return SLOW_REPORTS.includes(task.name) || (isLargeProfile && WHOLE_REPORTS.includes(task.name));
}

/** The keys of the tasks that took long the last time. */
export class SlowTasks {
  readonly #keys = new Set<string>();

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  remember(key: string, wasSlow: boolean): void {
    this.#keys.delete(key);
    if (!wasSlow) return;
    if (this.#keys.size >= MAX_TASKS) this.#keys.clear();
    this.#keys.add(key);
  }
}
