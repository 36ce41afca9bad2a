import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { classOfName } from "../../src/render/flame/colors.js";
import { DARK, LIGHT } from "../../src/render/flame/themes.js";
import { useBrowser } from "../support/browser.js";
import { answerDrop } from "../support/drop.client.js";
import { ROOT } from "../support/proto.js";
import { tsprof } from "../support/run.js";
import { startTsprof, type WebServer } from "../support/web-server.js";

/** Stacks and how many milliseconds each lasts. The page is 1000 pixels wide: a pixel each. */
const RECORDED: readonly (readonly [stack: string, millis: number])[] = [
  ["main;work;leaf", 200],
  ["main;rest", 200],
  ["(idle)", 200],
  ["(garbage collector)", 50],
  ["main;work", 350],
];

/** Returns a profile of V8 with this number of samples of each stack, a millisecond apart. */
function recording(recorded: readonly (readonly [stack: string, count: number])[]): string {
  const nodes: { id: number; callFrame: object; children: number[] }[] = [];
  const ids = new Map<string, number>();
  const nodeOf = (stack: string): number => {
    const known = ids.get(stack);
    if (known !== undefined) return known;
    const id = nodes.length + 1;
    const functionName = stack.split(";").pop() ?? "";
    const isState = functionName.startsWith("(");
    const url = isState ? "" : `file:///srv/app/${functionName}.js`;
    const callFrame = { functionName, url, scriptId: "1", lineNumber: 0, columnNumber: 0 };
    nodes.push({ id, callFrame, children: [] });
    ids.set(stack, id);
    if (stack !== "(root)") {
      const caller = stack.includes(";") ? stack.replace(/;[^;]*$/, "") : "(root)";
      nodes[nodeOf(caller) - 1].children.push(id);
    }
    return id;
  };
  nodeOf("(root)");
  const samples = recorded.flatMap(([stack, count]) => new Array(count).fill(nodeOf(stack)));
  const timeDeltas = samples.map((_, i) => (i === 0 ? 0 : 1000));
  const endTime = samples.length * 1000;
  return JSON.stringify({ nodes, samples, timeDeltas, startTime: 0, endTime });
}

const open = useBrowser();
let folder: string;
let profile: string;
let server: WebServer;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "tsprof-timeline-"));
  profile = path.join(folder, "recording.cpuprofile");
  writeFileSync(profile, recording(RECORDED));
  server = await startTsprof(["serve", "-no_browser", profile]);
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function shown(address: string, options: Parameters<typeof open>[1] = {}) {
  const watched = await open(address.includes(":") ? address : `${server.url}/ui/${address}`, {
    viewport: { width: 1000, height: 700 },
    reducedMotion: "reduce",
    ...options,
  });
  await done(watched.page);
  return watched;
}

async function done(page: Page): Promise<void> {
  await page.waitForSelector("main[aria-busy=false]");
  await settle(page);
}

/** Waits until the page has painted. */
const settle = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<void>((resolve) =>
        requestAnimationFrame(() => requestAnimationFrame(() => resolve())),
      ),
  );

/** Returns a point in a row of the first lane. */
async function point(page: Page, x: number, row: number) {
  const area = await page.locator(".timeline-host").boundingBox();
  return { x: (area?.x ?? 0) + x, y: (area?.y ?? 0) + 24 + 24 + row * 19 + 9 };
}

async function move(page: Page, x: number, row: number): Promise<void> {
  const at = await point(page, x, row);
  await page.mouse.move(at.x, at.y);
}

/** Returns the lines of the tooltip at a point; empty without a tooltip. */
async function told(page: Page, x: number, row: number): Promise<string[]> {
  await move(page, x, row);
  return page
    .locator(".flame-tip:not([hidden]) :is(.flame-tip-name,.flame-tip-note,dt,dd)")
    .allTextContents();
}

const nameAt = async (page: Page, x: number, row: number) =>
  (await told(page, x, row))[0]?.replace(/ .*/, "");

/** Drags from one time to another, in milliseconds of the whole recording. */
async function drag(page: Page, from: number, to: number): Promise<void> {
  await move(page, from, 4);
  await page.mouse.down();
  await move(page, (from + to) / 2, 4);
  await move(page, to, 4);
  await page.mouse.up();
  await done(page);
}

