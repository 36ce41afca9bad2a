import { fromSavedConfig, toSavedConfig } from "../options/saved-config.js";
import { defaultOptions, type Options } from "../options/table.js";
import { type NamedConfig, Settings, settingsFile } from "../platform/settings/settings.js";
import { describeError } from "../session/errors.js";
import type { Warn } from "../session/show/messages.js";
import { ShellError } from "./command-line.js";
import { VARIABLES, variableText } from "./variables.js";

const USAGE =
  "usage: config save NAME, config load NAME, config delete NAME, or config to list the names";

type ConfigWords = readonly string[];

/** The command `config`: named options, in the settings shared with the web interface and pprof. */
export class ShellConfigs {
  readonly #env: NodeJS.ProcessEnv;
  readonly #platform: NodeJS.Platform;

  constructor(env: NodeJS.ProcessEnv, platform: NodeJS.Platform) {
    this.#env = env;
    this.#platform = platform;
  }

  /** Runs `config` with the words after it. Returns the new options; `notify` gets messages. */
  run([action, ...words]: ConfigWords, options: Options, notify: Warn): Options {
    const name = words.join(" ");
    if (action === undefined || action === "list") {
      this.#list(notify);
      return options;
    }
    if (!["save", "load", "delete"].includes(action) || name === "") throw new ShellError(USAGE);
    const settings = this.#open();
    if (action === "save") {
      settings.save(name, (before) => toSavedConfig(options, before));
      notify(`saved ${name}`);
      return options;
    }
    if (action === "delete") {
      settings.remove(name);
      notify(`deleted ${name}`);
      return options;
    }
    const config = settings.configs().find((candidate) => candidate.name === name);
    if (!config) throw new ShellError(`config ${name} not found`);
    return fromSavedConfig(config, options);
  }

  /** Returns the saved names; none if the settings cannot be read. */
  names(): string[] {
    try {
      return this.#open()
        .configs()
        .map(({ name }) => name);
    } catch {
      return [];
    }
  }

  #list(notify: Warn): void {
    const configs = this.#open().configs();
    if (configs.length === 0)
      notify("no configurations are saved; save the options with: config save NAME");
    for (const config of configs) notify(`${config.name}: ${changesOf(config)}`);
  }

  #open(): Settings {
    return new Settings(settingsFile(this.#env, this.#platform));
  }
}

/** Returns the assignments of a configuration, or the error if it has a wrong value. */
function changesOf(config: NamedConfig): string {
  const defaults = defaultOptions();
  try {
    const options = fromSavedConfig(config, defaults);
    const changes = VARIABLES.filter(({ name }) => options[name] !== defaults[name]);
    return changes.map((spec) => `${spec.name}=${variableText(options, spec)}`).join(" ");
  } catch (error) {
    return describeError(error);
  }
}
