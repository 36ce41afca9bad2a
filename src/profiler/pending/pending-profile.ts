import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { StackSums } from "../../formats/stack-sums.js";
import { Budget } from "../../profile/budget.js";
import type { FunctionIndex, LocationIndex } from "../../profile/indices.js";
import type { Profile } from "../../profile/profile.js";
import { ProfileBuilder } from "../../profile/profile-builder.js";
import { anonymousName, scriptFile } from "../../profile/script-names.js";
import { isPlainScript, scriptsByUrl } from "../../v8/loaded-scripts.js";
import { LocalSession } from "../../v8/local-session.js";
import { BusyError } from "../busy.js";
import { MAX_BYTES } from "../limits.js";
import { withSourceMaps } from "../mapped.js";
import type { CallFrame } from "./call-stack.js";
import { PendingResources } from "./pending-resources.js";
import { kindOf } from "./resource-kinds.js";

/** Options of {@link startPendingProfile}. */
export interface PendingProfileOptions {
  /** Whether to include promises, each of which then costs some microseconds; false by default. */
  readonly promises?: boolean;
  /** The number of resources to follow at a time, each with 1 to 2 KB; 20,000 by default. */
  readonly maxResources?: number;
}

/** Options of {@link pendingProfile}. */
export interface PendingSnapshotOptions {
  /** Whether to apply the source maps of scripts; true by default. */
  readonly sourceMaps?: boolean;
}

const DEFAULT_MAX_RESOURCES = 20_000;

/** How long to work before other callbacks get a turn, in milliseconds. */
const TURN_MS = 5;

const COUNT = { type: "pending", unit: "count" };
const AGE = { type: "age", unit: "nanoseconds" };

/** The label `age`: the upper limits of its values in milliseconds. */
const AGES: readonly [limit: number, text: string][] = [
  [1000, "< 1 s"],
  [10_000, "< 10 s"],
  [60_000, "< 1 min"],
  [600_000, "< 10 min"],
  [3_600_000, "< 1 h"],
  [Number.POSITIVE_INFINITY, "≥ 1 h"],
];

let resources: PendingResources | undefined;

/**
 * Starts to follow the async resources of this thread (timers, sockets, servers, requests) with the
 * stacks that create them. Throws a BusyError if that runs already, and a RangeError if an option is
 * invalid.
 */
export function startPendingProfile(options: PendingProfileOptions = {}): void {
  const { promises = false, maxResources = DEFAULT_MAX_RESOURCES } = options;
  if (!(Number.isSafeInteger(maxResources) && maxResources > 0)) {
    throw new RangeError(`maxResources must be an integer above 0, not ${maxResources}`);
  }
  if (resources) throw new BusyError("pending resources are being followed already");
  resources = new PendingResources(promises, maxResources);
}

/** Stops {@link startPendingProfile}. Does nothing if it does not run. */
export function stopPendingProfile(): void {
  resources?.stop();
  resources = undefined;
}

/** Returns whether {@link startPendingProfile} runs. */
export function followsPending(): boolean {
  return resources !== undefined;
}

/**
 * Returns the resources that were created since {@link startPendingProfile} and have not ended: their
 * number and the sum of their ages by the stack that created them, with the labels `kind` and `age`.
 */
export async function pendingProfile({
  sourceMaps = true,
}: PendingSnapshotOptions = {}): Promise<Profile> {
  if (!resources) throw new Error("startPendingProfile was not called: call it first");
  const { profile, urls } = await snapshot(resources);
  if (!sourceMaps) return profile;
  const compiled = new Set([...urls].filter((url) => !isPlainScript(url)).map(asUrl));
  if (compiled.size === 0) return withSourceMaps(profile, []);
  const session = new LocalSession();
  try {
    return await withSourceMaps(profile, await scriptsByUrl(session, compiled));
  } finally {
    session.close();
  }
}

/** Returns the URL by which V8's inspector knows a script. */
function asUrl(url: string): string {
  return path.isAbsolute(url) ? pathToFileURL(url).href : url;
}

async function snapshot(from: PendingResources) {
  const budget = new Budget(MAX_BYTES);
  const builder = new ProfileBuilder([COUNT, AGE], budget);
  const sums = new StackSums(builder, 2, budget);
  const locations = new Locations(builder);
  const timeNanos = BigInt(Date.now()) * 1_000_000n;
  const now = performance.now();
  let turn = now;
  for (const resource of from.list()) {
    if (performance.now() > turn + TURN_MS) {
      await setImmediate();
      turn = performance.now();
    }
    const found = from.framesOf(resource);
    let stack = 0;
    for (const frame of found.length > 0 ? found.toReversed() : [NO_FRAME]) {
      stack = sums.child(stack, locations.of(frame));
    }
    const age = now - resource.created;
    const text = AGES.find(([limit]) => age < limit)?.[1] ?? "";
    const labels = sums.labels([
      { key: "kind", text: kindOf(resource.type) },
      { key: "age", text },
    ]);
    sums.add(stack, [1, Math.round(age * 1e6)], labels);
  }
  sums.finish();
  const profile = builder.finish({
    timeNanos,
    defaultSampleType: COUNT.type,
    periodType: COUNT,
    period: 1,
    comments: from.leftOut > 0 ? [`${from.leftOut} resources were left out (maxResources)`] : [],
  });
  return { profile, urls: locations.urls };
}

/** The frame of resources that neither the program nor a known resource has created. */
const NO_FRAME: CallFrame = {
  ...{ name: "(no stack)", url: "", line: 0, column: 0 },
  ...{ startLine: 0, startColumn: 0 },
};

/** The functions and locations of a profile. */
class Locations {
  readonly urls = new Set<string>();
  readonly #builder: ProfileBuilder;
  readonly #functions = new Map<string, FunctionIndex>();
  readonly #locations = new Map<string, LocationIndex>();

  constructor(builder: ProfileBuilder) {
    this.#builder = builder;
  }

  of(frame: CallFrame): LocationIndex {
    const { name, url, line, column, startLine, startColumn } = frame;
    const key = `${startLine}:${startColumn}:${name}\0${url}`;
    const position = `${line}:${column}:${key}`;
    let location = this.#locations.get(position);
    if (location === undefined) {
      let fn = this.#functions.get(key);
      if (fn === undefined) {
        this.urls.add(url);
        const filename = scriptFile(url);
        fn = this.#builder.addFunction({
          name: name || anonymousName(filename, startLine, startColumn),
          systemName: "",
          ...{ filename, startLine, startColumn },
        });
        this.#functions.set(key, fn);
      }
      location = this.#builder.addLocation({ lines: [{ function: fn, line, column }] });
      this.#locations.set(position, location);
    }
    return location;
  }
}
