import { describe, expect, it } from "vitest";
import { browsers, hasDisplay } from "../../../src/platform/programs/viewer.js";

const commandsFor = (platform: NodeJS.Platform, BROWSER = "") =>
  browsers({ platform, env: { BROWSER } }).map(({ command, args }) => [command, ...args].join(" "));

describe("browsers", () => {
  it("are those that pprof tries, in its order", () => {
    const linux = [
      "chrome",
      "google-chrome",
      "chromium",
      "firefox",
      "sensible-browser",
      "xdg-open",
    ];
    expect(commandsFor("linux")).toEqual(linux);
    expect(commandsFor("freebsd", "w3m -T x:lynx")).toEqual(["w3m -T x", "lynx", ...linux]);
    expect(commandsFor("darwin")).toEqual(["/usr/bin/open"]);
    expect(commandsFor("win32", '"C:\\Program Files\\b.exe" -x;d.exe')).toEqual([
      "C:\\Program Files\\b.exe -x",
      "d.exe",
      'cmd /d /s /c "start "" "%s""',
    ]);
    expect(commandsFor("darwin", "  : :")).toEqual(["/usr/bin/open"]);
  });
});

describe("a display", () => {
  it("depends on the variables of Linux, and always exists elsewhere", () => {
    expect(hasDisplay({ platform: "linux", env: {} })).toBe(false);
    expect(hasDisplay({ platform: "linux", env: { DISPLAY: "" } })).toBe(false);
    expect(hasDisplay({ platform: "linux", env: { DISPLAY: ":0" } })).toBe(true);
    expect(hasDisplay({ platform: "linux", env: { WAYLAND_DISPLAY: "wayland-0" } })).toBe(true);
    expect(hasDisplay({ platform: "darwin", env: {} })).toBe(true);
  });
});
