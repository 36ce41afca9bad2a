import { fromSavedConfig, toSavedConfig } from "../options/saved-config.js";
import type { Options } from "../options/table.js";
import { paramsOf } from "../options/url-params.js";
import { CONFIG_PARAMS, type ConfigInfo } from "../page/protocol.js";
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
        const params = new URLSearchParams(paramsOf(options, this.#base));
        const shown = config.values[DRAWING_KEY];
        const drawing = pageParams(new URLSearchParams(typeof shown === "string" ? shown : ""));
        for (const [name, value] of drawing) params.set(name, value);
        return [{ name: config.name, params: params.toString() }];
      } catch (error) {
        warn(describeError(error));
        return [];
      }
    });
  }

  /** Saves options, and those of {@link CONFIG_PARAMS} that are in `params`. */
  save(name: string, options: Options, params: URLSearchParams): void {
    if (name.trim() === "") throw new RefusedRequest(400, "a configuration needs a name");
    if (name.length > MAX_NAME_LENGTH)
      throw new RefusedRequest(400, `the name has more than ${MAX_NAME_LENGTH} characters`);
    if (/[\p{C}\p{Zl}\p{Zp}]/u.test(name)) {
      throw new RefusedRequest(400, "the name has invisible characters");
    }
    const drawing = pageParams(params).toString();
    settings().save(name, (before) => {
      const { [DRAWING_KEY]: _, ...others } = before;
      const saved = toSavedConfig(options, others);
      return drawing === "" ? saved : { ...saved, [DRAWING_KEY]: drawing };
    });
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

/** The key of {@link CONFIG_PARAMS} in a saved configuration. pprof ignores keys that it lacks. */
const DRAWING_KEY = "tsprof_page";

/** Returns the {@link CONFIG_PARAMS} with a value among `params`. */
function pageParams(params: URLSearchParams): URLSearchParams {
  const kept = new URLSearchParams();
  for (const name of CONFIG_PARAMS) {
    const value = params.get(name) ?? "";
    if (value !== "" && value.length <= MAX_VALUE_LENGTH) kept.set(name, value);
  }
  return kept;
}

/** Longer values of {@link CONFIG_PARAMS} are not from a page. */
const MAX_VALUE_LENGTH = 300;

/** Longer names do not fit into a menu. */
const MAX_NAME_LENGTH = 200;

function settings(): Settings {
  return new Settings(settingsFile(process.env, process.platform));
}
