import type { Format } from "../format.js";
import { LineReader } from "../lines.js";
import { JAVA, readCpuHeader } from "../words.js";
import { buildAddressProfile } from "./address-profile.js";
import { CPU_SAMPLE_TYPES, cpuProfileHeader, readCpuSamples } from "./cpu-samples.js";
import { readJavaLocations } from "./java-locations.js";

/** The CPU profile of Java programs: binary samples, followed by names as text. */
export const javaCpu: Format = {
  name: "CPU profile of Java",
  isPprofs: true,

  detect: (bytes) => readCpuHeader(bytes)?.language === JAVA,

  read(bytes, budget) {
    const cpuHeader = readCpuHeader(bytes);
    if (!cpuHeader) throw new TypeError("not a CPU profile");
    const header = cpuProfileHeader(cpuHeader);
    const samples = readCpuSamples(cpuHeader.words, header.period, false, budget);
    const lines = new LineReader(bytes, bytes.length - cpuHeader.words.left, budget);
    const symbols = readJavaLocations(lines, samples, false, budget);
    return buildAddressProfile(
      { sampleTypes: CPU_SAMPLE_TYPES, header, samples, memoryMap: [], symbols },
      budget,
    );
  },
};
