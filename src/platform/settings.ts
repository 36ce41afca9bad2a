import { mkdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { UserError } from "../errors/user-error.js";
import { withFileLock } from "./file-lock.js";
import { replaceFile } from "./staged-file.js";
import { goReason } from "./system-reason.js";
import { configFolder } from "./user-folders.js";

/** Options under a name. What the values mean is for others to say; see saved-config.ts. */
export interface NamedConfig {
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** The file that pprof keeps its settings in. Throws an error where settings have no place. */
export function settingsFile(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const { join } = platform === "win32" ? path.win32 : path.posix;
  return join(configFolder(env, platform), "pprof", "settings.json");
}

/**
 * The named configurations in a settings file, which other programs (pprof, another
 * tsprof) may change at any time: everything here reads it afresh, and writes it in one
 * go. A lock keeps changes that several tsprof make at the same time from undoing each other.
 * What the file holds beyond configurations stays. All of it throws {@link UserError}.
 */
export class Settings {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** In the order of the file; none where there is no file. */
  configs(): NamedConfig[] {
    return configsOf(this.#read()).map(({ name, ...values }) => ({ name: name ?? "", values }));
  }

  /**
   * Saves a configuration, in the place of the one of that name or behind all others.
   * `change` is given the values that are there under the name, and returns the new ones.
   */
  save(name: string, change: (before: NamedConfig["values"]) => NamedConfig["values"]): void {
    if (name === "") throw new UserError("a config needs a name");
    this.#update((configs) => {
      const place = configs.findIndex((config) => config.name === name);
      const { name: _, ...before } = configs[place] ?? {};
      const config = { name, ...change(before) };
      return place < 0 ? [...configs, config] : configs.with(place, config);
    });
  }

  /** Throws where there is none of that name. */
  remove(name: string): void {
    this.#update((configs) => {
      const place = configs.findIndex((config) => config.name === name);
      if (place < 0) throw new UserError(`config ${name} not found`);
      return configs.toSpliced(place, 1);
    });
  }

  /** Reads the file, changes its configurations, and writes it, with no other tsprof in between. */
  #update(change: (configs: readonly StoredConfig[]) => readonly StoredConfig[]): void {
    // What is wrong with the file or the change is reported before a folder is made.
    change(configsOf(this.#read()));
    try {
      mkdirSync(path.dirname(this.#file), { recursive: true, mode: 0o700 });
      withFileLock(this.#file, () => {
        const settings = this.#read();
        const text = JSON.stringify({ ...settings, configs: change(configsOf(settings)) }, null, 2);
        replaceFile(this.#file, text, 0o644);
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      throw this.#error("could not write settings", goReason(error));
    }
  }

  #read(): StoredSettings {
    let text: string;
    try {
      // A pipe would be waited for.
      const stats = statSync(this.#file);
      if (!stats.isFile() && !stats.isDirectory()) throw new Error("not a regular file");
      text = readFileSync(this.#file, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
      throw this.#error("could not read settings", goReason(error));
    }
    let settings: unknown;
    try {
      settings = JSON.parse(text);
    } catch {
      throw this.#error("could not parse settings", "it is not valid JSON");
    }
    const wrong = whatIsWrong(settings);
    if (wrong !== undefined) throw this.#error("could not parse settings", wrong);
    return (settings ?? {}) as StoredSettings;
  }

  #error(what: string, reason: string): UserError {
    return new UserError(`${what}: ${this.#file}: ${reason}`);
  }
}

interface StoredSettings {
  readonly configs?: readonly StoredConfig[] | null;
}
type StoredConfig = { readonly name?: string | null } & Readonly<Record<string, unknown>>;

function configsOf({ configs }: StoredSettings): readonly StoredConfig[] {
  return configs ?? [];
}

/** What keeps a parsed text from being {@link StoredSettings}; null is nothing, as in Go. */
function whatIsWrong(settings: unknown): string | undefined {
  if (settings === null) return undefined;
  if (!isObject(settings)) return "not an object";
  const configs = settings.configs ?? [];
  if (!Array.isArray(configs)) return "configs is not a list";
  for (const [i, config] of configs.entries()) {
    if (!isObject(config)) return `configs[${i}] is not an object`;
    if (typeof (config.name ?? "") !== "string") return `the name of configs[${i}] is not text`;
  }
  return undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
