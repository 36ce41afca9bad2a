import { type TaskName, taskNamed } from "../options/commands.js";
import { defaultOptions, type Options } from "../options/table.js";
import { UsageError } from "../session/errors.js";
import { complain } from "../session/notices.js";
import type { SourceRequest } from "../session/request.js";
import type { NormalArgs } from "./argv.js";
import { parseValues } from "./request.js";

/** Runs a command on files; returns the exit code. Throws an Error of one line where it fails. */
export async function runTask(task: TaskName, args: NormalArgs): Promise<number> {
  const options = taskOptions(task, args);
  const { operands } = args;
  if (task === "record") {
    const { runRecord } = await import("./record.js");
    return runRecord(operands, options);
  }
  if (task === "info") return showInfo(operands, options);
  const { makePgo, mergeFiles, splitWeights } = await import("../session/make-file.js");
  const request: SourceRequest = { ...splitWeights(operands), options, needsAll: true };
  await (task === "merge" ? mergeFiles : makePgo)(request, complain);
  return 0;
}

async function showInfo(files: readonly string[], options: Options): Promise<number> {
  const { format } = options;
  if (format !== "text" && format !== "json") {
    throw new UsageError(`info has no -format=${format}; it has text and json`);
  }
  const { writeInfo } = await import("../session/info.js");
  return (await writeInfo(files, { ...options, format }, complain)) ? 0 : 1;
}

/** The options of a command on files; throws a {@link UsageError} for one that it does not take. */
function taskOptions(task: TaskName, { values, lists, shorthands }: NormalArgs): Options {
  const taken = new Set(taskNamed(task)?.options);
  for (const name of [...values.keys(), ...lists.keys(), ...shorthands]) {
    if (!taken.has(name)) throw new UsageError(`${task} does not take -${name}`);
  }
  return {
    ...defaultOptions(),
    ...parseValues(values),
    ...(Object.fromEntries(lists) as Partial<Options>),
  };
}
