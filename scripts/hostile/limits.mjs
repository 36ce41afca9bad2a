/** The limits of tsprof for any input of up to 200 kB. */
export const CPU_LIMIT_MS = 10_000;
export const MEMORY_LIMIT_MB = 1536;

/** Messages of the engine, or of bugs in tsprof, which users must not see. */
const INTERNAL =
  /internal error|not enough memory for this|\bis not a function|Cannot read propert|Cannot convert|Cannot mix|\bundefined\b|is not iterable|is not defined|Invalid (?:array|string|typed array) length|Array buffer allocation|call stack|out of bounds|RangeError|TypeError|BigInt|heap out of memory|\[object |\bNaN\b|^\s+at .*:\d+:\d+/m;

const SCRIPT = /<script[\s\S]*?(?:<\/script>|$)/g;

/** Returns the first internal message in `text` with some context; undefined if there is none. */
export function internalText(text) {
  const match = INTERNAL.exec(text);
  return match ? text.slice(Math.max(0, match.index - 60), match.index + 100) : undefined;
}

/**
 * Lists what is wrong with a run of tsprof. A run must end with a result, or with an error of one
 * line, within the limits.
 */
export function problemsOf({ code, signal, cpuMs, peakMb, stdout, stderr }) {
  const problems = [];
  if (cpuMs > CPU_LIMIT_MS) problems.push(`took over ${CPU_LIMIT_MS / 1000} s of CPU time`);
  if (peakMb > MEMORY_LIMIT_MB) problems.push(`took over ${MEMORY_LIMIT_MB} MB of memory`);
  if (problems.length > 0) return problems;
  if (signal) problems.push(`ended by ${signal}`);
  else if (code !== 0 && code !== 1) problems.push(`ended with exit code ${code}`);
  const lines = stderr.split("\n").slice(0, -1);
  const stray = lines.find((line) => !line.startsWith("tsprof: "));
  if (stray !== undefined) problems.push(`wrote ${JSON.stringify(stray.slice(0, 100))} on stderr`);
  if (code === 1 && lines.length === 0) problems.push("failed without an error");
  // Ignore the scripts in pictures.
  for (const text of [stderr, stdout.replace(SCRIPT, "")]) {
    const internal = internalText(text);
    if (internal) problems.push(`shows an internal text: ${JSON.stringify(internal)}`);
  }
  return problems;
}
