import { cpuProfileOf } from "../../src/formats/v8/cpu.js";
import { Budget } from "../../src/profile/budget.js";
import type { Profile } from "../../src/profile/profile.js";

/** Returns a CPU profile with one sample per `millis` of the named functions. */
export function v8CpuProfile(functions: string, millis: number): Profile {
  const names = functions.split(" ");
  const unique = [...new Set(names)];
  const callFrame = (functionName: string) => ({
    ...{ functionName, scriptId: "0", url: "", lineNumber: -1, columnNumber: -1 },
  });
  const value = {
    nodes: [
      { id: 1, callFrame: callFrame("(root)"), children: unique.map((_, at) => at + 2) },
      ...unique.map((name, at) => ({ id: at + 2, callFrame: callFrame(name) })),
    ],
    startTime: 5_000_000,
    endTime: 5_000_000 + names.length * millis * 1000,
    samples: names.map((name) => unique.indexOf(name) + 2),
    timeDeltas: names.map((_, at) => (at === 0 ? 0 : millis * 1000)),
  };
  return cpuProfileOf(value, new Budget());
}
