import { usageError } from "../errors/user-error.js";
import type { TaskName } from "../options/commands.js";
import type { SourceRequest } from "../session/request.js";
import { printMessage } from "../session/show/messages.js";

/** Runs a task; returns the exit code, which is 1 if the task failed for some of the files. */
type RunTask = (request: SourceRequest) => Promise<number>;

/** The tasks. Their code is loaded when they run. */
const TASKS: Record<TaskName, RunTask> = {
  async info({ sources, options }) {
    const { format } = options;
    if (format !== "text" && format !== "json") {
      throw usageError(`info has no -format=${format}; it has only text and json`);
    }
    const { writeInfo } = await import("../session/info.js");
    return (await writeInfo(sources, { ...options, format }, printMessage)) ? 0 : 1;
  },
  async leak(request) {
    const { runLeak } = await import("./leak.js");
    await runLeak(request);
    return 0;
  },
  async merge(request) {
    const { mergeFiles } = await import("../session/make-file.js");
    await mergeFiles(await withWeights(request), printMessage);
    return 0;
  },
  async pgo(request) {
    const { makePgo } = await import("../session/make-file.js");
    await makePgo(await withWeights(request), printMessage);
    return 0;
  },
  async record({ sources, options }) {
    const { runRecord } = await import("./record.js");
    return runRecord(sources, options);
  },
};

/** Runs a task; returns the exit code. Throws a {@link UserError} if the whole task fails. */
export function runTask(task: TaskName, request: SourceRequest): Promise<number> {
  return TASKS[task](request);
}

/** Splits off the weights of the sources, all of which must be readable. */
async function withWeights({ sources, options }: SourceRequest): Promise<SourceRequest> {
  const { splitWeights } = await import("../session/make-file.js");
  return { ...splitWeights(sources), options, needsAll: true };
}
