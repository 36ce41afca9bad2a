import path from "node:path";
import { UserError } from "../../errors/user-error.js";

/** Returns the folder for data that tsprof keeps; undefined if there is no home folder. */
export function stateFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string | undefined {
  switch (platform) {
    case "win32":
      return env.LOCALAPPDATA ? path.win32.join(env.LOCALAPPDATA, "tsprof") : undefined;
    case "darwin":
      return env.HOME ? path.posix.join(env.HOME, "Library/Application Support/tsprof") : undefined;
    default:
      // The XDG specification says to ignore a relative path.
      if (env.XDG_STATE_HOME && path.posix.isAbsolute(env.XDG_STATE_HOME)) {
        return path.posix.join(env.XDG_STATE_HOME, "tsprof");
      }
      return env.HOME ? path.posix.join(env.HOME, ".local/state/tsprof") : undefined;
  }
}

/** Returns the folder for settings, as Go's os.UserConfigDir does. Throws an Error of one line. */
export function configFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  switch (platform) {
    case "win32":
      if (!env.APPDATA) throw new UserError("no folder for settings: %AppData% is not set");
      return env.APPDATA;
    case "darwin":
      if (!env.HOME) throw new UserError("no folder for settings: $HOME is not set");
      return path.posix.join(env.HOME, "Library/Application Support");
    default:
      if (!env.XDG_CONFIG_HOME) {
        if (env.HOME) return path.posix.join(env.HOME, ".config");
        throw new UserError("no folder for settings: neither $XDG_CONFIG_HOME nor $HOME is set");
      }
      if (path.posix.isAbsolute(env.XDG_CONFIG_HOME)) return env.XDG_CONFIG_HOME;
      throw new UserError("no folder for settings: the path in $XDG_CONFIG_HOME is relative");
  }
}
