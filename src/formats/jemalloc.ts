import { divide, type Int64 } from "../units/int64.js";
import type { Format } from "./format.js";
import { firstLine, LineReader, trimSpace } from "./lines.js";
import { malformedLine } from "./malformed.js";
import { addressBefore, parseAddresses, parseInt64 } from "./numbers.js";
import { buildAddressProfile } from "./pprof-legacy/address-profile.js";
import { AddressSamples } from "./pprof-legacy/address-samples.js";
import { ALLOCATED, IN_USE, unsample } from "./pprof-legacy/heap-sampling.js";
import { beginsMemoryMap, findMemoryMap } from "./pprof-legacy/memory-map.js";

/**
 * Heap profiles of jemalloc (`heap_v2/PERIOD`): per stack a line `@ ADDRESS...` and lines `t*:
 * INUSE_OBJECTS: INUSE_BYTES [ALLOC_OBJECTS: ALLOC_BYTES]` for all threads, then `t1:` and so on
 * for each thread; finally a memory map. Lines before the first stack have the sums. As jeprof does,
 * this reads only the lines for all threads, and scales sampled values up.
 */
export const jemalloc: Format = {
  name: "jemalloc heap profile",

  detect: (bytes) => HEADER.test(firstLine(bytes)),

  read(bytes, budget) {
    const lines = new LineReader(bytes, 0, budget);
    lines.next();
    const malformed = (why: string) => malformedLine(this.name, lines, why);
    const period = parseInt64(HEADER.exec(lines.line)?.[1] ?? "");
    if (period === undefined) throw malformed("the period exceeds 64 bits");
    let hasAllocations = false;
    let hasStack = false;
    let samples = new AddressSamples(2, budget);
    let stack: string | undefined;
    while (lines.next() && !beginsMemoryMap(lines.line)) {
      const line = trimSpace(lines.line);
      if (line.startsWith("@")) {
        stack = line;
        hasStack = true;
        continue;
      }
      if (!line.startsWith("t*:")) {
        if (line === "" || THREAD.test(line)) continue;
        throw malformed("expected a stack or the values of a thread");
      }
      const values = VALUES.exec(line)?.slice(1).map(parseInt64);
      if (!values) throw malformed("expected t*: COUNT: BYTES [COUNT: BYTES]");
      const [objects, bytesInUse, allocated, bytesAllocated] = values;
      if (
        objects === undefined ||
        bytesInUse === undefined ||
        allocated === undefined ||
        bytesAllocated === undefined
      ) {
        throw malformed("a number exceeds 64 bits");
      }
      if (!hasStack) {
        // The sums. Without the option prof_accum, allocations are 0 everywhere.
        hasAllocations = allocated !== 0;
        samples = new AddressSamples(hasAllocations ? 4 : 2, budget);
        continue;
      }
      if (stack === undefined) throw malformed("a stack has two lines for all threads");
      const addresses = parseAddresses(stack);
      if (!addresses) throw malformed("an address exceeds 64 bits");
      stack = undefined;
      // Addresses are return addresses; the call is before them.
      for (const address of addresses) samples.frame(addressBefore(address));
      const inUse = unsample(objects, bytesInUse, period);
      const all = hasAllocations ? unsample(allocated, bytesAllocated, period) : [];
      samples.end([...all, ...inUse], averageSize(objects, bytesInUse, allocated, bytesAllocated));
    }
    return buildAddressProfile(
      {
        sampleTypes: hasAllocations ? [...ALLOCATED, ...IN_USE] : IN_USE,
        header: { periodType: { type: "space", unit: "bytes" }, period },
        samples,
        memoryMap: findMemoryMap(lines, budget),
      },
      budget,
    );
  },
};

const HEADER = /^heap_v2\/([0-9]+)\s*$/;
const THREAD = /^t[0-9]+:/;
const VALUES = /^t\*:\s*([0-9]+):\s*([0-9]+)\s*\[\s*([0-9]+):\s*([0-9]+)\s*\]$/;

/** Returns the average object size of a stack, in bytes, for the label `bytes`. */
function averageSize(objects: Int64, bytes: Int64, allocated: Int64, total: Int64): Int64 {
  if (objects !== 0) return divide(bytes, objects);
  return allocated === 0 ? 0 : divide(total, allocated);
}
