import { describe, expect, it } from "vitest";
import { configFolder, stateFolder } from "../../../src/platform/settings/user-folders.js";

const HOME = "/home/me";

describe("the folder for state", () => {
  it.each<[NodeJS.Platform, NodeJS.ProcessEnv, string | undefined]>([
    ["linux", { HOME }, "/home/me/.local/state/tsprof"],
    ["freebsd", { HOME, XDG_STATE_HOME: "/state" }, "/state/tsprof"],
    ["linux", { HOME, XDG_STATE_HOME: "state" }, "/home/me/.local/state/tsprof"],
    ["linux", { XDG_STATE_HOME: "/state" }, "/state/tsprof"],
    ["linux", {}, undefined],
    ["darwin", { HOME, XDG_STATE_HOME: "/x" }, "/home/me/Library/Application Support/tsprof"],
    ["darwin", { HOME: "" }, undefined],
    ["win32", { LOCALAPPDATA: "C:\\Me\\Local" }, "C:\\Me\\Local\\tsprof"],
    ["win32", { HOME }, undefined],
  ])("on %s with %j", (platform, env, folder) => {
    expect(stateFolder(env, platform)).toBe(folder);
  });
});

describe("the folder for settings", () => {
  it.each<[NodeJS.Platform, NodeJS.ProcessEnv, string]>([
    ["linux", { HOME }, "/home/me/.config"],
    ["openbsd", { HOME, XDG_CONFIG_HOME: "/config" }, "/config"],
    ["darwin", { HOME, XDG_CONFIG_HOME: "/x" }, "/home/me/Library/Application Support"],
    ["win32", { APPDATA: "C:\\Me\\Roaming" }, "C:\\Me\\Roaming"],
  ])("is Go's on %s with %j", (platform, env, folder) => {
    expect(configFolder(env, platform)).toBe(folder);
  });

  it.each<[NodeJS.Platform, NodeJS.ProcessEnv, RegExp]>([
    ["linux", { HOME, XDG_CONFIG_HOME: "config" }, /the path in \$XDG_CONFIG_HOME is relative$/],
    ["linux", { HOME: "" }, /neither \$XDG_CONFIG_HOME nor \$HOME is set$/],
    ["darwin", {}, /\$HOME is not set$/],
    ["win32", { HOME }, /%AppData% is not set$/],
  ])("is missing on %s with %j", (platform, env, message) => {
    expect(() => configFolder(env, platform)).toThrow(message);
  });
});
