import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Page } from "playwright-core";
import { afterAll, describe, expect, it } from "vitest";
import { useBrowser, type WatchedPage } from "../support/browser.js";
import { HOSTILE_NAMES } from "../support/graph-text.js";
import { useOneProcess } from "../support/one-process.js";
import { encodeWithProtobufjs, ROOT } from "../support/proto.js";
import { runProgram, TSPROF, tsprof } from "../support/run.js";

const FIXTURES = path.join(ROOT, "fixtures");
const HEAP = "fixtures/go-heap.pb.gz";
const temporary = mkdtempSync(path.join(os.tmpdir(), "tsprof-pictures-"));
afterAll(() => rmSync(temporary, { recursive: true }));

const open = useBrowser();
const inOneProcess = useOneProcess();

/** All fixtures except one without samples. */
const profiles = readdirSync(FIXTURES, { recursive: true, encoding: "utf8" }).filter(
  (file) =>
    /\.(gz|prof|txt|cpuprofile|heapprofile|out)$/.test(file) &&
    !/^(expected|programs|tools)|threadcreate\.debug1/.test(file),
);

/** Pictures of different sizes, in which the tests move. All have the same script. */
const MOVED = ["go-cpu.pb.gz", "converted/git-callgrind.out.gz", "legacy/cpp-heap.prof"];

/** Returns the position of the first node on the screen. */
async function firstBox(page: Page) {
  const box = await page.locator(".node rect").first().boundingBox();
  if (!box) throw new Error("the first node is not visible");
  return box;
}

/** Drags, zooms, resets and searches, as a user does. */
async function expectToWork(page: Page) {
  const start = await firstBox(page);
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 };
  // There is no box at the edge.
  await page.mouse.move(3, height - 3);
  await page.mouse.down();
  await page.mouse.move(53, height - 103);
  await page.mouse.up();
  const dragged = await firstBox(page);
  expect(dragged.x - start.x).toBeCloseTo(50, 1);
  expect(dragged.y - start.y).toBeCloseTo(-100, 1);
  await page.mouse.move(width / 2, height / 2);
  await page.mouse.wheel(0, -240);
  expect((await firstBox(page)).width / start.width).toBeGreaterThan(1.3);
  await page.getByRole("button", { name: "Fit" }).click();
  expect(await firstBox(page)).toEqual(start);

  const places = await page.locator(".node").count();
  const word = (await page.locator(".node text").first().textContent()) ?? "";
  await page.locator(".bar input").fill(word);
  const [, found] = /^1 of (\d+)$/.exec((await page.locator(".count").textContent()) ?? "") ?? [];
  expect(Number(found)).toBeGreaterThan(0);
  expect(Number(found)).toBeLessThanOrEqual(places);
  expect(await page.locator(".node.match").count()).toBe(Number(found));
  await page.keyboard.press("Escape");
  expect(await page.locator(".match").count()).toBe(0);
}

