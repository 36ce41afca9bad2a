import type { NewHeader, NewValueType } from "../../profile/profile-builder.js";

/**
 * The frames to drop and to keep in formats that do not say so: internals of allocators, locks and
 * profilers. Patterns as in profile.proto, without anchors.
 */
type FramePatterns = Required<Pick<NewHeader, "dropFrames" | "keepFrames">>;

export function uninterestingFrames(sampleTypes: readonly NewValueType[]): FramePatterns {
  const types = sampleTypes.map(({ type }) => type).join(" ");
  if (HEAP_TYPES.includes(types)) return { dropFrames: ALLOCATORS, keepFrames: GO_ENTRY_POINTS };
  if (types === "contentions delay") return { dropFrames: LOCKS, keepFrames: "" };
  return { dropFrames: PROFILERS, keepFrames: "" };
}

const HEAP_TYPES = [
  "allocations size",
  "objects space",
  "inuse_objects inuse_space",
  "alloc_objects alloc_space",
  "alloc_objects alloc_space inuse_objects inuse_space",
];

const ALLOCATORS = [
  // POSIX.
  "calloc",
  "cfree",
  "malloc",
  "free",
  "memalign",
  "do_memalign",
  "(__)?posix_memalign",
  "pvalloc",
  "valloc",
  "realloc",
  // tcmalloc.
  "tcmalloc::.*",
  ...["calloc", "cfree", "malloc", "free", "memalign", "posix_memalign"].map((f) => `tc_${f}`),
  ...["pvalloc", "valloc", "realloc", "new", "delete"].map((f) => `tc_${f}`),
  ...["newarray", "deletearray", "new_nothrow", "newarray_nothrow"].map((f) => `tc_${f}`),
  // macOS.
  ...["malloc", "calloc", "valloc", "realloc", "memalign", "free"].map((f) => `malloc_zone_${f}`),
  // Go.
  "runtime\\..*",
  // Others.
  "BaseArena::.*",
  "(::)?do_malloc_no_errno",
  "(::)?do_malloc_pages",
  "(::)?do_malloc",
  "DoSampledAllocation",
  "MallocedMemBlock::MallocedMemBlock",
  "_M_allocate",
  "__builtin_(vec_)?delete",
  "__builtin_(vec_)?new",
  "__gnu_cxx::new_allocator::allocate",
  "__libc_malloc",
  "__malloc_alloc_template::allocate",
  "allocate",
  "cpp_alloc",
  "operator new(\\[\\])?",
  "simple_alloc::allocate",
].join("|");

/** Functions of Go's runtime that occur in the middle of stacks. */
const GO_ENTRY_POINTS = ["panic", "reflectcall", "call[0-9]*"]
  .map((name) => `runtime\\.${name}`)
  .join("|");

const PROFILERS = [
  "ProfileData::Add",
  "ProfileData::prof_handler",
  "CpuProfiler::prof_handler",
  "__pthread_sighandler",
  "__restore",
].join("|");

const LOCKS = [
  "RecordLockProfileData",
  ...["RecordLockProfileData", "SubmitMutexProfileData", "SubmitSpinLockProfileData"].map(
    (name) => `(base::)?${name}.*`,
  ),
  ...mutexMethods("base::"),
  ...mutexMethods(""),
  "(SpinLock::)?Unlock.*",
  "(SpinLock::)?SlowUnlock.*",
  "(SpinLockHolder::)?~SpinLockHolder.*",
].join("|");

function mutexMethods(namespace: string): string[] {
  return [
    ...["AwaitCommon", "Unlock", "UnlockSlow", "ReaderUnlock"].map(
      (name) => `(${namespace}Mutex::)?${name}.*`,
    ),
    `(${namespace}MutexLock::)?~MutexLock.*`,
  ];
}
