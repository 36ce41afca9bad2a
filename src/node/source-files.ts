import { statSync } from "node:fs";
import path from "node:path";
import { goReason } from "./go-reason.js";
import { type Candidate, GoSources } from "./go-sources.js";
import { OutsideRefusal, readSourceFile, SourceRefusal } from "./source-file.js";
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
   * Whether files must lie in the search path, in the working directory or where Go's sources
   * do, links followed, and not be hidden there: whoever made the profile then chooses among
   * these only.
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
  /** The folders that files must lie in; undefined for any. */
  readonly #roots: readonly string[] | undefined;
  readonly #files = new Map<string, SourceLines | Problem>();
  #kept = 0;

  constructor(options: SearchOptions) {
    const workingDirectory = findWorkingDirectory(options.env);
    this.#options = options;
    this.#searchPath = options.searchPath || workingDirectory;
    this.#go = new GoSources(options.env, workingDirectory);
    if (!options.isConfined) return;
    const folders = this.#searchPath.split(path.delimiter).map((folder) => folder || ".");
    this.#roots = [...folders, workingDirectory, ...this.#go.folders()];
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
    const found = path.isAbsolute(name) ? this.#attempt(name) : this.#search(name);
    return (isMissing(found) && this.#options.elsewhere && this.#searchElsewhere(file)) || found;
  }

  #search(name: string): SourceLines | Attempt {
    let refused: Attempt | undefined;
    for (const entry of this.#searchPath.split(path.delimiter)) {
      for (let folder = entry; ; folder = parentOf(folder)) {
        // What is below a parent is not what the user pointed at.
        const within = folder === entry ? entry || "." : undefined;
        const found = this.#attempt(path.join(folder, name), within);
        if (!isMissing(found)) return found;
        if ("problem" in found && found.isOutside) refused ??= found;
        if (parentOf(folder) === folder) break;
      }
    }
    const problem = `could not find file ${name} on path ${this.#searchPath}`;
    return refused ?? { problem, isMissing: true };
  }

  #searchElsewhere(file: string): SourceLines | Problem | undefined {
    for (const { file: name, folder } of this.#candidates(file)) {
      const found = this.#attempt(name, folder, name);
      if (!isMissing(found)) return found;
    }
    return undefined;
  }

  #attempt(name: string, folder?: string, foundAt?: string): SourceLines | Attempt {
    try {
      return new SourceLines(readSourceFile(name, folder, this.#roots), foundAt);
    } catch (error) {
      const isRefused = error instanceof SourceRefusal;
      const isOutside = error instanceof OutsideRefusal;
      const reason = isRefused ? error.message : goReason(error);
      return { problem: `open ${name}: ${reason}`, isMissing: !isRefused || isOutside, isOutside };
    }
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
  /** Whether it is refused for the place that it is in. */
  readonly isOutside?: boolean;
}

function isMissing(found: SourceLines | Attempt): boolean {
  return "problem" in found && found.isMissing;
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
