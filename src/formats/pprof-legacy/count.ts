import type { NewValueType } from "../../profile/profile-builder.js";
import type { Format } from "../format.js";
import { headLines, LineReader } from "../lines.js";
import { malformedLine } from "../malformed.js";
import { addressBefore, parseHex64, parseInt64Literal } from "../numbers.js";
import { buildAddressProfile } from "./address-profile.js";
import { AddressSamples } from "./address-samples.js";
import { findMemoryMap } from "./memory-map.js";

/**
 * Go's text profiles that count stacks, such as goroutines and threadcreate: `KIND profile: total
 * N`, and lines of the form `COUNT @ ADDRESS...`. Go writes names and labels as comments.
 */
export const count: Format = {
  name: "count profile",
  isPprofs: true,

  detect(bytes) {
    const lines = headLines(bytes);
    return lines.nextWithContent() && HEADER.test(lines.line);
  },

  read(bytes, budget) {
    const lines = new LineReader(bytes, 0, budget);
    lines.nextWithContent();
    const [, type] = HEADER.exec(lines.line) ?? [];
    const valueType: NewValueType = { type, unit: "count" };
    const samples = new AddressSamples(1, budget);
    while (lines.nextWithContent()) {
      if (lines.line.startsWith("---")) break;
      readSample(lines, `${type} profile`, samples);
    }
    return buildAddressProfile(
      {
        sampleTypes: [valueType],
        header: { periodType: valueType, period: 1 },
        samples,
        memoryMap: findMemoryMap(lines, budget),
      },
      budget,
    );
  },
};

const HEADER = /^([^\t\n\f\r ]+) profile: total [0-9]+$/;

function readSample(lines: LineReader, profile: string, samples: AddressSamples): void {
  const malformed = (why: string) => malformedLine(profile, lines, why);
  const [countText, ...addresses] = lines.line.split(" ");
  const value = /^[0-9]+$/.test(countText) ? parseInt64Literal(countText) : undefined;
  if (value === undefined || addresses.shift() !== "@" || addresses.length === 0) {
    throw malformed("expected COUNT @ ADDRESSES");
  }
  for (const text of addresses) {
    const address = /^0x[0-9a-f]+$/.test(text) ? parseHex64(text.slice(2)) : undefined;
    if (address === undefined) throw malformed("an address exceeds 64 bits");
    // A return address; the call is before it.
    samples.frame(addressBefore(address));
  }
  samples.end([value]);
}
