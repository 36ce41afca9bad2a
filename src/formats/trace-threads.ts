import type { NewLabel } from "../profile/profile-builder.js";
import type { JsonInput, JsonObject } from "./json.js";

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
    const { name } = json.object(event.args, "args of thread_name");
    this.#names.set(threadKey(event), json.text(name, "the name of a thread"));
  }

  /** Returns the labels `thread`, `tid` and `pid` of a thread. */
  labels(pid: TraceId, tid: TraceId): NewLabel[] {
    const text = this.#names.get(threadKey({ pid, tid })) || `thread ${tid ?? "?"}`;
    const labels: NewLabel[] = [{ key: "thread", text }];
    for (const [key, value] of Object.entries({ tid, pid })) {
      const number = Number(value);
      if (Number.isSafeInteger(number)) labels.push({ key, number, unit: "id" });
    }
    return labels;
  }
}

/** Returns a key for the process and thread of an event or sample. */
export function threadKey({ pid, tid }: JsonObject): string {
  return JSON.stringify([traceId(pid), traceId(tid)]);
}
