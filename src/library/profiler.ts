/** The library's entry for programs that profile themselves. Only for Node. */
export { ProfileError } from "../profile/errors.js";
export type { Profile } from "../profile/profile.js";
export {
  type CpuProfileOptions,
  type CpuProfiling,
  startCpuProfile,
} from "../profiler/cpu.js";
export {
  allocs,
  type HeapProfileOptions,
  type HeapSamplingOptions,
  heapProfile,
  startHeapSampling,
  stopHeapSampling,
} from "../profiler/heap.js";
export type { Labels } from "../profiler/label-timeline.js";
export { withLabels } from "../profiler/labels.js";
export { writeProfile } from "../profiler/write-profile.js";
