import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Graphviz } from "@hpcc-js/wasm-graphviz";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundledFiles } from "../../scripts/client-bundle.mjs";
import { bundleCommand } from "../../scripts/command-bundle.mjs";
import { bundleLibrary } from "../../scripts/library-bundle.mjs";
import { licenseNotices, packageFolders } from "../../scripts/licenses.mjs";
import { ROOT } from "../support/proto.js";

/** The shortest license text, 0BSD, has 640 characters: a link or a name has less. */
const SHORTEST_TEXT = 500;

interface Entry {
  name: string;
  License: string;
  Copyright: string;
  Source: string;
  Note?: string;
  Text: string;
}

const scratch = mkdtempSync(path.join(os.tmpdir(), "tsprof-licenses-"));
afterAll(() => rmSync(scratch, { recursive: true }));

const notices = readFileSync(path.join(ROOT, "dist/THIRD-PARTY-LICENSES.txt"), "utf8");

/** The license texts by label. */
const texts = new Map(
  [...notices.matchAll(/^-{80}\n\[(.+)\]\n-{80}\n([\s\S]*?)(?=^-{80}$|$(?![\s\S]))/gm)].map(
    ([, label, text]) => [label, text.trim()],
  ),
);

/** What comes in front of the texts. */
const [lists] = notices.split(/^-{80}\n\[/m);

/** Entries by name and version, such as "Expat" or "pako 3.0.3". */
const entries = new Map(
  [...lists.matchAll(/^(\S.*)\n((?: {2}.+\n)+)/gm)].map(([, name, fields]) => {
    const unfolded = fields.replace(/\n {13}/g, " ");
    const values = [...unfolded.matchAll(/^ {2}(\w+): +(.*)$/gm)].map(([, key, value]) => [
      key,
      value,
    ]);
    return [name, { name, ...Object.fromEntries(values) } as Entry];
  }),
);

describe("THIRD-PARTY-LICENSES.txt", () => {
  let inputs: string[] = [];

  beforeAll(async () => {
    const command = await bundleCommand({ version: "0.0.0" });
    const library = await bundleLibrary();
    inputs = [...new Set([...command.modules, ...library.modules, ...bundledFiles])];
  });

  it("lists every package of the bundles, with its version", () => {
    const packages = packageFolders(inputs).map((folder) => {
      const { name, version } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
      return `${name} ${version}`;
    });
    expect(packages).toContainEqual(expect.stringMatching(/^d3-graphviz /));
    expect(packages).toContainEqual(expect.stringMatching(/^@resvg\/resvg-wasm /));
    expect(packages).toContainEqual(expect.stringMatching(/^dejavu-fonts-ttf /));
    expect(packages.filter((name) => !entries.has(name))).toEqual([]);
  });

  it("gives each entry a license, a holder, a source and a full text", () => {
    expect(entries.size).toBeGreaterThan(100);
    for (const entry of entries.values()) {
      expect(entry.License, entry.name).toMatch(/\w/);
      expect(entry.Copyright, entry.name).toMatch(/\w/);
      expect(entry.Source, entry.name).toMatch(/^https:\/\/\S+$/);
      const labels = [...(entry.Text ?? "").matchAll(/\[([^\]]+)\]/g)].map(([, label]) => label);
      expect(labels, entry.name).not.toEqual([]);
      for (const label of labels) {
        expect(texts.get(label)?.length, `${entry.name}: ${label}`).toBeGreaterThan(SHORTEST_TEXT);
      }
    }
  });

  it("prints no text that nothing refers to", () => {
    const used = [...entries.values()].map(({ Text }) => Text).join();
    expect([...texts.keys()].filter((label) => !used.includes(`[${label}]`))).toEqual([]);
  });

  it("covers Graphviz, in the version that is bundled, and says where its source is", async () => {
    const version = (await Graphviz.load()).version();
    const entry = entries.get(`Graphviz ${version}`);
    expect(entry?.License).toBe("EPL-2.0");
    expect(entry?.Note).toContain(`source code is available under the Eclipse Public License 2.0`);
    expect(entry?.Note).toContain(`graphviz-${version}.tar.gz`);
    expect(texts.get("EPL-2.0")).toMatch(/^Eclipse Public License - v 2\.0\n/);
  });

  it("covers what else was compiled into Graphviz's WebAssembly", () => {
    const names = [...entries.keys()].join("\n");
    for (const name of ["Expat", "Emscripten", "musl", "libc++", "dlmalloc", "ColorBrewer"]) {
      expect(names).toContain(name);
    }
    const map = path.join(ROOT, "node_modules/@hpcc-js/wasm-graphviz/dist/index.js.map");
    const { sources } = JSON.parse(readFileSync(map, "utf8")) as { sources: string[] };
    const packages = sources.flatMap((file) => /node_modules\/([^/]+)/.exec(file)?.[1] ?? []);
    expect(packages).toContain("fzstd");
    for (const name of packages) expect(names).toMatch(new RegExp(`^${name}$`, "m"));
  });

  it("covers every crate that resvg's WebAssembly names", () => {
    const binary = path.join(ROOT, "node_modules/@resvg/resvg-wasm/index_bg.wasm");
    const names = readFileSync(binary, "latin1").matchAll(
      /\/registry\/src\/[^/]+\/([a-z][\w-]*)-(\d+\.\d+\.\d+)\/src/g,
    );
    const crates = new Set([...names].map(([, name, version]) => `${name} ${version}`));
    expect(crates).toContain("rustybuzz 0.7.0");
    expect([...crates].filter((name) => !entries.has(name))).toEqual([]);
    expect(entries.get("resvg-js 2.6.2")?.License).toBe("MPL-2.0");
    expect([...entries.keys()].join()).toContain("Rust standard library");
  });
});