const rangeIn = (page: Page) => {
  const { searchParams, hash } = new URL(page.url());
  const params = hash === "" ? searchParams : new URLSearchParams(hash.split("?")[1]);
  return [params.get("from"), params.get("to")];
};

/** Returns flat and name of the rows of the table of functions. */
async function rowsOfTop(page: Page): Promise<string[]> {
  const rows = page.locator(".top-view tbody tr:not(.space)");
  await expect.poll(() => rows.count()).toBeGreaterThan(0);
  const cells = await rows.evaluateAll((all) =>
    all.map((row) => Array.from(row.children, (cell) => cell.textContent?.trim() ?? "")),
  );
  return cells.map((row) => `${row[0]} ${row[5]?.replace(/ .*/, "")}`);
}

/** Returns the same from the command line. */
async function printedTop(...args: string[]): Promise<string[]> {
  const { stdout } = await tsprof(["top", ...args, profile]);
  const [, rows] = stdout.split(/^.*flat% .*\n/m);
  return rows
    .split("\n")
    .filter((row) => row !== "")
    .map((row) => row.trim().split(/\s+/))
    .map((cells) => `${cells[0]} ${cells[5]}`);
}

const chips = (page: Page) => page.locator(".chip").allTextContents();

/** Returns the colour of the chart at a point, as `#rrggbb`. */
async function colorAt(page: Page, x: number, row: number): Promise<string> {
  await page.mouse.move(1, 1);
  await settle(page);
  return page.locator(".timeline-host canvas").evaluate(
    (canvas: HTMLCanvasElement, [left, top]) => {
      const data = canvas.getContext("2d")?.getImageData(left, top, 1, 1).data ?? [];
      const bytes = [...data].slice(0, 3).map((byte) => byte.toString(16).padStart(2, "0"));
      return `#${bytes.join("")}`;
    },
    [x, 24 + 24 + row * 19 + 3] as const,
  );
}

/** Returns what a screen reader announces for the selected frame. */
async function heard(page: Page): Promise<string> {
  const id = await page.locator(".timeline-host").getAttribute("aria-activedescendant");
  return (await page.locator(`#${id}`).textContent()) ?? "";
}

async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
  await done(page);
}