describe("tsprof svg", () => {
  it("has fixtures of every format", () => expect(profiles.length).toBeGreaterThan(28));

  /** The page that shows one picture after the other. */
  let shown: WatchedPage | undefined;

  it.each(profiles)("draws %s, and browsers show it", async (profile) => {
    const file = path.join(temporary, `${path.basename(profile)}.svg`);
    const source = path.join(FIXTURES, profile);
    const { code, stderr } = await inOneProcess(["svg", "-output", file, source]);
    expect(code).toBe(0);
    expect(stderr).toContain(`wrote the report to ${file}\n`);
    if (shown) await shown.page.goto(`file://${file}`);
    else shown = await open(`file://${file}`);
    const { page, requests, errors } = shown;
    const seen = await page.$$eval(".node, .tag, .legend", (boxes) =>
      boxes.map((box) => box.getBoundingClientRect().width > 0),
    );
    expect(seen.length).toBeGreaterThan(1);
    expect(new Set(seen)).toEqual(new Set([true]));
    if (MOVED.includes(profile)) await expectToWork(page);
    expect({ requests: requests.filter((url) => url !== page.url()), errors }).toEqual({
      requests: [],
      errors: [],
    });
    requests.length = 0;
  });

  it("draws the same nodes and edges as dot", async () => {
    const dot = (await tsprof(["dot", "-nodecount=10", HEAP])).stdout;
    const svg = (await tsprof(["svg", "-nodecount=10", HEAP])).stdout;
    const count = (text: string, pattern: RegExp) => text.match(pattern)?.length;
    expect(count(svg, /<g class="node">/g)).toBe(count(dot, /^N\d+ \[/gm));
    expect(count(svg, /<g class="tag">/g)).toBe(count(dot, /^NN\d+_\d+ \[/gm));
    expect(count(svg, /<g class="edge"/g)).toBe(count(dot, /^\S+ -> (?!N0 )/gm));
  });

  it("leaves a file unchanged if there is nothing to draw", async () => {
    const file = path.join(temporary, "old.svg");
    writeFileSync(file, "old");
    const empty = "fixtures/legacy/go-threadcreate.debug1.txt";
    const { code, stdout, stderr } = await tsprof(["svg", "-output", file, empty]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^tsprof: [^\n]*\n$/);
    expect(readFileSync(file, "utf8")).toBe("old");
  });
});

/** A profile in which every text is hostile. */
function hostileProfile(): Uint8Array {
  const texts = [...HOSTILE_NAMES.filter((name) => name.isWellFormed()), "javascript:alert(5)"];
  const text = (i: number) => 1 + (i % texts.length);
  const numbers = texts.map((_, i) => i);
  return encodeWithProtobufjs({
    string_table: ["", ...texts],
    sample_type: [
      { type: text(0), unit: text(1) },
      { type: text(2), unit: text(3) },
    ],
    period_type: { type: text(4), unit: text(5) },
    period: 1,
    comment: numbers.map(text),
    doc_url: text(texts.length - 1),
    mapping: [{ id: 1, memory_limit: 1 << 20, filename: text(1), build_id: text(2) }],
    sample: numbers.map((i) => ({
      location_id: [i + 1, ((i + 1) % texts.length) + 1],
      value: [i + 1, i + 2],
      label: [
        { key: text(i), str: text(i + 1) },
        { key: text(i + 2), num: 4096 * (i + 1), num_unit: text(i + 3) },
      ],
    })),
    location: numbers.map((i) => ({
      id: i + 1,
      mapping_id: 1,
      address: 4096 + i,
      line: [{ function_id: i + 1, line: i + 1 }],
    })),
    function: numbers.map((i) => ({
      id: i + 1,
      name: text(i),
      system_name: text(i + 1),
      filename: text(i + 2),
    })),
  });
}

describe("a profile with hostile texts", () => {
  it.each([
    ["svg", "-functions"],
    ["svg", "-files"],
    ["flame", "-functions"],
  ])("appears as text in %s %s", async (command, granularity) => {
    const profile = path.join(temporary, "hostile.pb");
    writeFileSync(profile, hostileProfile());
    const file = path.join(temporary, `hostile-${command}${granularity}.svg`);
    const all = command === "svg" ? ["-nodefraction=0", "-edgefraction=0"] : [];
    const args = [command, ...all, granularity, "-symbolize=none", "-output", file, profile];
    expect(await inOneProcess(args)).toMatchObject({ code: 0 });

    const { page, requests, errors, dialogs } = await open(`file://${file}`);
    expect(await page.locator("parsererror").count()).toBe(0);
    const found = await page.evaluate(() => {
      const all = [...document.querySelectorAll("*")];
      const attributes = all.flatMap((one) => [...one.attributes]);
      return {
        scripts: document.querySelectorAll("script").length,
        loads: all.filter((one) => /^(a|img|image|use|iframe|object|link)$/i.test(one.localName)),
        handlers: attributes.filter(({ name }) => /^on|href$|^src$/i.test(name)).length,
      };
    });
    expect(found).toEqual({ scripts: 1, loads: [], handlers: 0 });
    const boxes = page.locator(command === "svg" ? ".node, .tag" : "#flame-boxes > .box");
    expect(await boxes.count()).toBeGreaterThanOrEqual(HOSTILE_NAMES.length - 1);
    if (command === "svg") {
      for (const box of await page.locator(".node").all()) await box.hover({ force: true });
      await expectToWork(page);
      const names = await page
        .locator(".node")
        .evaluateAll((nodes) => nodes.map((node) => node.querySelector("text")?.textContent));
      // Paths are shortened, but names are not.
      if (granularity === "-functions") expect(names).toContain(HOSTILE_NAMES[0]);
    } else {
      await boxes.nth(1).hover();
      await boxes.nth(1).click();
      await page.keyboard.press("Escape");
      await page.locator("input").fill("alert");
      expect(await page.locator(".found").textContent()).toMatch(/^\d+ match/);
    }
    expect({ requests, errors, dialogs }).toEqual({ requests: [], errors: [], dialogs: [] });
    await page.close();
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

  it("say in one line what to install if there is no Graphviz", async () => {
    const file = path.join(temporary, "none.gif");
    const args = ["gif", "-output", file, HEAP];
    expect(await tsprof(args, { env: { PATH: temporary } })).toEqual({
      code: 1,
      stdout: "",
      stderr:
        "tsprof: gif needs Graphviz, whose program dot is not on the PATH (apt install graphviz, brew install graphviz); svg, png and pdf work without it\n",
    });
    expect(existsSync(file)).toBe(false);
  });

  it("show the complaint of Graphviz in one line", async () => {
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
    // The progress line is erased.
    expect(stdout.split("\x1b[K")[0]).toMatch(/^drawing the [^\n]*\r$/);
    expect(readFileSync(path.join(folder, `profile001.${format}`), "utf8")).toBe("mine");
    expect(readFileSync(path.join(folder, `profile002.${format}`)).length).toBeGreaterThan(5000);
  });
});