describe("licenseNotices", () => {
  /** A file of a package whose package.json and other files are given. */
  function inputOf(name: string, manifest: object, files: Record<string, string> = {}): string {
    const folder = path.join(scratch, "node_modules", name);
    mkdirSync(folder, { recursive: true });
    const written = {
      ...files,
      "package.json": JSON.stringify({ name, version: "1.0.0", ...manifest }),
    };
    for (const [file, text] of Object.entries(written))
      writeFileSync(path.join(folder, file), text);
    return path.join(folder, "index.js");
  }

  it("refuses a package without a license", () => {
    expect(() => licenseNotices([inputOf("bare", {})])).toThrow("bare 1.0.0 has no license");
  });

  it("refuses a license that it has no text of", () => {
    const input = inputOf("secret", { license: "Secret-1.0" });
    expect(() => licenseNotices([input])).toThrow("there is no text for the license Secret-1.0");
  });

  it("refuses a version of a package whose insides are not described", () => {
    const input = inputOf("brotli", { license: "MIT", version: "99.0.0" });
    expect(() => licenseNotices([input])).toThrow("what brotli 99.0.0 holds is not known");
  });

  it("prints a package's own text where it is not the standard one", () => {
    const input = inputOf("odd", { license: "MIT" }, { LICENSE: "Do as you like, on Sundays." });
    expect(licenseNotices([input])).toMatch(/^odd 1\.0\.0\n(.*\n)*? {2}Text: +\[odd 1\.0\.0\]$/m);
    expect(licenseNotices([input])).toContain("\nDo as you like, on Sundays.\n");
  });

  it("names the holders of a text that many share", () => {
    const { licenseText } = JSON.parse(
      readFileSync(path.join(ROOT, "node_modules/spdx-license-list/licenses/MIT.json"), "utf8"),
    ) as { licenseText: string };
    const license = licenseText.replace("<year> <copyright holders>", "2020 Ada & Bob");
    const input = inputOf("shared", { license: "MIT" }, { LICENSE: license });
    expect(licenseNotices([input])).toMatch(
      /^shared 1\.0\.0\n.*\n {2}Copyright: Copyright \(c\) 2020 Ada & Bob\n.*\n {2}Text: +\[MIT\]$/m,
    );
  });
});
