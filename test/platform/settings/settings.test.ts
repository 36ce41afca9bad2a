import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { fromSavedConfig, toSavedConfig } from "../../../src/options/saved-config.js";
import { defaultOptions, type Options } from "../../../src/options/table.js";
import { Settings, settingsFile } from "../../../src/platform/settings/settings.js";
import { menuParams, withPprof } from "../../support/pprof-web.js";

const temporary = mkdtempSync(path.join(os.tmpdir(), "tsprof-settings-"));
afterAll(() => rmSync(temporary, { recursive: true }));

let folders = 0;
function newFile(text?: string): string {
  const folder = path.join(temporary, `folder${folders++}`);
  const file = settingsFile({ XDG_CONFIG_HOME: folder }, "linux");
  if (text !== undefined) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return file;
}
const stored = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));

describe("settings", () => {
  it("are none without a file, and create it", () => {
    const file = newFile();
    const settings = new Settings(file);
    expect(settings.configs()).toEqual([]);
    expect(() => settings.remove("slow")).toThrow("config slow not found");
    settings.save("slow", (before) => ({ ...before, focus: "x" }));
    expect(settings.configs()).toEqual([{ name: "slow", values: { focus: "x" } }]);
    expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
    expect(statSync(file).mode & 0o777).toBe(0o644 & ~process.umask());
    expect(() => settings.save("", () => ({}))).toThrow("a config needs a name");
  });

  it("are replaced and removed one by one, and keep the rest", () => {
    const [a, b, c] = [
      { name: "a", focus: "a", later: { than: "us" } },
      { hide: "b", name: "b" },
      { name: "c", sort: 5 },
    ];
    const file = newFile(JSON.stringify({ theme: "dark", configs: [a, b, c] }));
    chmodSync(file, 0o600);
    const settings = new Settings(file);
    settings.save("a", (before) => toSavedConfig({ ...defaultOptions(), hide: "new" }, before));
    const replaced = {
      name: "a",
      ...toSavedConfig({ ...defaultOptions(), hide: "new" }),
      later: { than: "us" },
    };
    expect(stored(file)).toEqual({ theme: "dark", configs: [replaced, b, c] });
    settings.remove("b");
    settings.save("d", () => ({ show: "d" }));
    expect(stored(file)).toEqual({
      theme: "dark",
      configs: [replaced, c, { name: "d", show: "d" }],
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(path.dirname(file))).toEqual(["settings.json"]);
  });

  it.each([[true], [false]])("are written through a link, its target there: %s", (isThere) => {
    const file = newFile();
    const target = path.join(temporary, `dotfiles${isThere}`, "pprof.json");
    mkdirSync(path.dirname(target));
    if (isThere) writeFileSync(target, '{"configs": [{"name": "old"}]}');
    mkdirSync(path.dirname(file), { recursive: true });
    symlinkSync(path.relative(path.dirname(file), target), file);
    new Settings(file).save("new", () => ({}));
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(stored(target)).toEqual({
      configs: [...(isThere ? [{ name: "old" }] : []), { name: "new" }],
    });
  });

  it.each([
    ["", /^could not parse settings: \S+settings\.json: .+$/],
    ['{"configs": [\n{"name"\n', /^could not parse settings: \S+settings\.json: .+$/],
    ["[]", /: not an object$/],
    ['{"configs": {}}', /: configs is not a list$/],
    ['{"configs": [{}, 5]}', /: configs\[1\] is not an object$/],
    ['{"configs": [{"name": []}]}', /: the name of configs\[0\] is not text$/],
  ])("are not changed if they cannot be read: %j", (text, message) => {
    const file = newFile(text);
    const settings = new Settings(file);
    expect(() => settings.configs()).toThrow(message);
    expect(() => settings.save("x", () => ({}))).toThrow(message);
    expect(readFileSync(file, "utf8")).toBe(text);
  });

  it("say in one line why they cannot be read or written", () => {
    const file = newFile();
    mkdirSync(file, { recursive: true });
    expect(() => new Settings(file).configs()).toThrow(
      `could not read settings: ${file}: is a directory`,
    );
    const within = path.join(newFile("{}"), "pprof/settings.json");
    expect(() => new Settings(within).save("x", () => ({}))).toThrow(
      /^could not read settings: \S+: not a directory$/,
    );
    const dangling = newFile();
    mkdirSync(path.dirname(dangling), { recursive: true });
    symlinkSync("nowhere/x.json", dangling);
    expect(() => new Settings(dangling).save("x", () => ({}))).toThrow(
      `could not write settings: ${dangling}: no such file or directory`,
    );
  });
});

describe("settings shared with pprof", () => {
  const REFINED: Options = {
    ...defaultOptions(),
    focus: "a|<b>&\u00fc",
    tagignore: "k=1mb:",
    nodecount: 7,
    nodefraction: 1e-9,
    trim: false,
    call_tree: true,
    relative_percentages: true,
    sort: "cum",
    granularity: "lines",
    unit: "ms",
  };
  const PARAMS = {
    f: "a|<b>&\u00fc",
    ti: "k=1mb:",
    n: "7",
    nf: "1e-09",
    trim: "f",
    calltree: "t",
    rel: "t",
    sort: "cum",
    g: "lines",
    unit: "ms",
  };

  it("are read as pprof saved them, and pprof reads and removes ours", async () => {
    const file = newFile();
    const config = path.dirname(path.dirname(file));
    const settings = new Settings(file);
    await withPprof(config, async (address) => {
      const get = async (request: string, params: Record<string, string>) => {
        const query = new URLSearchParams(params);
        const answer = await fetch(`${address}/ui/${request}?${query}`, { redirect: "error" });
        expect(answer.status).toBe(200);
        return answer.text();
      };
      await get("saveconfig", { config: "plain" });
      await get("saveconfig", { config: "refined", ...PARAMS });
      const byPprof = settings.configs();
      expect(byPprof.map(({ name }) => name)).toEqual(["plain", "refined"]);
      const current = { ...defaultOptions(), focus: "before", sample_index: "cpu" };
      for (const [i, options] of [defaultOptions(), REFINED].entries()) {
        expect(fromSavedConfig(byPprof[i], current)).toEqual({ ...options, sample_index: "cpu" });
        const { granularity, ...others } = byPprof[i].values;
        // Where older ones write their default out, it is left out.
        const isDefault = granularity === undefined || granularity === "functions";
        expect(toSavedConfig(options)).toEqual(isDefault ? others : { ...others, granularity });
      }

      settings.save("zero", () => ({}));
      settings.save("ours", () => toSavedConfig({ ...REFINED, taghide: "y z" }));
      const menu = await get("top", {});
      expect(menuParams(menu, "plain")).toEqual({});
      expect(menuParams(menu, "refined")).toEqual(PARAMS);
      expect(menuParams(menu, "ours")).toEqual({ ...PARAMS, th: "y z" });
      // What is missing is zero, not the default.
      expect(menuParams(menu, "zero")).toEqual({ n: "0", nf: "0", ef: "0", trim: "f" });

      await get("deleteconfig", { config: "refined" });
      await get("deleteconfig", { config: "ours" });
      expect(settings.configs().map(({ name }) => name)).toEqual(["plain", "zero"]);
    });
  });
});
