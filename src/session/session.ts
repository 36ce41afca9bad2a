import { readProfile } from "../formats/read.js";
import type { Options } from "../options/table.js";
import type { SourceNames } from "../page/protocol.js";
import { gunzip } from "../platform/files/gunzip.js";
import { formatExactTime, formatLocalTime } from "../platform/time-zone.js";
import { ProfileError } from "../profile/errors.js";
import type { Profile } from "../profile/profile.js";
import { profileLines } from "../render/legend.js";
import type { ReportSpec } from "../report/input.js";
import { wholeLegend } from "../report/legend.js";
import { requestedPattern, type SelectedInput, selectInput } from "../report/request.js";
import { formatValue } from "../report/value-format.js";
import type { SourceMapUse } from "../source-code/source-map-use.js";
import { BuiltSources } from "../symbolize/built-sources.js";
import { KnownBinaries, type KnownBinariesState } from "../symbolize/known-binaries.js";
import type { Int64 } from "../units/int64.js";
import { identityInText } from "../view/identity.js";
import { patternsFor, prepareWithEngines } from "../view/load-engines.js";
import { isGrouped } from "../view/node-table.js";
import { hasScriptFunctions, type OwnPackages } from "../view/packages.js";
import type { Compute, MadeReport } from "./reports/made-report.js";
import { isPprofText } from "./reports/pprof-text.js";
import { REPORTS } from "./reports/reports.js";
import { sourceFiles } from "./reports/source-files.js";
import type { ReportRequest, SourceRequest } from "./request.js";
import type { Warn } from "./show/messages.js";
import { loadProfile } from "./sources/load-profile.js";
import type { LoadedProfile } from "./sources/loaded-profile.js";
import { sizeLimit } from "./sources/size-limit.js";
import { machineCodeOf, withSymbols } from "./sources/symbols.js";
import { sourceNames, titleOf } from "./title.js";

export interface Client {
  readonly warn: Warn;
  readonly compute: Compute;
}

/** A session without its profile, as data that can be sent to another process. */
export interface SessionState {
  readonly title: string;
  readonly sources: SourceNames;
  readonly isPprofs: boolean;
  /** Whether a binary that the profile names is a file on this machine. */
  readonly hasMachineCode: boolean;
  /** The packages of the user's own scripts, by folder. */
  readonly ownPackages: readonly (readonly [folder: string, name: string])[];
  readonly binaries: KnownBinariesState;
}

/** A profile, read once from its sources, for any number of reports. */
export class Session {
  /** Symbolized, and without the frames that its `drop_frames` matches. */
  readonly profile: Profile;
  /** Whether pprof reads the formats of all sources itself. The base does not count. */
  readonly isPprofs: boolean;
  /**
   * The bytes of the file, if they were kept and contain the whole profile. Their frames are not
   * dropped yet, and their names are not demangled.
   */
  readonly original: Uint8Array | undefined;
  /** A short name for the sources. */
  readonly title: string;
  readonly sources: SourceNames;
  readonly #loaded: LoadedProfile;
  readonly #builtSources: BuiltSources;
  #ownPackages: Promise<OwnPackages> | undefined;

  private constructor(
    profile: Profile,
    loaded: LoadedProfile,
    { original, title, sources }: Pick<Session, "original" | "title" | "sources">,
  ) {
    this.profile = profile;
    this.isPprofs = loaded.isPprofs;
    this.original = original;
    this.title = title;
    this.sources = sources;
    this.#loaded = loaded;
    this.#builtSources = new BuiltSources(loaded.binaries);
  }

  /**
   * Reads the sources, symbolizes the profile, and saves a copy if it was fetched. The caller reports
   * the use of `sharedMaps`. Throws a {@link UserError} if there is no profile to read.
   */
  static async open(
    request: SourceRequest,
    warn: Warn,
    sharedMaps?: SourceMapUse,
  ): Promise<Session> {
    const { options } = request;
    const limit = sizeLimit(options);
    const loaded = await loadProfile(request, limit, warn, sharedMaps);
    const named = await withSymbols(loaded, options, limit, warn);
    const prepared = await prepareWithEngines(named, options);
    prepared.warnings.forEach(warn);
    if (loaded.servers && !options.no_save) {
      await (await import("./sources/save-fetched.js")).saveFetched(prepared.profile, warn);
    }
    const isAsRead = named === loaded.profile && options.add_comment === "";
    return new Session(prepared.profile, loaded, {
      original: isAsRead ? loaded.original : undefined,
      title: titleOf(request),
      sources: sourceNames(request),
    });
  }

