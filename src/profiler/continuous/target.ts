import type { Profile } from "../../profile/profile.js";
import type { Labels } from "../label-timeline.js";

/** Facts about a collected profile. */
export interface ProfileInfo {
  /**
   * The contents: CPU samples, memory in use, allocations during the profile, or stacks that blocked
   * the event loop.
   */
  readonly type: "cpu" | "heap" | "allocs" | "block";
  /** The reason to collect it: `continuous`, or a state of the event loop. */
  readonly reason: "continuous" | "blocked" | "busy";
  readonly start: Date;
  readonly end: Date;
  /** The labels of the option `labels`, and those that describe the reason. */
  readonly labels: Labels;
}

/** Functions and data for targets, besides the profile. */
export interface ExportContext {
  /** Returns the profile as a gzipped file. All targets share the work. */
  bytes(): Promise<Uint8Array>;
  /** Reports a problem that may pass, such as a server that does not answer. */
  report(error: unknown): void;
  /** Aborted when nobody waits for the profile any longer. */
  readonly signal: AbortSignal;
}

/** Receives profiles and keeps them somewhere. */
export interface Target {
  /**
   * If true, samples come without the labels of {@link ProfileInfo.labels}, because the target
   * sends them in its own way.
   */
  readonly sendsLabels?: boolean;
  /** Keeps a profile. A rejection means that the profile is lost. */
  export(profile: Profile, info: ProfileInfo, context: ExportContext): Promise<void>;
  /** Tries again now what waits for a later time, because profiling ends. */
  flush?(): void;
}

/** A function that receives profiles. */
export type ProfileFunction = (
  profile: Profile,
  info: ProfileInfo,
  context: ExportContext,
) => Promise<void> | void;

/** One or more receivers of profiles. */
export type Targets = Target | ProfileFunction | readonly (Target | ProfileFunction)[];

/** The number of profiles that a function may be busy with. */
const MAX_PENDING_CALLS = 10;

/** Returns the targets of an option. Throws a TypeError if it is invalid. */
export function targetsOf(targets: Targets): Target[] {
  const list = Array.isArray(targets) ? targets : [targets];
  if (list.length === 0) throw new TypeError("target must not be an empty list");
  return list.map((target: Target | ProfileFunction) => {
    if (typeof target === "function") return new FunctionTarget(target);
    if (typeof target?.export === "function") return target;
    throw new TypeError("target must be a target, a function, or a list of them");
  });
}

class FunctionTarget implements Target {
  readonly #call: ProfileFunction;
  #pending = 0;

  constructor(call: ProfileFunction) {
    this.#call = call;
  }

  async export(profile: Profile, info: ProfileInfo, context: ExportContext): Promise<void> {
    if (this.#pending === MAX_PENDING_CALLS) {
      throw new Error(`dropped a profile: the target is busy with ${MAX_PENDING_CALLS} others`);
    }
    this.#pending++;
    try {
      await this.#call(profile, info, context);
    } finally {
      this.#pending--;
    }
  }
}
