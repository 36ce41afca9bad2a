import { existsSync, statSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { goReason } from "../platform/system-reason.js";
import { GoSources } from "./go-sources.js";
import { OutsideRefusal, readSourceFile, SourceRefusal } from "./source-file.js";
import { SourceLines } from "./source-lines.js";

/** Names of source files. */
export interface SourceSet {
  has(file: string): boolean;
}

/** How sources are looked for. */
export interface SearchOptions {
  /** Folders, as in PATH; where there are none, the working directory is searched. */
  readonly searchPath: string;
  /** Shortens a name from a profile, for a search in the given path. */
  readonly trim: (name: string, searchPath: string) => string;
  /** Whether to look also where Go keeps its sources: the user did not say where they are. */
  readonly searchesGo: boolean;
  /** Files that may be read wherever they are: binaries of this machine were built from them. */
  readonly builtFrom?: SourceSet;
  readonly env: NodeJS.ProcessEnv;
}

type Problem = { readonly problem: string };

/** So many bytes of files are kept for the next function; beyond that they are read again. */
const MAX_KEPT = 256 * 2 ** 20;

/**
 * The source files that profiles name. They are found as pprof finds them: absolute names
 * as they are, others in each folder of the search path and in its parents. A profile must not
 * choose which files of this machine are shown, so only those are read that look like sources
 * and lie in the search path, in the project of the working directory, or where compilers and Go
 * keep sources.
 */
export class SourceFiles {
  readonly #options: SearchOptions;
  readonly #searchPath: string;
  readonly #go: GoSources;
  /** The folders that files must lie in. */
  readonly #roots: readonly string[];
  readonly #files = new Map<string, SourceLines | Problem>();
  #kept = 0;

  constructor(options: SearchOptions) {
    const workingDirectory = findWorkingDirectory(options.env);
    this.#options = options;
    this.#searchPath = options.searchPath || workingDirectory;
    this.#go = new GoSources(options.env, workingDirectory);
    this.#roots = [
      ...this.#searchPath.split(path.delimiter).map((folder) => folder || "."),
      projectFolder(workingDirectory),
      ...this.#go.folders(),
      ...HEADER_FOLDERS,
    ];
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
    const found = this.#findInRoots(file);
    const isOutside = "problem" in found && found.isOutside && path.isAbsolute(file);
    if (!isOutside || !this.#options.builtFrom?.has(file)) return found;
    return this.#attempt(file, [path.dirname(file)]);
  }

  #findInRoots(file: string): SourceLines | Attempt {
    const url = file.match(/^file:(\/.*)$/);
    if (url) return this.#attempt(path.normalize(decodeUrl(url[1])));
    const name = this.#options.trim(file, this.#searchPath);
    const found = path.isAbsolute(name) ? this.#attempt(name) : this.#search(name);
    return (isMissing(found) && this.#options.searchesGo && this.#searchGo(file)) || found;
  }

  #search(name: string): SourceLines | Attempt {
    let refused: Attempt | undefined;
    for (const entry of this.#searchPath.split(path.delimiter)) {
      for (let folder = entry; ; folder = parentOf(folder)) {
        const found = this.#attempt(path.join(folder, name));
        if (!isMissing(found)) return found;
        if ("problem" in found && found.isOutside) refused ??= found;
        if (parentOf(folder) === folder) break;
      }
    }
    const problem = `could not find file ${name} on path ${this.#searchPath}`;
    return refused ?? { problem, isMissing: true };
  }

  #searchGo(file: string): SourceLines | Attempt | undefined {
    for (const name of this.#go.candidates(file)) {
      const found = this.#attempt(name, this.#roots, name);
      if (!isMissing(found)) return found;
    }
    return undefined;
  }

  #attempt(name: string, roots = this.#roots, foundAt?: string): SourceLines | Attempt {
    try {
      return new SourceLines(readSourceFile(name, roots), foundAt);
    } catch (error) {
      const isRefused = error instanceof SourceRefusal;
      const isOutside = error instanceof OutsideRefusal;
      const reason = isRefused ? error.message : goReason(error);
      return { problem: `open ${name}: ${reason}`, isMissing: !isRefused || isOutside, isOutside };
    }
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

/** What the folder of a project has in it. */
const PROJECT_MARKS = [".git", ".hg", ".svn", ".jj"];

/** The checkout that a folder lies in, or the folder itself where it lies in none. */
function projectFolder(folder: string): string {
  const home = homedir();
  for (let parent = folder; ; parent = path.dirname(parent)) {
    // Some keep their whole home in a repository: that is no project.
    if (parent === path.dirname(parent) || parent === home) return folder;
    if (PROJECT_MARKS.some((mark) => existsSync(path.join(parent, mark)))) return parent;
  }
}

/** Where compilers keep the headers that their debug information names. */
const HEADER_FOLDERS = ["/usr/include", "/usr/local/include", "/usr/lib/gcc", "/usr/src"];

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