  /**
   * Restores a session from its {@link state} and its profile as a file. `isPrepared` is set if
   * names in the file are demangled and frames are dropped.
   */
  static async restore(
    { title, sources, isPprofs, ownPackages, binaries }: SessionState,
    { bytes, isPrepared }: { readonly bytes: Uint8Array; readonly isPrepared: boolean },
    options: Options,
  ): Promise<Session> {
    // The first session checked the limit when it read the sources.
    const read = await readProfile(bytes, gunzip, Number.MAX_SAFE_INTEGER);
    const profile = isPrepared ? read : (await prepareWithEngines(read, options)).profile;
    const known = new KnownBinaries(binaries);
    const loaded = {
      profile: read,
      isPprofs,
      original: undefined,
      binaries: known,
      servers: undefined,
    };
    const session = new Session(profile, loaded, { original: undefined, title, sources });
    session.#ownPackages = Promise.resolve(new Map(ownPackages));
    return session;
  }

  async state(): Promise<SessionState> {
    const { title, sources, isPprofs } = this;
    const ownPackages = [...((await this.ownPackages()) ?? [])];
    const { namesLocalBinary } = await import("../symbolize/mapped-binary.js");
    const hasMachineCode = namesLocalBinary(this.profile, this.#loaded.binaries);
    const binaries = this.#loaded.binaries.state;
    return { title, sources, isPprofs, hasMachineCode, ownPackages, binaries };
  }

  /** Makes a report. Throws a {@link UserError} if there is nothing to report on. */
  async report(request: ReportRequest, client: Client): Promise<MadeReport> {
    const { warn, compute } = client;
    const { command, parameter = "", onTerminal = false } = request;
    const options = isPprofText(command.report, request.options, onTerminal)
      ? { ...request.options, identity: identityInText(request.options.identity, this.isPprofs) }
      : request.options;
    const compile = await patternsFor(options, this.profile, parameter);
    const showsPackages = printsPackages(command, options) || command.report === "html";
    const ownPackages = showsPackages ? await this.ownPackages() : undefined;
    const { input, warnings } = compute(() => this.#select(options, command, compile, ownPackages));
    warnings.forEach(warn);
    const context = {
      input,
      pattern: requestedPattern(parameter, compile),
      patternText: parameter,
      options,
      profile: this.profile,
      title: this.title,
      sourceNames: this.sources,
      isPprofs: this.isPprofs,
      sources: () => sourceFiles(input, this.#builtSources),
      formatTime: formatLocalTime,
      formatExactTime,
      compact: options.compact_labels,
      openMachineCode: () => machineCodeOf(this.#loaded, options, warn),
      warn,
      compute,
    };
    const { format } = options;
    if (format !== "text") {
      const { makeData } = await import("./reports/data.js");
      return compute(() => makeData(command, format, context));
    }
    return compute(() => REPORTS[command.report](context));
  }

  /** Selects what a report is about. Throws a {@link UserError} if an option is wrong. */
  async select(options: Options, spec: ReportSpec): Promise<SelectedInput> {
    const compile = await patternsFor(options, this.profile);
    const ownPackages = printsPackages(spec, options) ? await this.ownPackages() : undefined;
    return this.#select(options, spec, compile, ownPackages);
  }

  /** Like {@link selectInput}, but errors of the profile itself name the file. */
  #select(...[options, spec, compile, ownPackages]: Selecting): SelectedInput {
    try {
      return selectInput(this.profile, options, spec, compile, ownPackages);
    } catch (error) {
      const [file] = this.sources.files;
      if (!(error instanceof ProfileError) || file === undefined) throw error;
      throw new ProfileError(`${file}: ${error.message}`, { cause: error });
    }
  }

  /** Returns the packages of the user's own scripts, from the package.json above their folders. */
  async ownPackages(): Promise<OwnPackages | undefined> {
    if (!hasScriptFunctions(this.profile)) return undefined;
    this.#ownPackages ??= import("../source-code/workspace-packages.js").then(
      ({ workspacePackages }) => workspacePackages(this.profile),
    );
    return this.#ownPackages;
  }

  /** Returns the lines before reports, and the total of all samples, without filters. */
  legend(options: Options): { lines: readonly string[]; total: Int64 } {
    const { legend, total, format } = wholeLegend(this.profile, options);
    return { lines: profileLines(legend, formatLocalTime, formatValue(format, total)), total };
  }
}

/** The arguments of {@link selectInput} after the profile. */
type Selecting = Parameters<typeof selectInput> extends [unknown, ...infer Rest] ? Rest : never;

/** Whether a report prints packages: in its rows, or as the colours of a flame graph. */
function printsPackages({ separatesFiles }: ReportSpec, { granularity }: Options): boolean {
  return separatesFiles === true || isGrouped(granularity);
}
