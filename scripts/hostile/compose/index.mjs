import { gzipSync } from "node:zlib";
import { chromeTrace, cpuProfile, heapProfile, speedscope, withOddValue } from "./json.mjs";
import { proto } from "./proto.mjs";
import {
  beginnings,
  callgrind,
  cpuBinary,
  folded,
  javaText,
  legacyText,
  perfScript,
} from "./text.mjs";

/** Each makes an input of one format, with about so many bytes. */
const COMPOSERS = {
  proto,
  cpuProfile,
  heapProfile,
  chromeTrace,
  speedscope,
  legacyText,
  javaText,
  cpuBinary,
  perfScript,
  callgrind,
  folded,
  beginnings,
};

export const FORMATS = Object.keys(COMPOSERS);

const JSON_FORMATS = ["cpuProfile", "heapProfile", "chromeTrace", "speedscope"];

/** An input has at most so many bytes, as it is given. */
const MOST_BYTES = 200_000;

/**
 * An adversarial input of `format`, of at most 200 kB, which may inflate to about `size`; it may
 * be damaged, too.
 */
export function compose(random, format, size) {
  const made = COMPOSERS[format](random, size);
  const odd = JSON_FORMATS.includes(format) && random.chance(0.4);
  let bytes = Buffer.from(odd ? withOddValue(random, made) : made);
  if (random.chance(0.1)) bytes = bytes.subarray(0, random.below(bytes.length + 1));
  if (random.chance(0.1)) bytes[random.below(bytes.length)] = random.below(256);
  if (bytes.length <= MOST_BYTES && random.chance(0.5)) return bytes;
  const compressed = gzipSync(bytes);
  // What does not shrink enough is cut off.
  return compressed.length <= MOST_BYTES ? compressed : bytes.subarray(0, MOST_BYTES);
}
