import { statSync } from "node:fs";
import path from "node:path";
import { goReason } from "./go-reason.js";
import { type Candidate, GoSources } from "./go-sources.js";
import { liesIn, readSourceFile, SourceRefusal } from "./source-file.js";
import { SourceLines } from "./source-lines.js";

/** How sources are looked for. */
export interface SearchOptions {
  /** Folders, as in PATH; where there are none, the working directory is searched. */
  readonly searchPath: string;
  /** Shortens a name from a profile, for a search in the given path. */
  readonly trim: (name: string, searchPath: string) => string;
  /** Where nothing is found in these, look where Go and V8 mean: the user did not say where. */
  readonly elsewhere: boolean;
  /**
   * Whether nothing is read but what lies in the search path itself, or in the folders of
   * Go's sources, links followed: an absolute name, or a parent of the search path, will not do.
   */
  readonly isConfined?: boolean;
  readonly env: NodeJS.ProcessEnv;
}

type Problem = { readonly problem: string };

/** So many bytes of files are kept for the next function; beyond that they are read again. */
const MAX_KEPT = 256 * 2 ** 20;

/**
 * The source files that profiles name. They are found as pprof finds them: absolute names
 * as they are, others in each folder of the search path and in its parents.
 */
export class SourceFiles {
  readonly #options: SearchOptions;
  readonly #searchPath: string;
  readonly #go: GoSources;
  readonly #files = new Map<string, SourceLines | Problem>();
  #kept = 0;

  constructor(options: SearchOptions) {
    const workingDirectory = findWorkingDirectory(options.env);
    this.#options = options;
    this.#searchPath = options.searchPath || workingDirectory;
    this.#go = new GoSources(options.env, workingDirectory);
  }

  /** The lines of a file; or why there are none, in the words of pprof where it has any. */
  read(file: string): SourceLines | Problem {
    const known = this.#files.get(file);
    if (known) return known;
    const found = this.#find(file);
    this.#kept += found instanceof SourceLines ? found.size : 0;
    if (this.#kept > MAX_KEPT) {
      this.#files.clear();
      this.#kept = 0;
    }
    this.#files.set(file, found);
    return found;
  }

  #find(file: string): SourceLines | Problem {
    const name = this.#options.trim(file, this.#searchPath);
    const found = path.isAbsolute(name) ? this.#absolute(name) : this.#search(name);
    return (isMissing(found) && this.#options.elsewhere && this.#searchElsewhere(file)) || found;
  }

  #absolute(name: string): SourceLines | Attempt {
    if (!this.#options.isConfined) return attempt(name);
    for (const folder of this.#searchPath.split(path.delimiter)) {
      const found = attemptWithin(name, folder || ".");
      if (!isMissing(found)) return found;
    }
    return {
      problem: `not read: ${name} does not lie in the source path (-source_path)`,
      isMissing: true,
    };
  }

  #search(name: string): SourceLines | Attempt {
    const { isConfined } = this.#options;
    for (const entry of this.#searchPath.split(path.delimiter)) {
      for (let folder = entry; ; folder = parentOf(folder)) {
        // What is below a parent is not what the user pointed at.
        const found = isConfined
          ? attemptWithin(path.join(folder, name), folder || ".")
          : attempt(path.join(folder, name), folder === entry ? entry || "." : undefined);
        if (!isMissing(found)) return found;
        if (isConfined || parentOf(folder) === folder) break;
      }
    }
    return {
      problem: `could not find file ${name} on path ${this.#searchPath}`,
      isMissing: true,
    };
  }

  #searchElsewhere(file: string): SourceLines | Problem | undefined {
    for (const { file: name, folder } of this.#candidates(file)) {
      const found = this.#options.isConfined
        ? folder === undefined
          ? this.#absolute(name)
          : attemptWithin(name, folder, name)
        : attempt(name, folder, name);
      if (!isMissing(found)) return found;
    }
    return undefined;
  }

  *#candidates(file: string): Generator<Candidate | { file: string; folder: undefined }> {
    const url = file.match(/^file:(\/.*)$/);
    if (url) yield { file: path.normalize(decodeUrl(url[1])), folder: undefined };
    else yield* this.#go.candidates(file);
  }
}

interface Attempt extends Problem {
  /** Whether to look on: there is no such file, or none that one may open. */
  readonly isMissing: boolean;
}

function isMissing(found: SourceLines | Attempt): boolean {
  return "problem" in found && found.isMissing;
}

function attempt(name: string, folder?: string, foundAt?: string): SourceLines | Attempt {
  try {
    return new SourceLines(readSourceFile(name, folder), foundAt);
  } catch (error) {
    const isRefused = error instanceof SourceRefusal;
    const reason = isRefused ? error.message : goReason(error);
    return { problem: `open ${name}: ${reason}`, isMissing: !isRefused };
  }
}

/** Reads a file only if it lies in the folder, links followed; else it counts as missing. */
function attemptWithin(name: string, folder: string, foundAt?: string): SourceLines | Attempt {
  try {
    if (liesIn(name, folder)) return attempt(name, folder, foundAt);
  } catch {
    // There is no such file.
  }
  return { problem: `open ${name}: no such file in ${folder}`, isMissing: true };
}

/** The folder above, by the letters of the path alone: that of `..` is `.`, and the last. */
function parentOf(folder: string): string {
  const slash = Math.max(folder.lastIndexOf("/"), folder.lastIndexOf(path.sep));
  const parent = path.normalize(folder.slice(0, slash + 1) || ".");
  return parent === path.parse(parent).root ? parent : parent.replace(/[\\/]$/, "");
}

function decodeUrl(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}

/** As Go tells it: the way that the shell went, if that leads here. */
function findWorkingDirectory({ PWD }: NodeJS.ProcessEnv): string {
  const real = process.cwd();
  if (!PWD || !path.isAbsolute(PWD)) return real;
  const here = statSync(real);
  const there = statSync(PWD, { throwIfNoEntry: false });
  return there?.ino === here.ino && there.dev === here.dev ? PWD : real;
}
