import { existsSync } from "node:fs";
import { formatExactTime, formatLocalTime } from "../node/time-zone.js";
import { type NamedCommand, viewerOf } from "../options/commands.js";
import type { Options } from "../options/table.js";
import type { Profile } from "../profile/profile.js";
import { reportInput } from "../report/input.js";
import { scale } from "../units/scale.js";
import type { CompilePattern, Pattern } from "../view/matcher.js";
import { type Engines, prepareProfile, usesDemangler } from "../view/prepare.js";
import { SampleIndexError } from "../view/sample-value.js";
import { FilterError, type Selection, selectView, usesPatterns } from "../view/select.js";
import { withoutControls } from "./controls.js";
import { describeError, UsageError } from "./errors.js";
import type { MadeReport, ReportContext } from "./made-report.js";
import { isTerminal, writeFileOutput, writeStdout } from "./output.js";
import { REPORTS } from "./reports.js";
import type { Request } from "./request.js";
import { loadProfile } from "./sources.js";
import { machineCodeOf, withSymbols } from "./symbols.js";

/** Makes the report that is asked for, and writes it. `warn` takes lines for standard error. */
export async function run(request: Request, warn: (line: string) => void): Promise<void> {
  const { options, warnings } = request;
  warnings.forEach(warn);
  checkOptions(options);
  const limit = parseSize(options.max_size);
  const loaded = await loadProfile(request, limit, warn);
  const profile = await withSymbols(loaded, options, limit, warn);
  const engines = await loadEngines(request, profile);
  const prepared = prepareProfile(profile, options, engines);
  prepared.warnings.forEach(warn);
  if (loaded.servers && !options.no_save) {
    await (await import("./keep-fetched.js")).keepFetched(prepared.profile, warn);
  }
  const selection = select(prepared.profile, options, engines.compile);
  selection.warnings.forEach(warn);
  const openMachineCode = () => machineCodeOf(loaded, options, warn);
  const report = await makeReport(request, selection, engines.compile, { openMachineCode, warn });

  const { output } = options;
  const viewer = viewerOf(request.command) ?? (isTerminal() ? request.command.shownBy : undefined);
  if (viewer && output === "") {
    const { showReport, VIEWERS } = await import("./viewers.js");
    const { platform, env } = process;
    const pieces = outputPieces(report.text());
    await showReport(VIEWERS[viewer], pieces, { platform, env }, warn);
    return;
  }
  if (output === "" && isTerminal() && report.draw) {
    const terminal = { width: process.stdout.columns || 80, env: process.env };
    const drawn = await report.draw(terminal);
    await writeStdout(typeof drawn === "string" ? [drawn] : drawn);
    return;
  }
  const pieces = outputPieces(report.text());
  const file = output === "" && isTerminal() ? nextFreeFile(request.command) : output;
  if (file === "") {
    await writeStdout(pieces);
  } else {
    await writeFileOutput(file, pieces);
    warn(`wrote the report to ${file}`);
  }
}

async function* outputPieces(
  made: ReturnType<MadeReport["text"]>,
): AsyncGenerator<string | Uint8Array> {
  const pieces = typeof made === "string" ? [made] : made;
  for await (const piece of pieces) {
    yield typeof piece === "string" ? withoutControls(piece) : piece;
  }
}

function makeReport(
  { command, parameter = "", options }: Request,
  selection: Selection,
  compile: CompilePattern,
  outside: Pick<ReportContext, "openMachineCode" | "warn">,
): MadeReport | Promise<MadeReport> {
  return REPORTS[command.report]({
    input: reportInput(selection, options, command),
    pattern: parameter === "" ? EVERYTHING : compileParameter(parameter, compile),
    patternText: parameter,
    formatTime: formatLocalTime,
    formatExactTime,
    compact: options.compact_labels,
    ...outside,
  });
}

const EVERYTHING: Pattern = { test: () => true };

function compileParameter(text: string, compile: CompilePattern): Pattern {
  try {
    return compile(text);
  } catch (error) {
    throw new UsageError(describeError(error).replace(/^error parsing regexp: /, ""));
  }
}

/**
 * Where a report that no person can read goes when standard output is a terminal: the
 * first name of `profile001.pb.gz` and so on that is free; nowhere for other reports.
 */
function nextFreeFile({ fileEnding }: NamedCommand): string {
  if (!fileEnding) return "";
  for (let number = 1; ; number++) {
    const name = `profile${String(number).padStart(3, "0")}${fileEnding}`;
    if (!existsSync(name)) return name;
  }
}

/** More than a week, and less than what timers can take. */
const MAX_SECONDS = 1_000_000;

function checkOptions(options: Options): void {
  if (options.divide_by === 0) throw new UsageError("-divide_by must not be 0");
  for (const name of ["seconds", "timeout"] as const) {
    if (options[name] <= MAX_SECONDS) continue;
    throw new UsageError(`-${name} wants seconds, at most ${MAX_SECONDS}, not ${options[name]}`);
  }
}

/** A number of bytes with a unit, such as `512mb`. */
function parseSize(text: string): number {
  const match = /^([0-9]{1,15})([a-z]*)$/i.exec(text);
  const { value, unit } = match
    ? scale(Number(match[1]), match[2] || "b", "b")
    : { value: 0, unit: "" };
  if (unit !== "B" || value === 0) {
    throw new UsageError(
      `-max_size wants a size such as 512mb or 4gb, not ${JSON.stringify(text)}`,
    );
  }
  return value;
}

/** Loads what the request needs of the parts that most requests do without. */
async function loadEngines({ options, parameter }: Request, profile: Profile): Promise<Engines> {
  return {
    compile:
      parameter || usesPatterns(options, profile)
        ? (await import("../view/re2.js")).compileRe2
        : notLoaded,
    demangle: usesDemangler(profile, options)
      ? (await import("../profile/demangle/index.js")).demangle
      : () => undefined,
  };
}

/** Stands in where {@link usesPatterns} says that there are no patterns. */
const notLoaded: CompilePattern = (pattern) => {
  throw new Error(`the pattern ${pattern} was not foreseen`);
};

function select(profile: Profile, options: Options, compile: CompilePattern): Selection {
  try {
    return selectView(profile, options, compile);
  } catch (error) {
    if (error instanceof FilterError || error instanceof SampleIndexError) {
      throw new UsageError(error.message);
    }
    throw error;
  }
}
