import { withoutControls } from "../render/controls.js";
import type { FlameReport } from "../report/flame.js";

/**
 * A copy in which all texts are free of control characters and of marks that change the
 * direction of text. For plain data: objects and arrays; columns of numbers are shared.
 */
export function readable<T>(value: T): T {
  return (typeof value === "string" ? withoutControls(value) : readableParts(value)) as T;
}

function readableParts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, readable(part)]));
}

/** What {@link readable} does, without a look at each of the many columns and places. */
export function readableFlame(report: FlameReport): FlameReport {
  const { tree, places, ...rest } = report;
  return {
    ...readable(rest),
    tree,
    places: places.map(({ name, file, group }) => ({
      name: withoutControls(name),
      file: withoutControls(file),
      group: withoutControls(group),
    })),
  };
}
