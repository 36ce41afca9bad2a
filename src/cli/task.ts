import { usageError } from "../errors/user-error.js";
import type { TaskName } from "../options/commands.js";
import type { SourceRequest } from "../session/request.js";
import { complain } from "../session/show/notices.js";

/**
 * Runs a command on files; returns the exit code, which is 1 where a part of it failed. Throws
 * an Error of one line where all of it did.
 */
type RunTask = (request: SourceRequest) => Promise<number>;

/** What each does; their parts of the program are loaded only here. */
const RUN: Record<TaskName, RunTask> = {
  async info({ sources, options }) {
    const { format } = options;
    if (format !== "text" && format !== "json") {
      throw usageError(`info has no -format=${format}; it has text and json`);
    }
    const { writeInfo } = await import("../session/info.js");
    return (await writeInfo(sources, { ...options, format }, complain)) ? 0 : 1;
  },
  async merge(request) {
    const { mergeFiles } = await import("../session/make-file.js");
    await mergeFiles(await weighed(request), complain);
    return 0;
  },
  async pgo(request) {
    const { makePgo } = await import("../session/make-file.js");
    await makePgo(await weighed(request), complain);
    return 0;
  },
  async record({ sources, options }) {
    const { runRecord } = await import("./record.js");
    return runRecord(sources, options);
  },
};

/** Runs a command on files; returns the exit code. Throws an Error of one line where it fails. */
export function runTask(task: TaskName, request: SourceRequest): Promise<number> {
  return RUN[task](request);
}

/** Sources with a weight behind each; all of them must be readable. */
async function weighed({ sources, options }: SourceRequest): Promise<SourceRequest> {
  const { splitWeights } = await import("../session/make-file.js");
  return { ...splitWeights(sources), options, needsAll: true };
}
