import { usageError } from "../errors/user-error.js";
import { parseSize } from "../units/size.js";
import {
  DEFAULT_HEAP_INTERVAL_BYTES,
  type ProfileKind,
  profileKind,
  type Sampling,
} from "../v8/protocol.js";

/** V8 fails below 50 microseconds, and allows at most 31 bits. */
const MIN_MICROS = 50;
const MAX_MICROS = 1e9;

const DEFAULT_CPU_INTERVAL_MICROS = 1000;

/** The largest number of bytes between two samples. */
const MAX_BYTES = 2 ** 30;

/**
 * Returns how to sample each kind of profile. `intervals` is a time for the CPU, a size for the heap,
 * both with a comma in between, or empty. `option` names it in errors. Throws a {@link UserError}.
 */
export function samplingsOf(
  kinds: readonly ProfileKind[],
  intervals: string,
  option: string,
): Sampling[] {
  const samplings = kinds.map(defaultSampling);
  const [cpu, heap] = ["cpu", "heap"].map((kind) => samplings.find((one) => one.kind === kind));
  if (samplings.filter(({ kind }) => kind === "heap").length > 1) {
    throw usageError(
      `${option === "-interval" ? "-heap and -allocs" : "heap and allocs"} exclude each other; leave out one of them`,
    );
  }
  if (intervals === "") return samplings;
  const found = new Map<Sampling, number>();
  for (const word of intervals.split(",")) {
    const micros = parseMicros(word);
    const bytes = micros === undefined ? parseSize(word) : undefined;
    const sampling = micros === undefined ? heap : cpu;
    const isValid = micros === undefined ? isByteInterval(bytes) : isMicroInterval(micros);
    if (!sampling || !isValid || found.has(sampling)) throw invalid(option, intervals, cpu, heap);
    found.set(sampling, micros ?? bytes ?? 0);
  }
  return samplings.map((one) => ({ ...one, interval: found.get(one) ?? one.interval }));
}

function defaultSampling(kind: ProfileKind): Sampling {
  if (kind === "cpu") return { kind, interval: DEFAULT_CPU_INTERVAL_MICROS };
  return { kind: "heap", interval: DEFAULT_HEAP_INTERVAL_BYTES, keepsFreed: kind === "allocs" };
}

/** Parses a time such as `100us` or `0.5ms` into microseconds; undefined for anything else. */
function parseMicros(text: string): number | undefined {
  const [, number, unit] = /^([0-9]+\.?[0-9]*)(us|µs|ms|s)$/.exec(text) ?? [];
  if (number === undefined) return undefined;
  return Math.round(Number(number) * (unit === "s" ? 1e6 : unit === "ms" ? 1e3 : 1));
}

function isMicroInterval(micros: number): boolean {
  return micros >= MIN_MICROS && micros <= MAX_MICROS;
}

function isByteInterval(bytes: number | undefined): boolean {
  return bytes !== undefined && bytes <= MAX_BYTES;
}

function invalid(option: string, text: string, cpu?: Sampling, heap?: Sampling) {
  const time = "a time of 50us or more, such as 1ms";
  const size = "a size such as 512kb";
  if (cpu && heap)
    return usageError(`${option} must be ${time}, ${size}, or both: 1ms,512kb, not ${text}`);
  const kind = heap && profileKind(heap);
  return usageError(
    `${option} must be ${heap ? `${size} for ${kind} profiles` : time}, not ${text}`,
  );
}
