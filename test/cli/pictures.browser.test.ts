import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { useBrowser } from "../support/browser.js";
import { useOneProcess } from "../support/one-process.js";
import { ROOT } from "../support/proto.js";
import { runProgram, TSPROF, tsprof } from "../support/run.js";

const FIXTURES = path.join(ROOT, "fixtures");
const HEAP = "fixtures/go-heap.pb.gz";
const temporary = mkdtempSync(path.join(os.tmpdir(), "tsprof-pictures-"));
afterAll(() => rmSync(temporary, { recursive: true }));

const open = useBrowser();
const inOneProcess = useOneProcess();

/** All but one without samples. */
const profiles = readdirSync(FIXTURES, { recursive: true, encoding: "utf8" }).filter(
  (file) => /\.(gz|prof|txt)$/.test(file) && !/^(expected|programs|tools)|threadcreate/.test(file),
);

describe("tsprof svg", () => {
  it("draws every fixture, and browsers show it", { timeout: 240_000 }, async () => {
    expect(profiles.length).toBeGreaterThan(12);
    for (const profile of profiles) {
      const file = path.join(temporary, `${path.basename(profile)}.svg`);
      const source = path.join(FIXTURES, profile);
      const { code, stderr } = await inOneProcess(["svg", "-output", file, source]);
      expect({ profile, code }).toEqual({ profile, code: 0 });
      expect(stderr).toContain(`wrote the report to ${file}\n`);
      const { page, requests, errors } = await open(`file://${file}`);
      const seen = await page.$$eval(".node, .tag, .legend", (boxes) =>
        boxes.map((box) => box.getBoundingClientRect().width > 0),
      );
      expect({ profile, requests, errors }).toEqual({ profile, requests: [], errors: [] });
      expect(seen.length, profile).toBeGreaterThan(1);
      expect(new Set(seen), profile).toEqual(new Set([true]));
      await page.close();
    }
  });

  it("draws what dot writes: the same places, the same calls", async () => {
    const dot = (await tsprof(["dot", "-nodecount=10", HEAP])).stdout;
    const svg = (await tsprof(["svg", "-nodecount=10", HEAP])).stdout;
    const count = (text: string, pattern: RegExp) => text.match(pattern)?.length;
    expect(count(svg, /<g class="node">/g)).toBe(count(dot, /^N\d+ \[/gm));
    expect(count(svg, /<g class="tag">/g)).toBe(count(dot, /^NN\d+_\d+ \[/gm));
    expect(count(svg, /<g class="edge"/g)).toBe(count(dot, /^\S+ -> (?!N0 )/gm));
  });

  it("leaves a file as it was where there is nothing to draw", async () => {
    const file = path.join(temporary, "old.svg");
    writeFileSync(file, "old");
    const empty = "fixtures/legacy/go-threadcreate.debug1.txt";
    const { code, stdout, stderr } = await tsprof(["svg", "-output", file, empty]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^tsprof: [^\n]*\n$/);
    expect(readFileSync(file, "utf8")).toBe("old");
  });
});

describe("tsprof ps and gif", () => {
  it.each([
    ["ps", /^%!PS-Adobe/],
    ["gif", /^GIF8/],
  ])("%s is drawn by the Graphviz of the machine", async (format, start) => {
    const { code, stdout, stderr } = await tsprof([format, HEAP]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(start);
  });

  it("say in one line what to install where there is none", async () => {
    const file = path.join(temporary, "none.gif");
    const args = ["gif", "-output", file, HEAP];
    expect(await tsprof(args, { env: { PATH: temporary } })).toEqual({
      code: 1,
      stdout: "",
      stderr:
        "tsprof: gif needs Graphviz, whose program dot is not on the PATH (apt install graphviz, brew install graphviz); svg, png and pdf need nothing\n",
    });
    expect(existsSync(file)).toBe(false);
  });

  it("say in one line what that Graphviz complains about", async () => {
    const folder = mkdtempSync(path.join(temporary, "bin-"));
    const script = "#!/bin/sh\necho 'Format: gif not recognized' >&2\necho more >&2\nexit 1\n";
    writeFileSync(path.join(folder, "dot"), script, { mode: 0o755 });
    expect(await tsprof(["gif", HEAP], { env: { PATH: `${folder}:/bin` } })).toMatchObject({
      code: 1,
      stderr: "tsprof: dot -Tgif failed: Format: gif not recognized\n",
    });
  });
});

describe("a picture at a terminal", () => {
  it.each(["svg", "png", "pdf"])("%s goes to the first free file", async (format) => {
    const folder = mkdtempSync(path.join(temporary, "terminal-"));
    writeFileSync(path.join(folder, `profile001.${format}`), "mine");
    const command = `${process.execPath} ${TSPROF} ${format} ${path.join(ROOT, HEAP)}`;
    const { stdout } = await runProgram("script", ["-qec", command, "/dev/null"], { cwd: folder });
    expect(stdout).toContain(`wrote the report to profile002.${format}`);
    // The line about what takes its time is taken away.
    expect(stdout.split("\x1b[K")[0]).toMatch(/^drawing the [^\n]*\r$/);
    expect(readFileSync(path.join(folder, `profile001.${format}`), "utf8")).toBe("mine");
    expect(readFileSync(path.join(folder, `profile002.${format}`)).length).toBeGreaterThan(5000);
  });
});