describe("the timeline", () => {
  it("draws stacks in the order of time", async () => {
    const { page, errors } = await shown("timeline");
    expect(await page.locator("nav a[aria-current]").textContent()).toBe("Timeline");
    for (const [x, row, name] of [
      [10, 0, "main"],
      [390, 0, "main"],
      [500, 0, "(idle)"],
      [625, 0, "(garbage"],
      [990, 0, "main"],
      [190, 1, "work"],
      [210, 1, "rest"],
      [700, 1, "work"],
      [100, 2, "leaf"],
    ] as const) {
      expect([x, row, await nameAt(page, x, row)]).toEqual([x, row, name]);
    }
    expect(await nameAt(page, 300, 2)).toBeUndefined();
    expect(await told(page, 100, 2)).toEqual([
      "leaf leaf.js:1",
      "/srv/app/leaf.js",
      "called by main › work",
      ...["Duration", "200 ms"],
      ...["From", "0 s"],
      ...["To", "200 ms"],
    ]);
    expect(await colorAt(page, 625, 0)).toBe(LIGHT.boxes.u4.fill);
    expect(await colorAt(page, 520, 5)).toBe("#ffffff");
    expect(errors).toEqual([]);
  });

  it("zooms towards the pointer, pans, and shows the whole again", async () => {
    const { page } = await shown("timeline");
    const reset = page.getByRole("button", { name: "Reset zoom" });
    expect(await reset.isDisabled()).toBe(true);
    await move(page, 205, 1);
    for (let i = 0; i < 2; i++) await page.mouse.wheel(0, -240);
    await settle(page);
    // The end of work at 200 ms was 5 pixels left of the pointer; 480 pixels zoom by 4.95.
    expect(await nameAt(page, 184, 1)).toBe("rest");
    expect(await nameAt(page, 176, 1)).toBe("work");
    expect(await reset.isDisabled()).toBe(false);
    await move(page, 500, 1);
    await page.keyboard.down("Shift");
    await page.mouse.down();
    await move(page, 900, 1);
    await page.mouse.up();
    await page.keyboard.up("Shift");
    await settle(page);
    expect(rangeIn(page)).toEqual([null, null]);
    expect(await nameAt(page, 400, 1)).toBe("work");
    const at = await point(page, 800, 8);
    await page.mouse.dblclick(at.x, at.y);
    await settle(page);
    expect(await reset.isDisabled()).toBe(true);
    await page.locator(".timeline-host").focus();
    await press(page, "w", "w", "Escape");
    expect(await nameAt(page, 990, 1)).toBe("work");
  });

  it("selects a range by dragging, to which every other view is filtered", async () => {
    const { page, errors } = await shown("timeline");
    await drag(page, 100, 300);
    expect(rangeIn(page)).toEqual(["0.1s", "0.3s"]);
    expect(await chips(page)).toEqual(["from0.1s×", "to0.3s×"]);
    await expect
      .poll(() => page.locator(".timeline-status").textContent())
      .toContain("100 ms – 300 ms, 200 ms long, total 200ms of 1s (20.00%)");
    // The chart still shows the whole recording.
    expect(await nameAt(page, 700, 1)).toBe("work");
    await page.getByRole("link", { name: "Top", exact: true }).click();
    await done(page);
    const rows = await rowsOfTop(page);
    expect(rows).toEqual(await printedTop("-from=0.1s", "-to=0.3s"));
    expect(rows).toContain("100ms leaf");
    await page.goBack();
    await done(page);
    await page.getByRole("button", { name: "Remove to: 0.3s" }).click();
    await done(page);
    await expect
      .poll(() => page.locator(".timeline-status").textContent())
      .toContain("100 ms – 1 s, 900 ms long, total 900ms of 1s");
    await page.getByRole("button", { name: "Remove", exact: true }).click();
    await done(page);
    expect(rangeIn(page)).toEqual([null, null]);
    expect(errors).toEqual([]);
  });

  it("has handles for the ends of the range, for pointers and keys", async () => {
    const { page } = await shown("timeline?from=0.1s&to=0.3s");
    const end = page.getByRole("slider", { name: "End of the selected range" });
    expect(await end.getAttribute("aria-valuetext")).toBe("300 ms");
    const box = await end.boundingBox();
    await page.mouse.move((box?.x ?? 0) + 10, (box?.y ?? 0) + 10);
    await page.mouse.down();
    await page.mouse.move(500, (box?.y ?? 0) + 12, { steps: 3 });
    await page.mouse.up();
    await done(page);
    expect(rangeIn(page)).toEqual(["0.1s", "0.5s"]);
    await page.getByRole("slider", { name: "Start of the selected range" }).focus();
    await press(page, "ArrowRight", "ArrowRight", "Shift+ArrowLeft");
    expect(rangeIn(page)).toEqual(["0.119s", "0.5s"]);
  });

  it("is read and used by keys", async () => {
    const { page } = await shown("timeline?q=leaf");
    expect(await page.locator(".flame-found").textContent()).toBe("1 frame");
    await page.locator(".timeline-host").focus();
    await press(page, "n");
    expect(await heard(page)).toContain("leaf leaf.js:1, Duration 200 ms");
    await press(page, "ArrowUp", "ArrowRight");
    expect(await heard(page)).toContain("rest rest.js:1");
    await press(page, "r");
    expect(rangeIn(page)).toEqual(["0.2s", "0.4s"]);
    await press(page, "x");
    expect(rangeIn(page)).toEqual([null, null]);
    await press(page, "w", "w", "v");
    expect(rangeIn(page).every((text) => text !== null)).toBe(true);
    await press(page, "Enter");
    expect(await page.getByRole("menu").textContent()).toContain("rest");
  });

  it("opens the menu of a frame by a click, and applies its filters", async () => {
    const { page } = await shown("timeline");
    const at = await point(page, 300, 1);
    await page.mouse.click(at.x, at.y);
    await page.getByRole("menuitem", { name: /^Focus/ }).click();
    await done(page);
    expect(await nameAt(page, 300, 1)).toBe("rest");
    expect(await nameAt(page, 100, 1)).toBeUndefined();
    // A click on its name folds the thread.
    const header = await point(page, 300, -1);
    await page.mouse.click(header.x, header.y);
    await settle(page);
    expect(await nameAt(page, 300, 1)).toBeUndefined();
  });

  it("has colours for both themes, and is accessible on small screens", async () => {
    const { page } = await shown("timeline?from=0.1s&to=0.3s", {
      viewport: { width: 390, height: 700 },
      colorScheme: "dark",
    });
    expect(await colorAt(page, 244, 0)).not.toBe(DARK.boxes.u4.fill);
    await page.goto(`${server.url}/ui/timeline?to=0.9s`);
    await done(page);
    expect(await colorAt(page, 244, 0)).toBe(DARK.boxes.u4.fill);
    await page.evaluate(axe.source);
    const found = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
      const { violations } = await axe.run("main");
      return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
    });
    expect(found).toEqual([]);
  });

  it("mixes the colours of frames that are narrower than a pixel", async () => {
    const { page } = await shown("timeline");
    // 40 samples per pixel, of which every fourth is a garbage collection.
    const stacks = ["(garbage collector)", "(program)", "(program)", "(program)"];
    const recorded = Array.from({ length: 40_000 }, (_, i) => [stacks[i % 4], 1] as const);
    const file = {
      name: "dense.cpuprofile",
      mimeType: "",
      buffer: Buffer.from(recording(recorded)),
    };
    await page.locator("input[type=file]").setInputFiles(file);
    await answerDrop(page, "Open");
    await expect.poll(() => page.locator(".profile-title").textContent()).toBe(file.name);
    await done(page);
    const bytes = (color: string) => [...Buffer.from(color.slice(1), "hex")];
    const [gc, program] = ["gc", classOfName("(program)")].map((name) =>
      bytes(LIGHT.boxes[name].fill),
    );
    for (const x of [3, 333, 996]) {
      bytes(await colorAt(page, x, 0)).forEach((byte, at) => {
        expect(Math.abs(byte - (gc[at] + 3 * program[at]) / 4)).toBeLessThan(3);
      });
    }
  });

  it("shows the figures of a tapped frame in a sheet", async () => {
    const { page } = await shown("timeline", {
      viewport: { width: 390, height: 700 },
      hasTouch: true,
      isMobile: true,
    });
    const tap = async () => {
      const at = await point(page, 100, 0);
      await page.touchscreen.tap(at.x, at.y);
    };
    await tap();
    const sheet = page.getByRole("region", { name: "Selected frame" });
    expect(await sheet.locator(".flame-tip-name").textContent()).toMatch(/^main /);
    expect(await sheet.locator("dd").first().textContent()).toBe("400 ms");
    expect(await page.locator(".flame-tip:not([hidden])").count()).toBe(0);
    await sheet.getByRole("button", { name: "Select its time" }).click();
    await done(page);
    expect(rangeIn(page)).toEqual(["0s", "0.4s"]);
    expect(await sheet.isVisible()).toBe(false);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });

  it("works in a single file, and has no tab without times", async () => {
    const html = path.join(folder, "report.html");
    expect(await tsprof(["html", "-output", html, profile])).toMatchObject({ code: 0 });
    const { page, errors } = await shown(`${pathToFileURL(html).href}#/timeline`);
    await drag(page, 650, 1000);
    expect(rangeIn(page)).toEqual(["0.65s", "1s"]);
    await page.getByRole("link", { name: "Top", exact: true }).click();
    await done(page);
    expect(await rowsOfTop(page)).toEqual(["350ms work", "0 main"]);
    const without = readFileSync(path.join(ROOT, "fixtures/v8-cpu.pb.gz"));
    const file = { name: "x.pb.gz", mimeType: "", buffer: without };
    await page.locator("input[type=file]").setInputFiles(file);
    await answerDrop(page, "Open");
    await expect.poll(() => page.locator(".profile-title").textContent()).toBe("x.pb.gz");
    await done(page);
    expect(await page.getByRole("link", { name: "Timeline" }).count()).toBe(0);
    expect(errors).toEqual([]);
  });
});
