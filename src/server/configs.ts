import { fromSavedConfig, toSavedConfig } from "../options/saved-config.js";
import type { Options } from "../options/table.js";
import { paramsOf } from "../options/url-params.js";
import type { ConfigInfo } from "../page/protocol.js";
import { Settings, settingsFile } from "../platform/settings/settings.js";
import { describeError } from "../session/errors.js";
import type { Warn } from "../session/show/messages.js";
import { RefusedRequest } from "./answer.js";

/** The named configurations in pprof's settings, for the pages of one session. */
export class PageConfigs {
  readonly #base: Options;

  constructor(base: Options) {
    this.#base = base;
  }

  /** Returns the configurations that can be applied; warns about the others. */
  list(warn: Warn): ConfigInfo[] {
    let configs: ReturnType<Settings["configs"]>;
    try {
      configs = settings().configs();
    } catch (error) {
      warn(describeError(error));
      return [];
    }
    return configs.flatMap((config) => {
      try {
        const options = fromSavedConfig(config, this.#base);
        const params = new URLSearchParams(paramsOf(options, this.#base)).toString();
        return [{ name: config.name, params }];
      } catch (error) {
        warn(describeError(error));
        return [];
      }
    });
  }

  save(name: string, options: Options): void {
    if (name.trim() === "") throw new RefusedRequest(400, "a configuration needs a name");
    if (name.length > MAX_NAME_LENGTH)
      throw new RefusedRequest(400, `the name has more than ${MAX_NAME_LENGTH} characters`);
    if (/[\p{C}\p{Zl}\p{Zp}]/u.test(name)) {
      throw new RefusedRequest(400, "the name has invisible characters");
    }
    settings().save(name, (before) => toSavedConfig(options, before));
  }

  remove(name: string): void {
    if (
      !settings()
        .configs()
        .some((config) => config.name === name)
    ) {
      throw new RefusedRequest(404, `config ${name} not found`);
    }
    settings().remove(name);
  }
}

/** Longer names do not fit into a menu. */
const MAX_NAME_LENGTH = 200;

function settings(): Settings {
  return new Settings(settingsFile(process.env, process.platform));
}
