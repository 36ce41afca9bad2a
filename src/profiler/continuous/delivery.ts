import type { Profile } from "../../profile/profile.js";
import { addLabels } from "../../transforms/label-samples.js";
import type { Labels } from "../label-timeline.js";
import { writeProfile } from "../write-profile.js";
import { problemLog } from "./problem-log.js";
import {
  type ExportContext,
  type ProfileInfo,
  type Target,
  type Targets,
  targetsOf,
} from "./target.js";

/** Receivers of profiles, and labels. */
export interface DeliveryOptions {
  /**
   * Receives the profiles: a target such as `folderTarget()`, a function, or a list of them. They
   * get a profile at the same time.
   */
  readonly target: Targets;
  /** Labels of all samples, such as `service`, `version`, `host` and `region`. */
  readonly labels?: Labels;
  /**
   * Called with errors: profiles that were lost, and problems that may pass. By default, they are
   * printed to standard error, at most one per minute.
   */
  readonly onError?: (error: unknown) => void;
}

/** Gives profiles to targets. No error leaves it. */
export class Delivery {
  readonly report: (error: unknown) => void;
  readonly #targets: readonly Target[];
  readonly #labels: Labels;
  readonly #pending = new Set<Promise<void>>();
  readonly #givenUp = new AbortController();

  /** Throws if an option is invalid. `source` begins the lines that are printed. */
  constructor(options: DeliveryOptions, source: string) {
    const { target, labels = {}, onError } = options;
    if (onError !== undefined && typeof onError !== "function") {
      throw new TypeError("onError must be a function");
    }
    for (const [name, value] of Object.entries(labels)) {
      if (name === "") throw new TypeError("a label needs a name");
      if (typeof value !== "string" && !Number.isSafeInteger(value)) {
        throw new TypeError(`the label ${name} must be a string or a safe integer`);
      }
    }
    this.#labels = { ...labels };
    this.#targets = targetsOf(target);
    this.report = problemLog(source, onError);
  }

  /** Gives a profile to all targets. Does not wait for them. */
  send(profile: Profile, info: Omit<ProfileInfo, "labels">, labels: Labels = {}): void {
    const { signal } = this.#givenUp;
    // The report that profiles were given up includes these.
    const report = (error: unknown) => {
      if (!signal.aborted) this.report(error);
    };
    const whole: ProfileInfo = { ...info, labels: { ...this.#labels, ...labels } };
    const plain = shared(() => profile);
    const labelled = shared(() => addLabels(profile, whole.labels));
    for (const target of this.#targets) {
      const { profile: given, bytes } = target.sendsLabels ? plain : labelled;
      const context: ExportContext = { bytes, report, signal };
      const exported = (async () => target.export(given(), whole, context))()
        .catch(report)
        .finally(() => this.#pending.delete(exported));
      this.#pending.add(exported);
    }
  }

  /**
   * Waits until the targets have kept everything, at most for some time, and keeps the process alive
   * meanwhile. Then gives up the rest.
   */
  async finish(timeoutMillis: number): Promise<void> {
    for (const target of this.#targets) target.flush?.();
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutMillis);
    });
    await Promise.race([timeout, Promise.all(this.#pending)]);
    clearTimeout(timer);
    if (this.#pending.size > 0) {
      const { size } = this.#pending;
      const profiles = size === 1 ? "1 profile that was" : `${size} profiles that were`;
      this.report(new Error(`gave up ${profiles} not kept in time`));
    }
    this.#givenUp.abort();
  }
}

/** Computes a profile and its file once, when they are needed. */
function shared(make: () => Profile) {
  let profile: Profile | undefined;
  let file: Promise<Uint8Array> | undefined;
  const once = () => {
    profile ??= make();
    return profile;
  };
  const bytes = () => {
    file ??= writeProfile(once());
    return file;
  };
  return { profile: once, bytes };
}
