import { readFileSync, realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

/** Finds Go's own sources, modules in the cache, and the current module. Never runs `go`. */
export class GoSources {
  readonly #env: NodeJS.ProcessEnv;
  readonly #workingDirectory: string;
  #root: string | undefined;
  #hasSearchedRoot = false;
  #modules: readonly Module[] | undefined;

  constructor(env: NodeJS.ProcessEnv, workingDirectory: string) {
    this.#env = env;
    this.#workingDirectory = workingDirectory;
  }

  /** Yields paths for a name as `go build -trimpath` writes it, or an absolute path elsewhere. */
  *candidates(name: string): Generator<string> {
    if (name.startsWith("..") || name.length > MAX_NAME_LENGTH) return;
    if (name.startsWith("/")) {
      const [, module] = name.match(/\/pkg\/mod\/(.+@.+)$/) ?? [];
      if (module) yield* this.#inModuleCache(module);
      // For example /usr/local/go/src/… or /nix/store/…-go-1.22/share/go/src/….
      const [, library] = name.match(/\/(?:go[^/]*|libexec|toolchain@[^/]+)\/src\/(.+)$/) ?? [];
      if (library) yield* this.#inGoRoot(library);
      return;
    }
    const [, modulePath, version, rest] = name.match(/^([^@]+)@([^/]+)\/(.+)$/) ?? [];
    if (!modulePath) {
      yield* this.#inModules(name);
      yield* this.#inGoRoot(name);
      return;
    }
    yield* this.#inModuleCache(`${escapeModule(modulePath)}@${escapeModule(version)}/${rest}`);
    yield* this.#inModules(`${modulePath}/${rest}`);
    for (const { folder } of this.#ownModules()) {
      yield path.join(folder, "vendor", modulePath, rest);
    }
  }

  /** Returns the folders that contain all candidates. */
  folders(): string[] {
    return [
      ...this.#libraries(),
      this.#moduleCache(),
      ...this.#ownModules().map(({ folder }) => folder),
    ];
  }

  *#inGoRoot(name: string): Generator<string> {
    for (const folder of this.#libraries()) yield path.join(folder, name);
  }

  /** The folder of Go's own sources; none if Go is not installed. */
  #libraries(): string[] {
    if (!this.#hasSearchedRoot) {
      this.#root = findGoRoot(this.#env);
      this.#hasSearchedRoot = true;
    }
    return this.#root === undefined ? [] : [path.join(this.#root, "src")];
  }

  *#inModuleCache(name: string): Generator<string> {
    yield path.join(this.#moduleCache(), name);
  }

  #moduleCache(): string {
    const { GOMODCACHE, GOPATH } = this.#env;
    const [first] = GOPATH ? GOPATH.split(path.delimiter) : [];
    return GOMODCACHE || path.join(first || path.join(homedir(), "go"), "pkg", "mod");
  }

  *#inModules(name: string): Generator<string> {
    for (const { folder, name: module } of this.#ownModules()) {
      if (!name.startsWith(`${module}/`)) continue;
      yield path.join(folder, name.slice(module.length + 1));
    }
  }

  #ownModules(): readonly Module[] {
    this.#modules ??= findModules(this.#workingDirectory);
    return this.#modules;
  }
}

/** The longest path that systems accept. It also bounds the work of the regular expressions. */
const MAX_NAME_LENGTH = 4096;

/** Escapes a name for the module cache, where `!f` means `F`. */
function escapeModule(name: string): string {
  return name.replace(/[A-Z]/g, (capital) => `!${capital.toLowerCase()}`);
}

interface Module {
  readonly name: string;
  readonly folder: string;
}

/** Returns the modules that contain a folder, innermost first. */
function findModules(folder: string): Module[] {
  const modules: Module[] = [];
  for (let parent = folder; ; parent = path.dirname(parent)) {
    const name = readModuleName(path.join(parent, "go.mod"));
    if (name) modules.push({ name, folder: parent });
    if (parent === path.dirname(parent)) return modules;
  }
}

function readModuleName(file: string): string | undefined {
  try {
    if (!statSync(file).isFile()) return undefined;
    const match = /^\s*module\s+(?:"([^"]+)"|`([^`]+)`|([^\s"`(/][^\s]*))/m.exec(
      readFileSync(file, "utf8"),
    );
    return match?.slice(1).find((name) => name !== undefined);
  } catch {
    return undefined;
  }
}

/** Returns the folder of Go: $GOROOT, or the folder of `go` in PATH, or a usual folder. */
function findGoRoot(env: NodeJS.ProcessEnv): string | undefined {
  if (env.GOROOT) return isGoRoot(env.GOROOT) ? env.GOROOT : undefined;
  const program = process.platform === "win32" ? "go.exe" : "go";
  const installed = (env.PATH ?? "")
    .split(path.delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => rootOfProgram(path.join(folder, program)));
  return [...installed, ...USUAL_ROOTS].find((root) => root !== undefined && isGoRoot(root));
}

const USUAL_ROOTS = [
  "/usr/local/go",
  "/usr/lib/go",
  "/usr/lib/golang",
  "/opt/homebrew/opt/go/libexec",
  "/usr/local/opt/go/libexec",
  "/snap/go/current",
  "C:\\Program Files\\Go",
];

/** Returns the folder that contains `bin/go`, after following links to the program. */
function rootOfProgram(program: string): string | undefined {
  try {
    return path.dirname(path.dirname(realpathSync(program)));
  } catch {
    return undefined;
  }
}

function isGoRoot(folder: string): boolean {
  return (
    statSync(path.join(folder, "src", "runtime"), { throwIfNoEntry: false })?.isDirectory() ?? false
  );
}
