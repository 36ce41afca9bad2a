import { accessSync, constants, statSync } from "node:fs";
import path from "node:path";

/** The tools that read binaries, each with the names that it may have, the best first. */
const TOOLS = {
  "llvm-symbolizer": { names: ["llvm-symbolizer"], onMac: [] },
  addr2line: { names: ["addr2line"], onMac: ["gaddr2line"] },
  nm: { names: ["llvm-nm", "nm"], onMac: ["gnm"] },
  objdump: { names: ["llvm-objdump", "objdump"], onMac: ["gobjdump"] },
} as const satisfies Record<string, { names: readonly string[]; onMac: readonly string[] }>;

export type ToolName = keyof typeof TOOLS;

/** Finds the tools that read binaries. */
export class Tools {
  /** The folders for each tool, and under the empty name for all tools. An empty folder means PATH. */
  readonly #folders = new Map<string, string[]>();
  readonly #env: NodeJS.ProcessEnv;

  /**
   * `config` is the value of -tools: folders separated by commas, or `TOOL:FOLDER` for one tool.
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

  /** Returns the paths of a tool in the configured folders, the best name first. */
  configured(tool: ToolName): string[] {
    const { names, onMac } = TOOLS[tool];
    const folders = [...(this.#folders.get(tool) ?? []), ...(this.#folders.get("") ?? [])];
    return [...names, ...(process.platform === "darwin" ? onMac : [])].flatMap((name) =>
      folders.flatMap((folder) => this.#find(path.join(folder, name)) ?? []),
    );
  }

  /** Returns the path of a tool in the configured folders, or else in PATH. */
  find(tool: ToolName): string | undefined {
    return this.configured(tool)[0] ?? this.#find(tool);
  }

  /** Returns the absolute path of a program, which is searched in PATH if it is only a name. */
  #find(command: string): string | undefined {
    const isName = path.basename(command) === command;
    // Relative folders in PATH are skipped: they depend on the working directory.
    const folders = isName
      ? searchPath(this.#env).filter((folder) => path.isAbsolute(folder))
      : [""];
    for (const folder of folders) {
      for (const extension of process.platform === "win32" ? ["", ".exe"] : [""]) {
        const file = path.resolve(folder, command + extension);
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
