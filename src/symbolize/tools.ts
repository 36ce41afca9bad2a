import { accessSync, constants, statSync } from "node:fs";
import path from "node:path";

/** The programs that look into binaries, each by the names that it may have, the best first. */
const TOOLS = {
  "llvm-symbolizer": { names: ["llvm-symbolizer"], onMac: [] },
  addr2line: { names: ["addr2line"], onMac: ["gaddr2line"] },
  nm: { names: ["llvm-nm", "nm"], onMac: ["gnm"] },
  objdump: { names: ["llvm-objdump", "objdump"], onMac: ["gobjdump"] },
} as const satisfies Record<string, { names: readonly string[]; onMac: readonly string[] }>;

export type ToolName = keyof typeof TOOLS;

/** The programs that look into binaries, where the user says that they are. */
export class Tools {
  /** By tool, and by the empty name for all: the folders to look in; an empty one is PATH. */
  readonly #folders = new Map<string, string[]>();
  readonly #env: NodeJS.ProcessEnv;

  /**
   * `config` is what `-tools` and PPROF_TOOLS take: folders with commas between them, each
   * with the name of the tool that it is for and a colon in front, or for all.
   */
  constructor(config: string, env: NodeJS.ProcessEnv) {
    this.#env = env;
    for (const entry of config.split(",")) {
      const colon = entry.indexOf(":");
      const tool = colon < 0 ? "" : entry.slice(0, colon);
      const folders = this.#folders.get(tool) ?? [];
      folders.push(entry.slice(colon + 1));
      this.#folders.set(tool, folders);
    }
  }

  /** The paths of a tool by its names, the best first, where the user says it is. */
  configured(tool: ToolName): string[] {
    const { names, onMac } = TOOLS[tool];
    const folders = [...(this.#folders.get(tool) ?? []), ...(this.#folders.get("") ?? [])];
    return [...names, ...(process.platform === "darwin" ? onMac : [])].flatMap((name) =>
      folders.flatMap((folder) => this.#find(path.join(folder, name)) ?? []),
    );
  }

  /** The path of a tool: where the user says, or else by its own name in PATH. */
  find(tool: ToolName): string | undefined {
    return this.configured(tool)[0] ?? this.#find(tool);
  }

  /** A program by its path, or in the folders of PATH where it has none. */
  #find(command: string): string | undefined {
    const isName = path.basename(command) === command;
    // As relative folders of PATH mean another program wherever one is.
    const folders = isName
      ? searchPath(this.#env).filter((folder) => path.isAbsolute(folder))
      : [""];
    for (const folder of folders) {
      for (const ending of process.platform === "win32" ? ["", ".exe"] : [""]) {
        const file = path.resolve(folder, command + ending);
        if (isProgram(file)) return file;
      }
    }
    return undefined;
  }
}

function searchPath(env: NodeJS.ProcessEnv): string[] {
  return (env.PATH ?? env.Path ?? "").split(path.delimiter);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
