/** The entry of the library for programs that profile themselves; for Node only. */
import { gzip } from "../node/gzip.js";
import type { Profile } from "../profile/profile.js";
import { encodePieces } from "../profile/wire/encode.js";

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
export { withLabels } from "../profiler/labels.js";
export type { Labels } from "../profiler/timeline.js";

/** The profile as a file: profile.proto, gzipped. Equal profiles give equal bytes. */
export async function writeProfile(profile: Profile): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of gzip(encodePieces(profile))) pieces.push(piece);
  return Buffer.concat(pieces);
}
