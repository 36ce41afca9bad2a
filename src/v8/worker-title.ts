/** The name of workers without a name, since Node 23. */
const NAMELESS = "WorkerThread";

/** Parses the title of a worker in the inspector into the thread's id and the worker's name. */
export function readWorkerTitle(title: string): { thread: number | undefined; name: string } {
  const [, id, name = ""] = /^\[worker ([0-9]+)\] ?(.*)$/s.exec(title) ?? [];
  return { thread: id === undefined ? undefined : Number(id), name: name === NAMELESS ? "" : name };
}
