import { existsSync, statSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { goReason } from "../platform/system-reason.js";
import { GoSources } from "./go-sources.js";
import { OutsideRefusal, readSourceFile, SourceRefusal } from "./source-file.js";
import { SourceLines } from "./source-lines.js";

export interface SourceSet {
  has(file: string): boolean;
}

export interface SearchOptions {
  /** Folders, separated as in PATH; empty for the working directory. */
  readonly searchPath: string;
  /** Shortens a name from a profile, for a search in `searchPath`. */
  readonly trim: (name: string, searchPath: string) => string;
  /** Whether to search Go's folders, too; for users who gave no search path. */
  readonly searchesGo: boolean;
  /** Files that may be read in any folder, as binaries of this machine were built from them. */
  readonly builtFrom?: SourceSet;
  readonly env: NodeJS.ProcessEnv;
}

type Problem = { readonly problem: string };

/** The size of the cache of files, in bytes. */
const MAX_CACHED_BYTES = 256 * 2 ** 20;

/**
 * Finds and reads source files. As in pprof, relative names are searched in each folder of the
 * search path and in its parents. A profile must not expose other files of this machine, so files
 * are read only if they look like source code and lie in the search path, in the project of the
 * working directory, or in the source folders of compilers and Go.
 */
export class SourceFiles {
  readonly #options: SearchOptions;
  readonly #searchPath: string;
  readonly #go: GoSources;
  /** The folders that may be read. */
  readonly #roots: readonly string[];
  readonly #files = new Map<string, SourceLines | Problem>();
  #cachedBytes = 0;

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

  /** Reads a file. Returns its lines, or the problem, in pprof's words if it has any. */
  read(file: string): SourceLines | Problem {
    const known = this.#files.get(file);
    if (known) return known;
    const found = this.#find(file);
    this.#cachedBytes += found instanceof SourceLines ? found.size : 0;
    if (this.#cachedBytes > MAX_CACHED_BYTES) {
      this.#files.clear();
      this.#cachedBytes = 0;
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
  /** Whether the search continues: the file does not exist, or must not be read. */
  readonly isMissing: boolean;
  /** Whether the file must not be read because of its folder. */
  readonly isOutside?: boolean;
}

function isMissing(found: SourceLines | Attempt): boolean {
  return "problem" in found && found.isMissing;
}

/** Returns the parent folder by the text of the path alone. The parent of `..` is `.`. */
function parentOf(folder: string): string {
  const slash = Math.max(folder.lastIndexOf("/"), folder.lastIndexOf(path.sep));
  const parent = path.normalize(folder.slice(0, slash + 1) || ".");
  return parent === path.parse(parent).root ? parent : parent.replace(/[\\/]$/, "");
}

/** The entries that mark the folder of a project. */
const PROJECT_MARKS = [".git", ".hg", ".svn", ".jj"];

/** Returns the project that contains a folder, or the folder itself if there is none. */
function projectFolder(folder: string): string {
  const home = homedir();
  for (let parent = folder; ; parent = path.dirname(parent)) {
    // Some users keep their whole home folder in a repository, which is not a project.
    if (parent === path.dirname(parent) || parent === home) return folder;
    if (PROJECT_MARKS.some((mark) => existsSync(path.join(parent, mark)))) return parent;
  }
}

/** The folders of the headers that compilers name in debug information. */
const HEADER_FOLDERS = ["/usr/include", "/usr/local/include", "/usr/lib/gcc", "/usr/src"];

function decodeUrl(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}

/** Returns the working directory as Go does: $PWD, which may contain links, if it is correct. */
function findWorkingDirectory({ PWD }: NodeJS.ProcessEnv): string {
  const real = process.cwd();
  if (!PWD || !path.isAbsolute(PWD)) return real;
  const here = statSync(real);
  const there = statSync(PWD, { throwIfNoEntry: false });
  return there?.ino === here.ino && there.dev === here.dev ? PWD : real;
}
