import { gzipSync } from "node:zlib";
import {
  chromeTrace,
  cpuProfile,
  cpuTree,
  firefox,
  gecko,
  heapProfile,
  heapSnapshot,
  hermes,
  nodeProf,
  slices,
  speedscope,
  stackprof,
  withOddValue,
} from "./json.mjs";
import { proto } from "./proto.mjs";
import {
  beginnings,
  callgrind,
  cpuBinary,
  folded,
  goroutines,
  javaText,
  legacyText,
  perfScript,
} from "./text.mjs";

/** Functions that make an input of one format, with about the requested number of bytes. */
const COMPOSERS = {
  proto,
  cpuProfile,
  cpuTree,
  heapProfile,
  heapSnapshot,
  chromeTrace,
  hermes,
  firefox,
  gecko,
  slices,
  speedscope,
  stackprof,
  nodeProf,
  legacyText,
  javaText,
  cpuBinary,
  perfScript,
  goroutines,
  callgrind,
  folded,
  beginnings,
};

export const FORMATS = Object.keys(COMPOSERS);

const JSON_FORMATS = [
  "cpuProfile",
  "cpuTree",
  "heapProfile",
  "heapSnapshot",
  "chromeTrace",
  "hermes",
  "firefox",
  "gecko",
  "slices",
  "speedscope",
  "stackprof",
  "nodeProf",
];

/** The largest input file, after compression. */
const MOST_BYTES = 200_000;

/**
 * Returns an adversarial input of `format`, which may be damaged. It has at most 200 kB, and may
 * inflate to about `size` bytes.
 */
export function compose(random, format, size) {
  const made = COMPOSERS[format](random, size);
  const odd = JSON_FORMATS.includes(format) && random.chance(0.4);
  let bytes = Buffer.from(odd ? withOddValue(random, made) : made);
  if (random.chance(0.1)) bytes = bytes.subarray(0, random.below(bytes.length + 1));
  if (random.chance(0.1)) bytes[random.below(bytes.length)] = random.below(256);
  if (bytes.length <= MOST_BYTES && random.chance(0.5)) return bytes;
  const compressed = gzipSync(bytes);
  // If compression does not make it small enough, truncate it.
  return compressed.length <= MOST_BYTES ? compressed : bytes.subarray(0, MOST_BYTES);
}
