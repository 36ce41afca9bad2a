import type { Budget } from "../../profile/budget.js";
import type { NewValueType } from "../../profile/profile-builder.js";
import type { Format } from "../format.js";
import { headLines, LineReader, trimSpace } from "../lines.js";
import { malformedLine } from "../malformed.js";
import { addressBefore, parseAddresses } from "../numbers.js";
import { buildAddressProfile } from "./address-profile.js";
import { AddressSamples } from "./address-samples.js";
import { beginsMemoryMap, findMemoryMap } from "./memory-map.js";

/**
 * Thread stacks that Google's servers used to write on `/threadz`: a line `--- Thread ID (name:
 * NAME/NUMBER) stack: ---` per thread, followed by lines with addresses.
 */
export const threads: Format = {
  name: "thread profile",
  isPprofs: true,

  detect(bytes) {
    const lines = headLines(bytes);
    return lines.nextWithContent() && (PAGE.test(lines.line) || beginsThread(lines.line));
  },

  read(bytes, budget) {
    const lines = new LineReader(bytes, 0, budget);
    lines.nextWithContent();
    if (PAGE.test(lines.line)) {
      // Skip the page's introduction before the first thread.
      while (lines.next()) {
        if (beginsMemoryMap(lines.line) || lines.line.startsWith("-")) break;
      }
    }
    const samples = readThreads(lines, budget);
    return buildAddressProfile(
      {
        sampleTypes: [THREAD],
        header: { periodType: THREAD, period: 1 },
        samples,
        memoryMap: findMemoryMap(lines, budget),
        mayDoubleLeaf: true,
      },
      budget,
    );
  },
};

const THREAD: NewValueType = { type: "thread", unit: "count" };

/** The memory per address while a stack is read, in bytes. */
const ADDRESS_BYTES = 12;

const PAGE = /--- threadz [0-9]+ ---/;
const THREAD_BEGIN = /--- Thread [0-9a-fA-F]+ \(name: /;
const THREAD_END = /\/[0-9]+\) stack: ---/;

/** Tests in two steps, since the name between them may look like either. */
function beginsThread(line: string): boolean {
  const begin = THREAD_BEGIN.exec(line);
  return begin !== null && THREAD_END.test(line.slice(begin.index + begin[0].length));
}

/** Reads all threads, up to the memory map or to a thread without a stack. */
function readThreads(lines: LineReader, budget: Budget): AddressSamples {
  const samples = new AddressSamples(1, budget);
  /** The number of threads with the stack that was read last; 0 before the first. */
  let same = 0;
  while (!beginsMemoryMap(lines.line)) {
    if (trimSpace(lines.line).startsWith("---- no stack trace for")) break;
    if (!beginsThread(lines.line)) {
      throw malformedLine("thread profile", lines, "not a thread or a memory map");
    }
    const addresses = readStack(lines, budget);
    if (addresses.length === 0) {
      if (same > 0) same++;
      continue;
    }
    if (same > 0) samples.end([same]);
    same = 1;
    addresses.forEach((address, i) => {
      samples.frame(i === 0 ? address : addressBefore(address));
    });
  }
  if (same > 0) samples.end([same]);
  return samples;
}

/** Reads up to the next thread or memory map. Returns no addresses for a repeated stack. */
function readStack(lines: LineReader, budget: Budget) {
  const addresses = [];
  let isSame = false;
  while (lines.next()) {
    if (beginsMemoryMap(lines.line) || trimSpace(lines.line).startsWith("---")) break;
    if (lines.line.includes("same as previous thread")) {
      isSame = true;
      continue;
    }
    const more = parseAddresses(lines.line);
    if (!more) throw malformedLine("thread profile", lines, "an address exceeds 64 bits");
    budget.charge(more.length * ADDRESS_BYTES);
    for (const address of more) addresses.push(address);
  }
  return isSame ? [] : addresses;
}
