import { mkdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../errors/user-error.js";
import { withFileLock } from "../files/file-lock.js";
import { replaceFile } from "../files/staged-file.js";
import { goReason } from "../system-reason.js";
import { configFolder } from "./user-folders.js";

/** A named set of options. options/saved-config.ts defines what the values mean. */
export interface NamedConfig {
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Returns pprof's settings file. Throws an Error of one line if there is no folder for it. */
export function settingsFile(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const { join } = platform === "win32" ? path.win32 : path.posix;
  return join(configFolder(env, platform), "pprof", "settings.json");
}

/**
 * The named configurations in a settings file. Other programs (pprof, another tsprof) may change
 * the file at any time, so every method reads it again and writes it atomically, under a lock.
 * Other settings are kept. All methods throw {@link UserError}.
 */
export class Settings {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** Returns the configurations in the file's order, or none if there is no file. */
  configs(): NamedConfig[] {
    return configsOf(this.#read()).map(({ name, ...values }) => ({ name: name ?? "", values }));
  }

  /** Sets the configuration of that name; `change` gets the old values and returns the new ones. */
  save(name: string, change: (before: NamedConfig["values"]) => NamedConfig["values"]): void {
    if (name === "") throw new UserError("a config needs a name");
    this.#update((configs) => {
      const index = configs.findIndex((config) => config.name === name);
      const { name: _, ...before } = configs[index] ?? {};
      const config = { name, ...change(before) };
      return index < 0 ? [...configs, config] : configs.with(index, config);
    });
  }

  /** Removes a configuration. Throws if there is none of that name. */
  remove(name: string): void {
    this.#update((configs) => {
      const index = configs.findIndex((config) => config.name === name);
      if (index < 0) throw new UserError(`config ${name} not found`);
      return configs.toSpliced(index, 1);
    });
  }

  /** Reads the file, changes its configurations, and writes it, all under the lock. */
  #update(change: (configs: readonly StoredConfig[]) => readonly StoredConfig[]): void {
    // Fail on a bad file or change before the folder is created.
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
      // Reading a pipe would wait for its writer.
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
    const problem = problemOf(settings);
    if (problem !== undefined) throw this.#error("could not parse settings", problem);
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

/** Returns why a value is not {@link StoredSettings}, or undefined if it is. As in Go, null is empty. */
function problemOf(settings: unknown): string | undefined {
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
