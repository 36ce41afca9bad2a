import { ProfileError } from "../../profile/errors.js";
import type { NewValueType } from "../../profile/profile-builder.js";
import { divide, type Int64, multiply } from "../../units/int64.js";
import type { Format } from "../format.js";
import { firstLine, headLines, LineReader, trimSpace } from "../lines.js";
import { malformedLine } from "../malformed.js";
import { parseAddresses, parseInt64Literal } from "../numbers.js";
import { buildAddressProfile } from "./address-profile.js";
import { AddressSamples } from "./address-samples.js";
import { unsample } from "./heap-sampling.js";
import { readJavaLocations } from "./java-locations.js";

/**
 * Heap and contention profiles of Java programs: a header, attributes of the form `name=value`,
 * lines of the form `VALUE COUNT @ ADDRESS...`, and the symbols of the addresses.
 */
export const javaText: Format = {
  name: "Java profile",
  isPprofs: true,

  /** C++ contention profiles share the header, but lack the attributes format and resolution. */
  detect(bytes) {
    const kind = KINDS.get(trimSpace(firstLine(bytes)));
    if (kind !== "contention") return kind !== undefined;
    const lines = headLines(bytes);
    lines.next();
    while (lines.next()) {
      const line = trimSpace(lines.line);
      if (line === "") continue;
      const [, name] = ATTRIBUTE.exec(line) ?? [""];
      if (name === undefined) return false;
      if (["format", "resolution"].includes(trimSpace(name))) return true;
    }
    return false;
  },

  read(bytes, budget) {
    const lines = new LineReader(bytes, 0, budget);
    lines.next();
    const kind = KINDS.get(trimSpace(lines.line));
    if (!kind) throw new TypeError("not a Java profile");
    const attributes = readAttributes(lines, kind);
    const samples = new AddressSamples(2, budget);
    readSamples(lines, kind, attributes, samples);
    const symbols = readJavaLocations(lines, samples, true, budget);
    const { sampleTypes, periodType, period, durationNanos } = attributes;
    if (samples.count > 0 && sampleTypes.length === 0) {
      throw new ProfileError(`malformed Java ${kind} profile: missing resolution`);
    }
    return buildAddressProfile(
      {
        sampleTypes,
        header: { periodType, period, durationNanos },
        samples,
        memoryMap: [],
        symbols,
      },
      budget,
    );
  },
};

type Kind = "heap" | "contention";

const KINDS: ReadonlyMap<string, Kind> = new Map([
  ["--- heapz 1 ---", "heap"],
  ["--- contentionz 1 ---", "contention"],
]);

/** The sample types; the unit of the second one is the resolution. */
const SAMPLE_TYPES: Record<Kind, (resolution: string) => NewValueType[]> = {
  heap: (unit) => [
    { type: "inuse_objects", unit: "count" },
    { type: "inuse_space", unit },
  ],
  contention: (unit) => [
    { type: "contentions", unit: "count" },
    { type: "delay", unit },
  ],
};

interface Attributes {
  sampleTypes: NewValueType[];
  periodType: NewValueType;
  period: Int64;
  durationNanos: Int64;
}

const ATTRIBUTE = /(?<![\w ])([\w ]+)=([\w ]+)/;

/** Reads up to the first line that is not an attribute, which becomes the current line. */
function readAttributes(lines: LineReader, kind: Kind): Attributes {
  const attributes: Attributes = {
    sampleTypes: [],
    periodType: { type: "", unit: "" },
    period: 0,
    durationNanos: 0,
  };
  const malformed = (why: string) => malformedLine(`Java ${kind} profile`, lines, why);
  while (lines.next() && lines.isTerminated) {
    const line = trimSpace(lines.line);
    if (line === "") continue;
    const match = ATTRIBUTE.exec(line);
    if (!match) break;
    const [name, value] = match.slice(1).map(trimSpace);
    const number = () => {
      const parsed = parseInt64Literal(value);
      if (parsed === undefined) throw malformed(`${name} is not a 64-bit number`);
      return parsed;
    };
    if (name === "format") {
      if (value !== "java") throw malformed("the format is not java");
    } else if (name === "resolution") {
      attributes.sampleTypes = SAMPLE_TYPES[kind](value);
    } else if (kind === "contention" && name === "sampling period") {
      attributes.periodType = { type: "contentions", unit: "count" };
      attributes.period = number();
    } else if (kind === "contention" && name === "ms since reset") {
      attributes.durationNanos = multiply(number(), 1_000_000);
    } else {
      throw malformed(`unknown attribute ${JSON.stringify(name.slice(0, 40))}`);
    }
  }
  return attributes;
}

/** As in C++, but the value precedes the count. */
const SAMPLE = /(?<![0-9])([0-9]+) +([0-9]+) +@ +([ x0-9a-f]*)/;

/** The average number of bytes that a Java program allocates between two samples. */
const JAVA_HEAP_RATE = 524288;

/** Reads samples from the current line on; ends at the first line that is not a sample. */
function readSamples(
  lines: LineReader,
  kind: Kind,
  { period }: Attributes,
  samples: AddressSamples,
): void {
  const malformed = (why: string) => malformedLine(`Java ${kind} profile`, lines, why);
  for (; lines.isTerminated; lines.next()) {
    const line = trimSpace(lines.line);
    if (line === "") continue;
    const match = SAMPLE.exec(line);
    if (!match) return;
    const value = parseInt64Literal(match[1]);
    const count = parseInt64Literal(match[2]);
    const addresses = parseAddresses(match[3]);
    if (value === undefined || count === undefined || !addresses) {
      throw malformed("a number exceeds 64 bits");
    }
    for (const address of addresses) samples.frame(address);
    if (kind === "heap") {
      if (count === 0) throw malformed("the number of objects is 0");
      samples.end(unsample(count, value, JAVA_HEAP_RATE), divide(value, count));
    } else if (period !== 0) {
      samples.end([multiply(count, period), multiply(value, period)]);
    } else {
      samples.end([count, value]);
    }
  }
}
