import { escapeControls } from "../render/controls.js";
import type { FlameReport } from "../report/flame.js";
import type { FlameFunction } from "../report/flame-functions.js";
import type { TimelineReport } from "../report/timeline.js";

/** Escapes control characters in all texts of plain objects and arrays. Shares typed arrays. */
export function sanitizeTexts<T>(value: T): T {
  return (typeof value === "string" ? escapeControls(value) : readableParts(value)) as T;
}

function readableParts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sanitizeTexts);
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, sanitizeTexts(part)]));
}

/** Does the same as {@link sanitizeTexts}, but faster: it skips the columns of numbers. */
export function sanitizeFlame(report: FlameReport): FlameReport {
  const { tree, functions, marks, ...rest } = report;
  return {
    ...sanitizeTexts(rest),
    tree,
    functions: sanitizeFunctions(functions),
    ...(marks && { marks: { ...marks, names: marks.names.map(escapeControls) } }),
  };
}

/** Does the same as {@link sanitizeTexts}, but shares the columns of numbers. */
export function sanitizeTimeline(report: TimelineReport): TimelineReport {
  return {
    ...report,
    functions: sanitizeFunctions(report.functions),
    lanes: report.lanes.map((lane) => ({
      ...lane,
      name: escapeControls(lane.name),
      detail: escapeControls(lane.detail),
    })),
  };
}

function sanitizeFunctions(functions: readonly FlameFunction[]): FlameFunction[] {
  return functions.map(({ name, file, group, filterName, isOwn }) => ({
    name: escapeControls(name),
    file: escapeControls(file),
    group: escapeControls(group),
    ...(filterName !== undefined && { filterName: escapeControls(filterName) }),
    ...(isOwn && { isOwn }),
  }));
}
