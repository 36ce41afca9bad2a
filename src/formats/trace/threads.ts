import type { NewLabel } from "../../profile/profile-builder.js";
import type { JsonInput, JsonObject } from "../json.js";

/** A number of a process or thread. */
export type TraceId = string | number | undefined;

/** Returns `value` if it can be an id, which excludes lists and objects. */
export function traceId(value: unknown): TraceId {
  return typeof value === "string" || typeof value === "number" ? value : undefined;
}

/** The names of threads, from the metadata events of a trace. */
export class ThreadNames {
  readonly #names = new Map<string, string>();

  /** Adds the name that `event` contains, if it names a thread. */
  add(json: JsonInput, event: JsonObject): void {
    if (event.name !== "thread_name") return;
    // A function can have this name, too.
    const args = event.args as JsonObject | undefined | null;
    const name = args?.name;
    if (name === undefined || name === null) return;
    this.#names.set(threadKey(event), json.text(name, "the name of a thread"));
  }

  /** Returns the labels `thread`, `tid` and `pid` of a thread. */
  labels(pid: TraceId, tid: TraceId): NewLabel[] {
    const text = this.#names.get(threadKey({ pid, tid })) || `thread ${tid ?? "?"}`;
    return [{ key: "thread", text }, ...idLabels({ tid, pid })];
  }
}

/** Returns the numeric labels of ids by key. Ids that are no integers have no labels. */
export function idLabels(ids: Readonly<Record<string, unknown>>): NewLabel[] {
  return Object.entries(ids).flatMap(([key, value]) => {
    const number = Number(traceId(value) ?? Number.NaN);
    return Number.isSafeInteger(number) ? [{ key, number, unit: "id" }] : [];
  });
}

/** Returns a key for the process and thread of an event or sample. */
export function threadKey({ pid, tid }: JsonObject): string {
  return JSON.stringify([traceId(pid), traceId(tid)]);
}
