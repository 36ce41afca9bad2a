import type { FlameTree } from "../../graph/flame-tree.js";
import type { FlameReport } from "../../report/flame.js";
import type { Answer, Sandwich } from "./engine.js";
import type { Call } from "./messages.js";

/**
 * Between threads a text for each column of places goes faster than an object for each
 * place. The character between names is in none of them, as no control character is.
 */
const BETWEEN = "\0";

/** A {@link FlameReport} as it is sent. */
type SentFlame = Omit<FlameReport, "places"> & {
  readonly names: string;
  readonly files: string;
  readonly groups: string;
};

/** What is sent instead of an answer, and what of it moves to the other thread. */
export function pack(call: Call, value: unknown): { value: unknown; moved: ArrayBuffer[] } {
  switch (call.method) {
    case "flame": {
      const { report, warnings } = value as Answer<FlameReport>;
      return { value: { report: packFlame(report), warnings }, moved: buffersOf(report.tree) };
    }
    case "sandwich": {
      const { report, warnings } = value as Answer<Sandwich>;
      const { callers, callees } = report;
      return {
        value: { report: { callers: packFlame(callers), callees: packFlame(callees) }, warnings },
        moved: [...buffersOf(callers.tree), ...buffersOf(callees.tree)],
      };
    }
    default:
      return { value, moved: [] };
  }
}

/** The answer that was sent. */
export function unpack(call: Call, value: unknown): unknown {
  switch (call.method) {
    case "flame": {
      const { report, warnings } = value as Answer<SentFlame>;
      return { report: unpackFlame(report), warnings };
    }
    case "sandwich": {
      const { report, warnings } = value as Answer<Record<keyof Sandwich, SentFlame>>;
      const { callers, callees } = report;
      return {
        report: { callers: unpackFlame(callers), callees: unpackFlame(callees) },
        warnings,
      };
    }
    default:
      return value;
  }
}

function packFlame({ places, ...rest }: FlameReport): SentFlame {
  return {
    ...rest,
    names: places.map(({ name }) => name).join(BETWEEN),
    files: places.map(({ file }) => file).join(BETWEEN),
    groups: places.map(({ group }) => group).join(BETWEEN),
  };
}

function unpackFlame({ names, files, groups, ...rest }: SentFlame): FlameReport {
  const file = files.split(BETWEEN);
  const group = groups.split(BETWEEN);
  const places = names
    .split(BETWEEN)
    .map((name, place) => ({ name, file: file[place], group: group[place] }));
  return { ...rest, places };
}

/** The columns of a tree: they were made for this answer alone. */
function buffersOf(tree: FlameTree): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const column of Object.values(tree)) {
    if (ArrayBuffer.isView(column)) buffers.add(column.buffer as ArrayBuffer);
  }
  return [...buffers];
}
