/** The library's entry for programs that profile themselves. Only for Node. */
export { ProfileError } from "../profile/errors.js";
export type { Profile } from "../profile/profile.js";
export {
  type Continuous,
  type ContinuousCpuOptions,
  type ContinuousHeapOptions,
  type ContinuousOptions,
  startContinuous,
} from "../profiler/continuous/continuous.js";
export type { DeliveryOptions } from "../profiler/continuous/delivery.js";
export { type FolderTargetOptions, folderTarget } from "../profiler/continuous/folder-target.js";
export { type HttpTargetOptions, httpTarget } from "../profiler/continuous/http-target.js";
export {
  type PyroscopeTargetOptions,
  pyroscopeTarget,
} from "../profiler/continuous/pyroscope-target.js";
export type {
  ExportContext,
  ProfileFunction,
  ProfileInfo,
  Target,
  Targets,
} from "../profiler/continuous/target.js";
export type { UploadOptions } from "../profiler/continuous/upload-queue.js";
export { type CpuProfileOptions, startCpuProfile } from "../profiler/cpu.js";
export type { CpuProfiling } from "../profiler/cpu-profiling.js";
export {
  type BlockProfileOptions,
  type BlockSnapshotOptions,
  blockProfile,
  startBlockProfile,
  stopBlockProfile,
} from "../profiler/event-loop/block-profile.js";
export {
  type BusyOptions,
  type EventLoopWatch,
  type WatchOptions,
  watchEventLoop,
} from "../profiler/event-loop/watch.js";
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
export {
  type PendingProfileOptions,
  type PendingSnapshotOptions,
  pendingProfile,
  startPendingProfile,
  stopPendingProfile,
} from "../profiler/pending/pending-profile.js";
export { writeProfile } from "../profiler/write-profile.js";
