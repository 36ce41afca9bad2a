import type { FlameReport } from "../../report/flame.js";
import type { TimelineReport } from "../../report/timeline.js";
import type { Answer, Sandwich } from "./engine.js";
import type { Call } from "./messages.js";

/** Separates names, which have no control characters. One text is faster to send than objects. */
const SEPARATOR = "\0";

/** A {@link FlameReport} as it is sent between threads. */
type SentFlame = Omit<FlameReport, "functions"> & {
  readonly names: string;
  readonly files: string;
  readonly groups: string;
  /** Empty parts for functions without one. */
  readonly filterNames: string;
  /** By function: 1 for the user's own code. */
  readonly own: Uint8Array;
};

/** Returns the message for an answer, and the buffers to transfer instead of copying. */
export function pack(call: Call, value: unknown): { value: unknown; moved: ArrayBuffer[] } {
  switch (call.method) {
    case "flame": {
      const { report, warnings } = value as Answer<FlameReport>;
      return { value: { report: packFlame(report), warnings }, moved: buffersOf(report.tree) };
    }
    case "timeline": {
      const { report } = value as Answer<TimelineReport>;
      const moved = [report, report.activity, ...report.lanes].flatMap(buffersOf);
      return { value, moved };
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

function packFlame({ functions, ...rest }: FlameReport): SentFlame {
  return {
    ...rest,
    names: functions.map(({ name }) => name).join(SEPARATOR),
    files: functions.map(({ file }) => file).join(SEPARATOR),
    groups: functions.map(({ group }) => group).join(SEPARATOR),
    filterNames: functions.map(({ filterName = "" }) => filterName).join(SEPARATOR),
    own: Uint8Array.from(functions, ({ isOwn }) => (isOwn ? 1 : 0)),
  };
}

function unpackFlame(sent: SentFlame): FlameReport {
  const { names, files, groups, filterNames, own, ...rest } = sent;
  const file = files.split(SEPARATOR);
  const group = groups.split(SEPARATOR);
  const filterName = filterNames.split(SEPARATOR);
  const functions = names.split(SEPARATOR).map((name, fn) => ({
    name,
    file: file[fn],
    group: group[fn],
    ...(filterName[fn] !== "" && { filterName: filterName[fn] }),
    ...(own[fn] === 1 && { isOwn: true as const }),
  }));
  return { ...rest, functions };
}

/** Returns the buffers of the columns of an object, which belong to this answer alone. */
function buffersOf(table: object): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const column of Object.values(table)) {
    if (ArrayBuffer.isView(column)) buffers.add(column.buffer as ArrayBuffer);
  }
  return [...buffers];
}
