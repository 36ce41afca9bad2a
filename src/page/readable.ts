import { withoutControls } from "../render/controls.js";
import type { FlameReport } from "../report/flame.js";

/**
 * Returns a copy in which no text contains control characters or marks that change the direction
 * of text. Accepts plain objects and arrays; typed arrays are shared, not copied.
 */
export function readable<T>(value: T): T {
  return (typeof value === "string" ? withoutControls(value) : readableParts(value)) as T;
}

function readableParts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, readable(part)]));
}

/** Does the same as {@link readable}, but faster: it skips the columns of numbers. */
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
