import type { NewValueType } from "../../profile/profile-builder.js";
import { type Int64, multiply, truncate } from "../../units/int64.js";
import type { Format } from "../format.js";
import { firstLine, isBlankOrComment, LineReader, trimSpace } from "../lines.js";
import { malformedLine } from "../malformed.js";
import { addressBefore, parseAddresses, parseInt64, parseInt64Literal } from "../numbers.js";
import { buildAddressProfile } from "./address-profile.js";
import { AddressSamples } from "./address-samples.js";
import { javaText } from "./java-text.js";
import { findMemoryMap } from "./memory-map.js";

/**
 * Text profiles of lock contention: C++ (`--- contentionz ...`), and Go's block and mutex profiles
 * with `debug=1` (`--- contention:`, `--- mutex:`). Attributes of the form `name = value` precede
 * lines of the form `CYCLES COUNT @ ADDRESS...`.
 */
export const contention: Format = {
  name: "contention profile",
  isPprofs: true,

  detect(bytes) {
    const line = firstLine(bytes);
    // Java profiles may have the same header.
    return HEADERS.some((header) => line.startsWith(header)) && !javaText.detect(bytes);
  },

  read(bytes, budget) {
    const lines = new LineReader(bytes, 0, budget);
    lines.next();
    const attributes = readAttributes(lines);
    const samples = new AddressSamples(SAMPLE_TYPES.length, budget);
    // The first line that is not an attribute is the first sample.
    do {
      if (trimSpace(lines.line).startsWith("---")) break;
      if (!isBlankOrComment(lines.line)) readSample(lines, attributes, samples);
    } while (lines.next());
    const { period, durationNanos } = attributes;
    return buildAddressProfile(
      {
        sampleTypes: SAMPLE_TYPES,
        header: { periodType: SAMPLE_TYPES[0], period, durationNanos },
        samples,
        memoryMap: findMemoryMap(lines, budget),
      },
      budget,
    );
  },
};

const HEADERS = ["--- contentionz ", "--- mutex:", "--- contention:"];

const SAMPLE_TYPES: readonly NewValueType[] = [
  { type: "contentions", unit: "count" },
  { type: "delay", unit: "nanoseconds" },
];

interface Attributes {
  /** The number of contentions per sample. */
  period: Int64;
  /** 0 if the delays are already nanoseconds. */
  cyclesPerSecond: Int64;
  durationNanos: Int64;
}

/** Reads up to the first line that is not an attribute. */
function readAttributes(lines: LineReader): Attributes {
  const attributes: Attributes = { period: 1, cyclesPerSecond: 0, durationNanos: 0 };
  while (lines.nextWithContent()) {
    const line = trimSpace(lines.line);
    const equals = line.indexOf("=");
    if (line.startsWith("---") || equals < 0) break;
    const name = trimSpace(line.slice(0, equals));
    if (name === "discarded samples") continue;
    const malformed = (why: string) => malformedLine("contention profile", lines, why);
    const value = parseInt64Literal(trimSpace(line.slice(equals + 1)));
    const known = name === "cycles/second" || name === "sampling period" || name === RESET;
    if (!known) throw malformed(`unknown attribute ${JSON.stringify(name.slice(0, 40))}`);
    if (value === undefined) throw malformed(`${name} is not a 64-bit number`);
    if (name === "cycles/second") attributes.cyclesPerSecond = value;
    else if (name === "sampling period") attributes.period = value;
    else attributes.durationNanos = multiply(value, 1_000_000);
  }
  return attributes;
}

const RESET = "ms since reset";

/**
 * A number begins and ends where its digits do. As in pprof, a single number is split into two, of
 * which the second has one digit.
 */
const SAMPLE = /(?<![0-9])([0-9]+)(?: +|(?=[0-9](?![0-9])))([0-9]+) @([ x0-9a-f]*)/;

function readSample(lines: LineReader, attributes: Attributes, samples: AddressSamples): void {
  const match = SAMPLE.exec(lines.line);
  const malformed = (why: string) => malformedLine("contention profile", lines, why);
  if (!match) throw malformed("expected CYCLES COUNT @ ADDRESSES");
  let delay = parseInt64(match[1]);
  let contentions = parseInt64(match[2]);
  const addresses = parseAddresses(match[3]);
  if (delay === undefined || contentions === undefined || !addresses) {
    throw malformed("a number exceeds 64 bits");
  }
  const { period, cyclesPerSecond } = attributes;
  if (period > 0) {
    if (cyclesPerSecond > 0) {
      const cyclesPerNano = Number(cyclesPerSecond) / 1e9;
      delay = truncate((Number(delay) * Number(period)) / cyclesPerNano);
    }
    contentions = multiply(contentions, period);
  }
  // Addresses are return addresses; the call is before them.
  for (const address of addresses) samples.frame(addressBefore(address));
  samples.end([contentions, delay]);
}
