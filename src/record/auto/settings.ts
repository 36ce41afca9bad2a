import { usageError } from "../../errors/user-error.js";
import type { SourceMapMode } from "../../source-code/source-map-use.js";
import { type ProfileKind, profileKind, type Sampling } from "../../v8/protocol.js";
import { samplingsOf } from "../samplings.js";
import { DEFAULT_OUTPUT, hasPlaceholder, placeholdersIn } from "./output-name.js";

/** How a process profiles itself, from the environment variables that begin with `TSPROF`. */
export interface AutoSettings {
  /** At most one of the CPU, and one of the heap. */
  readonly samplings: readonly Sampling[];
  /** The file or folder for profiles, with placeholders (output-name.ts). */
  readonly output: string;
  /** The length of a recording; 0 for no limit. */
  readonly seconds: number;
  /** The time from the start of the process to that of the recording. */
  readonly delaySeconds: number;
  /** The signal that starts and stops recordings. Without it, there is one recording. */
  readonly signal: NodeJS.Signals | undefined;
  readonly sourceMaps: SourceMapMode;
}

const KINDS: readonly string[] = ["cpu", "heap", "allocs"] satisfies ProfileKind[];

/** The signals that programs may use for their own purposes. */
const SIGNALS: readonly string[] = ["SIGUSR1", "SIGUSR2", "SIGHUP", "SIGQUIT"];

const SOURCE_MAP_MODES: readonly string[] = ["auto", "all", "none"] satisfies SourceMapMode[];

/** The limit of timers is about 24 days. */
const MAX_SECONDS = 1_000_000;

/**
 * Returns the settings of the environment; undefined if `TSPROF` is empty or missing. Throws a
 * {@link UserError} for a wrong value.
 */
export function autoSettings(env: NodeJS.ProcessEnv): AutoSettings | undefined {
  const kinds = words(env.TSPROF);
  if (kinds.length === 0) return undefined;
  const unknown = kinds.find((kind) => !KINDS.includes(kind));
  if (unknown !== undefined) {
    throw usageError(`TSPROF must be cpu, heap, allocs, or two of them: cpu,heap, not ${unknown}`);
  }
  const named = KINDS.filter((kind) => kinds.includes(kind)) as ProfileKind[];
  const intervals = words(env.TSPROF_INTERVAL).join(",");
  const settings: AutoSettings = {
    samplings: samplingsOf(named, intervals, "TSPROF_INTERVAL"),
    output: env.TSPROF_OUTPUT || DEFAULT_OUTPUT,
    seconds: seconds(env, "TSPROF_SECONDS"),
    delaySeconds: seconds(env, "TSPROF_DELAY"),
    signal: oneOf(env, "TSPROF_SIGNAL", SIGNALS) as NodeJS.Signals | undefined,
    sourceMaps: (oneOf(env, "TSPROF_SOURCE_MAPS", SOURCE_MAP_MODES) ?? "auto") as SourceMapMode,
  };
  if (settings.signal && settings.delaySeconds > 0) {
    throw usageError("TSPROF_DELAY has no effect with TSPROF_SIGNAL; leave out one of them");
  }
  checkOutput(settings);
  return settings;
}

function words(text = ""): string[] {
  return text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

function seconds(env: NodeJS.ProcessEnv, name: string): number {
  const text = env[name];
  if (!text) return 0;
  const value = /^[0-9]+\.?[0-9]*$/.test(text) ? Number(text) : 0;
  if (value > 0 && value <= MAX_SECONDS) return value;
  throw usageError(`${name} must be a number of seconds such as 30, not ${text}`);
}

function oneOf(
  env: NodeJS.ProcessEnv,
  name: string,
  choices: readonly string[],
): string | undefined {
  const text = env[name];
  if (!text) return undefined;
  if (choices.includes(text)) return text;
  throw usageError(`${name} must be one of ${choices.join(", ")}, not ${text}`);
}

function checkOutput({ output, samplings }: AutoSettings): void {
  const unknown = placeholdersIn(output).find((word) => !hasPlaceholder(word));
  if (unknown !== undefined) {
    throw usageError(
      `TSPROF_OUTPUT has no placeholder ${unknown}; it has {kind}, {program}, {pid}, {time} and {host}`,
    );
  }
  if (samplings.length > 1 && /\.[a-z]+$/i.test(output) && !output.includes("{kind}")) {
    const kinds = samplings.map(profileKind).join(" and ");
    throw usageError(
      `TSPROF_OUTPUT must contain {kind} for ${kinds}, such as app-{kind}-{pid}.pb.gz, not ${output}`,
    );
  }
}
