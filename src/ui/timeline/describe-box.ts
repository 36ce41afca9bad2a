import type { FrameDetails } from "../../render/flame/details.js";
import { fullName } from "../../render/flame/short-name.js";
import type { BoxRef, Chart } from "./chart.js";
import { lengthText, timeText } from "./times.js";

/** The tooltip shows this many callers at each end of the path. */
const MAX_CALLERS = 4;

/** The file and line after the name of a function. */
const POSITION = / \S+:\d+$/;

/** Describes a box; `step` is the length of time that the user can see, in nanoseconds. */
export function describeBox(chart: Chart, at: BoxRef, step: number): FrameDetails {
  const { functions, resolution, lanes } = chart.report;
  const { name, file } = functions[chart.functionOf(at)];
  const [start, end] = [chart.startOf(at), chart.endOf(at)];
  const path = chart.pathOf(at).map((fn) => functions[fn].name.replace(POSITION, ""));
  const shown =
    path.length > 2 * MAX_CALLERS
      ? [...path.slice(0, MAX_CALLERS), "…", ...path.slice(-MAX_CALLERS)]
      : path;
  const precise = Math.max(1, Math.min(step, (end - start) / 100));
  return {
    name: fullName(name),
    notes: [
      ...(file === "" ? [] : [fullName(file)]),
      ...(shown.length === 0 ? [] : [`called by ${shown.join(" › ")}`]),
    ],
    figures: [
      { label: "Duration", text: `${resolution > 0 ? "about " : ""}${lengthText(end - start)}` },
      { label: "From", text: timeText(start, precise) },
      { label: "To", text: timeText(end, precise) },
      ...(lanes.length > 1 ? [{ label: "Thread", text: lanes[at.lane].name }] : []),
    ],
  };
}
