import type { Format } from "../format.js";
import { LineReader } from "../lines.js";
import { NATIVE, readCpuHeader } from "../words.js";
import { buildAddressProfile } from "./address-profile.js";
import { type AddressSamples, type Stacks, withoutSecondFrames } from "./address-samples.js";
import { CPU_SAMPLE_TYPES, cpuProfileHeader, readCpuSamples } from "./cpu-samples.js";
import { readMemoryMap } from "./memory-map.js";

/** The CPU profile of gperftools: binary samples, followed by the text of `/proc/self/maps`. */
export const cpu: Format = {
  name: "CPU profile of gperftools",
  isPprofs: true,

  detect: (bytes) => readCpuHeader(bytes)?.language === NATIVE,

  read(bytes, budget) {
    const cpuHeader = readCpuHeader(bytes);
    if (!cpuHeader) throw new TypeError("not a CPU profile");
    const header = cpuProfileHeader(cpuHeader);
    const samples = readCpuSamples(cpuHeader.words, header.period, true, budget);
    const { left } = cpuHeader.words;
    return buildAddressProfile(
      {
        sampleTypes: CPU_SAMPLE_TYPES,
        header,
        samples,
        stacks: withoutHandlerFrames(samples),
        memoryMap: readMemoryMap(new LineReader(bytes, bytes.length - left, budget), budget),
        mayDoubleLeaf: true,
      },
      budget,
    );
  },
};

/** The maximum number of frames of the signal handler and its caller. */
const MAX_HANDLER_FRAMES = 2;

/** One in this many samples may have a different second frame. */
const SAMPLES_PER_EXCEPTION = 32;

/**
 * A stack has the leaf from the signal context, followed by the frames that the unwinder found for
 * the profiler's signal handler. A second frame that nearly all samples share is such a frame, not
 * part of the program.
 */
function withoutHandlerFrames(samples: AddressSamples): Stacks {
  let stacks = samples.stacks();
  const wanted = samples.count - Math.floor(samples.count / SAMPLES_PER_EXCEPTION);
  for (let round = 0; round < MAX_HANDLER_FRAMES; round++) {
    const { offsets, frames } = stacks;
    const counts = new Uint32Array(samples.addresses.length);
    for (let sample = 0; sample < samples.count; sample++) {
      if (offsets[sample + 1] - offsets[sample] > 1) counts[frames[offsets[sample] + 1]]++;
    }
    const handler = counts.findIndex((count) => count > 0 && count >= wanted);
    if (handler < 0) break;
    stacks = withoutSecondFrames(stacks, (_, second) => second === handler);
  }
  return stacks;
}
