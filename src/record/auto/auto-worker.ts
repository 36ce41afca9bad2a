import { readFileSync } from "node:fs";
import path from "node:path";
import type { Plan } from "../plan.js";
import { acceptCommands, recordThread, type ThreadRecording } from "../thread-recording.js";

/** The file with the {@link Plan} of the running recording, in the folder of a process. */
export const PLAN_FILE = "plan.json";

/** Makes this worker thread follow the recordings of its process. `folder` is that of the process. */
export function profileWorker(folder: string): void {
  let recording: ThreadRecording | undefined;
  const start = (plan: Plan) => {
    recording ??= recordThread(plan);
  };
  const stop = () => {
    recording?.stop();
    recording?.session.disconnect();
    recording = undefined;
  };
  acceptCommands((command, argument) => {
    if (command === "start") start(argument as Plan);
    else if (command === "checkpoint") recording?.checkpoint();
    else if (command === "stop") stop();
  });
  process.on("exit", stop);
  // A recording may have started before this thread accepted commands.
  const plan = runningPlan(folder);
  if (plan) start(plan);
}

function runningPlan(folder: string): Plan | undefined {
  try {
    return JSON.parse(readFileSync(path.join(folder, PLAN_FILE), "utf8"));
  } catch {
    return undefined;
  }
}
