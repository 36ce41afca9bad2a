/** What Node calls workers that were given no name, since version 23. */
const NAMELESS = "WorkerThread";

/** The thread's id and the worker's name, if it has one, out of the title the inspector gives it. */
export function readWorkerTitle(title: string): { thread: number | undefined; name: string } {
  const [, id, name = ""] = /^\[worker ([0-9]+)\] ?(.*)$/s.exec(title) ?? [];
  return { thread: id === undefined ? undefined : Number(id), name: name === NAMELESS ? "" : name };
}
