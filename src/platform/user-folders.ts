import path from "node:path";
import { UserError } from "../errors/user-error.js";

/**
 * The folder for what tsprof remembers from run to run, or undefined where its user has no
 * home.
 */
export function stateFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string | undefined {
  switch (platform) {
    case "win32":
      return env.LOCALAPPDATA ? path.win32.join(env.LOCALAPPDATA, "tsprof") : undefined;
    case "darwin":
      return env.HOME ? path.posix.join(env.HOME, "Library/Application Support/tsprof") : undefined;
    default:
      // By the XDG specification one that is relative does not count.
      if (env.XDG_STATE_HOME && path.posix.isAbsolute(env.XDG_STATE_HOME)) {
        return path.posix.join(env.XDG_STATE_HOME, "tsprof");
      }
      return env.HOME ? path.posix.join(env.HOME, ".local/state/tsprof") : undefined;
  }
}

/**
 * The folder for the settings of programs, where Go's programs look for it too
 * (os.UserConfigDir). Throws an error with a line that says what is missing.
 */
export function configFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  switch (platform) {
    case "win32":
      if (!env.APPDATA) throw new UserError("settings have no place: %AppData% is not set");
      return env.APPDATA;
    case "darwin":
      if (!env.HOME) throw new UserError("settings have no place: $HOME is not set");
      return path.posix.join(env.HOME, "Library/Application Support");
    default:
      if (!env.XDG_CONFIG_HOME) {
        if (env.HOME) return path.posix.join(env.HOME, ".config");
        throw new UserError("settings have no place: neither $XDG_CONFIG_HOME nor $HOME is set");
      }
      if (path.posix.isAbsolute(env.XDG_CONFIG_HOME)) return env.XDG_CONFIG_HOME;
      throw new UserError("settings have no place: the path in $XDG_CONFIG_HOME is relative");
  }
}
