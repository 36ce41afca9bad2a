import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHROMIUM, moveTo, useBrowser, type WatchedPage } from "../support/browser.js";
import { answerDrop, drop } from "../support/drop.client.js";
import { useOneProcess } from "../support/one-process.js";
import { ROOT } from "../support/proto.js";
import { startTsprof, type WebServer } from "../support/web-server.js";

const fixture = (name: string) => path.join(ROOT, "fixtures", name);
const CPU = fixture("go-cpu.pb.gz");
const HEAP = fixture("go-heap.pb.gz");

let folder: string;
let server: WebServer;
/** A page for all tests that leave its profile open. */
let shared: WatchedPage;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "tsprof-interface-"));
  server = await startTsprof(["serve", "-no_browser", CPU], { env: { XDG_CONFIG_HOME: folder } });
  shared = await shown("top", {});
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const tsprof = useOneProcess();
const open = useBrowser();
/** Opens pages in the browser that users have. A page costs three times as much CPU time there. */
const openAsUsers = useBrowser(CHROMIUM);

async function shown(
  address: string,
  options?: Parameters<typeof open>[1],
  opening = open,
): Promise<WatchedPage> {
  const watched = await opening(`${server.url}/ui/${address}`, options);
  await done(watched.page);
  return watched;
}

/** Goes to an address in the shared page. */
async function moved(address: string): Promise<WatchedPage> {
  await moveTo(shared.page, `/ui/${address}`);
  return shared;
}

/** Waits until the page shows the requested state. */
async function done(page: Page): Promise<void> {
  await page.waitForSelector("main[aria-busy=false]");
}

/** Does something that changes the state, and waits until it is shown. */
async function change(page: Page, act: () => Promise<unknown>): Promise<void> {
  const before = page.url();
  await act();
  await expect.poll(() => page.url()).not.toBe(before);
  await done(page);
}

/** Returns flat, cum and name of the first rows of the table. */
async function firstRows(page: Page, count: number): Promise<string[]> {
  const rows = page.locator(".top-view tbody tr:not(.space)");
  await expect.poll(() => rows.count()).toBeGreaterThan(0);
  const cells = await rows.evaluateAll((all) =>
    all.map((row) => Array.from(row.children, (cell) => cell.textContent ?? "")),
  );
  return cells.slice(0, count).map((row) => row.join(" ").replace(/\s+/g, " ").trim());
}

/** Returns the names of the first rows that the command line prints with the same options. */
async function printedNames(args: readonly string[], count: number): Promise<string[]> {
  const { stdout } = await tsprof(["top", ...args, CPU]);
  const [, rows] = stdout.split(/^.*flat% .*\n/m);
  return rows
    .split("\n")
    .filter((row) => row !== "")
    .slice(0, count)
    .map((row) =>
      row
        .trim()
        .split(/\s+/)
        .slice(5)
        .join(" ")
        .replace(/ \((partial-)?inline\)$/, ""),
    );
}

async function sameAsPrinted(page: Page, args: readonly string[]): Promise<void> {
  const printed = await printedNames(args, 5);
  await expect
    .poll(async () => (await firstRows(page, 5)).map((row, i) => row.includes(printed[i])))
    .toEqual(printed.map(() => true));
}

/** Chooses an item of the menu of the page. */
async function chooseMore(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: new RegExp(`^${name}`) }).click();
}

const chips = (page: Page) => page.locator(".chip").allTextContents();

describe("the web interface", () => {
  it("shows every view by its tab and its key, with requests to its own server only", async () => {
    const { page, errors, requests } = await shown("flamegraph", {}, openAsUsers);
    const tabs = page.locator("nav.views a:not([hidden])");
    const names = [
      "flamegraph",
      "graph",
      "top",
      "tree",
      "peek",
      "source",
      "tags",
      "sandwich",
      "text",
    ];
    expect(await tabs.count()).toBe(names.length);
    for (const [i, name] of names.entries()) {
      if (i > 0) await change(page, () => tabs.nth(i).click());
      expect(new URL(page.url()).pathname).toBe(`/ui/${name}`);
      expect(await page.locator("main").textContent()).not.toBe("");
      expect(await page.locator(".failure").count()).toBe(0);
    }
    await page.locator("main").focus();
    await change(page, () => page.keyboard.press("3"));
    expect(new URL(page.url()).pathname).toBe("/ui/top");
    expect(errors).toEqual([]);
    const own = [`http://localhost:${server.port}`, "blob:", "data:"];
    expect(requests.filter((url) => !own.some((start) => url.startsWith(start)))).toEqual([]);
  });

  it("keeps the zoom in the address: Back zooms out, filters and reload keep it", async () => {
    const { page } = await moved("flamegraph");
    const crumbs = page.locator(".flame-crumbs");
    await page.locator(".flame-host").focus();
    for (const key of ["Home", "ArrowDown", "ArrowDown"]) await page.keyboard.press(key);
    await change(page, () => page.keyboard.press("Enter"));
    const zoomed = page.url();
    expect(new URL(zoomed).search).toMatch(/^\?z=\w+&sel=\.main\./);
    await expect.poll(() => crumbs.textContent()).toMatch(/^allmain\.main\.func3main/);
    await change(page, () => page.goBack());
    expect(await crumbs.textContent()).toBe("all");
    await change(page, () => page.goForward());
    expect(page.url()).toBe(zoomed);
    await page.reload();
    await expect.poll(() => crumbs.textContent()).toMatch(/main\.\(\*shop\)\.bill$/);
    await done(page);
    // The path exists under this filter, but not under the next one.
    await moved(`flamegraph${new URL(zoomed).search}&f=flate`);
    expect(await crumbs.textContent()).toMatch(/main\.\(\*shop\)\.bill$/);
    await moved(`flamegraph${new URL(zoomed).search}&f=pricing`);
    expect(await crumbs.textContent()).toBe("all");
    await page.keyboard.press("Escape");
  });

  it("filters by clicks as the command line does, and goes back", async () => {
    const { page } = await moved("top");
    await sameAsPrinted(page, []);
    const row = page
      .locator(".top-view tbody tr:not(.space)", { hasText: "(*Book).Price" })
      .first();
    await row.click({ button: "right" });
    await change(page, () => page.getByRole("menuitem", { name: /^Focus/ }).click());
    const pattern = "^example\\.com/orders/pricing\\.\\(\\*Book\\)\\.Price$";
    expect(new URL(page.url()).searchParams.get("f")).toBe(pattern);
    expect(await chips(page)).toEqual([`focus${pattern}×`]);
    await sameAsPrinted(page, [`-focus=${pattern}`]);

    await change(page, () => page.getByLabel("Granularity").selectOption("lines"));
    await sameAsPrinted(page, [`-focus=${pattern}`, "-lines"]);
    await change(page, () => page.goBack());
    await sameAsPrinted(page, [`-focus=${pattern}`]);
    await page.reload();
    await done(page);
    expect(await chips(page)).toEqual([`focus${pattern}×`]);
    await change(page, () => page.locator(".chip-remove").click());
    expect(await chips(page)).toEqual([]);
    await sameAsPrinted(page, []);
  });

  it("understands pprof's addresses", async () => {
    const { page } = await shown("top?f=Price&i=volume&g=lines&n=3&si=samples");
    await sameAsPrinted(page, [
      "-focus=Price",
      "-ignore=volume",
      "-lines",
      "-nodecount=3",
      "-sample_index=samples",
    ]);
    expect(await page.locator(".top-view tbody tr:not(.space)").count()).toBe(3);
  });

  it("has a filter dialog that reports errors", async () => {
    const { page, errors } = await moved("top");
    await page.locator("main").focus();
    await page.keyboard.press("f");
    await page.getByLabel("Kind of filter").selectOption("hide");
    await page.getByLabel("Pattern").fill("^runtime\\.");
    await change(page, () => page.keyboard.press("Enter"));
    await sameAsPrinted(page, ["-hide=^runtime\\."]);
    const top = async () => (await page.locator(".top-view").boundingBox())?.y;
    const before = await top();
    await page.getByRole("button", { name: "+ Filter" }).click();
    await page.getByLabel("Pattern").fill("(");
    await change(page, () => page.keyboard.press("Enter"));
    expect(await page.locator(".failure").textContent()).toContain("missing closing )");
    // The view stays where it is, and its field can be used.
    expect(await top()).toBe(before);
    const filter = page.getByPlaceholder("Filter rows");
    expect(await filter.isVisible()).toBe(true);
    await page.getByRole("button", { name: "Edit focus" }).click();
    expect(await page.getByLabel("Pattern").inputValue()).toBe("(");
    await page.getByRole("button", { name: "Cancel" }).click();
    await change(page, () => page.locator(".remedies").getByText("Remove focus: (").click());
    await sameAsPrinted(page, ["-hide=^runtime\\."]);
    await change(page, () => page.locator(".chip-remove").click());
    await page.getByRole("button", { name: "+ Filter" }).click();
    await page.getByLabel("Kind of filter").selectOption("tagfocus");
    await page.getByRole("button", { name: "islands", exact: true }).click();
    await change(page, () => page.keyboard.press("Enter"));
    await sameAsPrinted(page, ["-tagfocus=region=^islands$"]);
    expect(errors).toEqual([]);
  });

  it("keeps configurations where the shell and pprof find them", async () => {
    const { page } = await moved("top?f=Price&si=samples");
    await chooseMore(page, "Configs");
    await page.getByRole("menuitem", { name: /^Save as/ }).click();
    await page.getByLabel("Name", { exact: true }).fill("prices");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator(".notices").textContent()).toContain("Saved as “prices”.");
    const settings = () =>
      JSON.parse(readFileSync(path.join(folder, "pprof/settings.json"), "utf8"));
    expect(settings().configs[0]).toMatchObject({ name: "prices", focus: "Price" });

    // Another program changes the file. The page asks before it replaces a configuration.
    writeFileSync(
      path.join(folder, "pprof/settings.json"),
      JSON.stringify({ configs: [...settings().configs, { name: "theirs", focus: "json" }] }),
    );
    await chooseMore(page, "Configs");
    await page.getByRole("menuitemradio", { name: /^theirs/ }).waitFor();
    await page.getByRole("menuitem", { name: /^Save as/ }).click();
    await page.getByLabel("Name", { exact: true }).fill("theirs");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.getByRole("alert").textContent()).toContain("“theirs” exists");
    expect(settings().configs[1].focus).toBe("json");
    await page.getByRole("button", { name: "Replace" }).click();
    await expect.poll(() => settings().configs[1].focus).toBe("Price");

    await change(page, () =>
      page.locator(".chip", { hasText: "focus" }).locator(".chip-remove").click(),
    );
    await chooseMore(page, "Configs");
    await change(page, () => page.getByRole("menuitemradio", { name: /^prices/ }).click());
    // A configuration does not change the sample type.
    expect(new URL(page.url()).searchParams.get("si")).toBe("samples");
    expect(await chips(page)).toContain("focusPrice×");

    await chooseMore(page, "Configs");
    await page.getByRole("menuitem", { name: /^Delete/ }).click();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await expect.poll(() => settings().configs.length).toBe(1);
  });

  it("downloads the profile, and opens another one", async () => {
    const { page, requests } = await shown("top");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      chooseMore(page, "Download"),
    ]);
    expect(readFileSync(await download.path())).toEqual(readFileSync(CPU));

    const before = requests.length;
    await drop(page, ["broken.pb.gz", readFileSync(HEAP).subarray(0, 400)]);
    await expect.poll(() => page.locator(".notices").textContent()).toContain("broken.pb.gz: ");
    expect(await page.locator(".profile-title").textContent()).toBe(path.basename(CPU));
    await drop(page, ["heap.pb.gz", readFileSync(HEAP)]);
    expect(await page.getByRole("dialog").textContent()).toContain("no sample type in common");
    await answerDrop(page, "Open");
    const title = () => page.locator(".profile-title").textContent();
    await expect.poll(title).toBe("heap.pb.gz");
    await done(page);
    expect(await page.getByLabel("Sample type").locator("option").allTextContents()).toEqual([
      "alloc_objects (count)",
      "alloc_space (bytes)",
      "inuse_objects (count)",
      "inuse_space (bytes)",
    ]);
    expect(requests.slice(before).filter((url) => url.startsWith("http"))).toEqual([]);

    await page.reload();
    await done(page);
    expect(await title()).toBe("heap.pb.gz");
    await chooseMore(page, `Back to ${path.basename(CPU)}`);
    await expect.poll(title).toBe(path.basename(CPU));
    await done(page);
    await sameAsPrinted(page, []);
    await page.reload();
    await done(page);
    expect(await title()).toBe(path.basename(CPU));
  });

  it("compares and merges files, and swaps the base", async () => {
    const { page, errors } = await shown("top");
    const [slow, fast] = ["go-cpu-slow.pb.gz", "go-cpu-fast.pb.gz"];
    const [before, after] = [slow, fast].map((name) => readFileSync(fixture(name)));
    const title = () => page.locator(".profile-title").textContent();
    /** Returns the first line of the table without its signs. */
    const first = async () => (await firstRows(page, 1))[0].replaceAll(/[+\u2212-]/g, "");
    const printed = async (...args: string[]) => {
      const { stdout } = await tsprof(["top", ...args]);
      return stdout
        .split(/^.*flat% .*\n/m)[1]
        .split("\n")[0]
        .replaceAll("-", "");
    };
    const words = (line: string) => line.trim().split(/\s+/).slice(0, 6);
    const shows = async (...args: string[]) => {
      const wanted = words(await printed(...args));
      await expect.poll(async () => words(await first())).toEqual(wanted);
    };
    await drop(page, [slow, before], [fast, after]);
    await expect.poll(() => page.locator(".change").textContent()).toBe("cpu 5.57s → 0.61s, −89%");
    await answerDrop(page, "Compare");
    await expect.poll(title).toBe(`${fast} since ${slow}`);
    await shows(`-diff_base=${fixture(slow)}`, fixture(fast));
    await page.reload();
    await done(page);
    expect(await title()).toBe(`${fast} since ${slow}`);
    await chooseMore(page, "Swap");
    await expect.poll(title).toBe(`${slow} since ${fast}`);
    await shows(`-diff_base=${fixture(fast)}`, fixture(slow));
    await chooseMore(page, "Back to");
    await expect.poll(title).toBe(path.basename(CPU));
    await drop(page, [fast, after]);
    await answerDrop(page, "Merge");
    await expect.poll(title).toBe(`${path.basename(CPU)}, ${fast}`);
    await shows(CPU, fixture(fast));
    expect(errors).toEqual([]);
  });

  it("has one row above the view, and the links that do not fit into it in a menu", async () => {
    const { page } = await shown("top", { viewport: { width: 800, height: 640 } });
    const links = page.locator("nav.views a");
    const shownLinks = () => page.locator("nav.views a:not([hidden])").allTextContents();
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe(path.basename(CPU));
    const all = await links.allTextContents();
    for (const [width, height] of [
      [1400, 50],
      [800, 50],
      [390, 50],
    ]) {
      await page.setViewportSize({ width, height: 640 });
      const isFitted = width === 1400;
      await expect.poll(async () => (await shownLinks()).length === all.length).toBe(isFitted);
      const header = await page.locator("body > header").boundingBox();
      expect(header?.height).toBeLessThan(height);
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(beyond).toBe(0);
      if (isFitted) continue;
      const kept = await shownLinks();
      await page.getByRole("button", { name: /more views/i }).click();
      const items = page.getByRole("menuitemradio");
      const labels = await items.locator(".menu-label").allTextContents();
      expect([...kept, ...labels]).toEqual(all);
      await change(page, () => items.filter({ hasText: "Text" }).click());
      await change(page, () => page.goBack());
    }
    await page.context().close();
  });

  it("shows views side by side, with the same selected function", async () => {
    const { page } = await moved("flamegraph");
    await change(page, () => page.keyboard.press("b").then(() => page.keyboard.type("Tree\n")));
    await page.keyboard.press("b");
    await page.getByRole("menu").getByText("Top", { exact: true }).click();
    const selected = (pane: string) =>
      page.locator(`${pane} tr[aria-selected=true] .col-name`).textContent();
    const row = page.locator(".pane-top tbody tr[role=row]").nth(1);
    const name = (await row.locator(".col-name").textContent()) ?? "";
    await change(page, () => row.click());
    await expect.poll(() => selected(".pane-tree")).toBe(name);
    expect(new URL(page.url()).searchParams.get("beside")).toBe("tree,top");
    await page.reload();
    await done(page);
    await expect.poll(() => selected(".pane-tree")).toBe(name);
    expect(await selected(".pane-top")).toBe(name);
    // A view that moves to the front swaps its place with the current one.
    await change(page, () => page.keyboard.press("3"));
    expect(new URL(page.url()).searchParams.get("beside")).toBe("tree,flamegraph");
    for (const [width, across] of [
      [1280, 3],
      [800, 1],
      [390, 0],
    ]) {
      await page.setViewportSize({ width, height: 800 });
      await expect
        .poll(() =>
          page.evaluate(() => {
            const boxes = [...document.querySelectorAll(".workspace>main,.pane")].map((one) =>
              one.getBoundingClientRect(),
            );
            const { scrollWidth } = document.documentElement;
            const lefts = new Set(boxes.map(({ left }) => left));
            return [boxes.length === 1 ? 0 : lefts.size, scrollWidth <= innerWidth];
          }),
        )
        .toEqual([across, true]);
    }
    await page.setViewportSize({ width: 1280, height: 720 });
    await change(page, () => page.getByRole("button", { name: "Close Tree" }).click());
    await expect.poll(() => page.locator(".pane").count()).toBe(1);
  });

  it("shows the call tree, which keys expand", async () => {
    const { page } = await moved("tree");
    const tree = page.getByRole("treegrid");
    const row = (name: RegExp) => tree.getByRole("row", { name });
    // The heaviest path is expanded.
    await expect.poll(() => row(/\(\*compressor\)\.deflate/).count()).toBeGreaterThan(0);
    await tree.focus();
    await change(page, () =>
      page.keyboard.press("ArrowDown").then(() => page.keyboard.press("ArrowDown")),
    );
    const first = tree.locator("[aria-selected=true]");
    expect(await first.getAttribute("aria-level")).toBe("2");
    const count = async () => Number(await tree.getAttribute("aria-rowcount"));
    const before = await count();
    await page.keyboard.press("ArrowLeft");
    expect(await first.getAttribute("aria-expanded")).toBe("false");
    expect(await count()).toBeLessThan(before);
    await page.keyboard.press("ArrowRight");
    expect(await count()).toBe(before);
    await change(page, () => page.keyboard.press("ArrowRight"));
    expect(await first.getAttribute("aria-level")).toBe("3");
    await page.keyboard.press("*");
    expect(await count()).toBeGreaterThan(before);
    await page.keyboard.press("Enter");
    expect(await page.getByRole("menu").count()).toBe(1);
    await page.keyboard.press("Escape");

    await change(page, () => page.getByLabel("Find functions").fill("mallocgc"));
    await page.keyboard.press("Enter");
    await expect.poll(() => first.locator(".match").textContent()).toBe("runtime.mallocgc");
    await change(page, () => page.getByRole("button", { name: "Bottom-up" }).click());
    expect(new URL(page.url()).searchParams.get("tree")).toBe("up");
    await tree.focus();
    await change(page, () => page.keyboard.press("Home"));
    const printed = await printedNames([], 1);
    const heaviest = tree.locator("tbody tr[aria-level='2']").first();
    expect(await heaviest.locator(".col-name").textContent()).toContain(printed[0]);
  });

  it("fits on a phone and can be tapped", async () => {
    const { page } = await shown("flamegraph", {
      viewport: { width: 320, height: 640 },
      hasTouch: true,
      isMobile: true,
    });
    for (const key of ["1", "2", "3", "4", "6", "7", "8"]) {
      await page.locator("main").focus();
      await page.keyboard.press(key);
      await done(page);
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect({ key, beyond }).toEqual({ key, beyond: 0 });
    }

    // Menus and dialogs lie within the screen, and fingers can hit their items.
    const inside = async (selector: string) => {
      const boxes = await page.locator(selector).evaluateAll((all) =>
        all
          .filter((element) => element.getClientRects().length > 0)
          .map((element) => {
            const { left, right, height } = element.getBoundingClientRect();
            return { left, right, height };
          }),
      );
      expect(boxes.length).toBeGreaterThan(0);
      for (const { left, right, height } of boxes) {
        expect(left).toBeGreaterThanOrEqual(0);
        expect(right).toBeLessThanOrEqual(320);
        expect(height).toBeGreaterThanOrEqual(34);
      }
    };
    await page.getByRole("button", { name: "More", exact: true }).tap();
    await inside(".menu [role^=menuitem]");
    await page.getByRole("menuitem", { name: "Options…" }).tap();
    await inside("dialog :is(button, select, input[type=text])");
    await page.getByRole("dialog").getByLabel("granularity").selectOption("lines");
    await change(page, () => page.getByRole("button", { name: "Apply" }).tap());
    expect(new URL(page.url()).searchParams.get("g")).toBe("lines");
    await page.getByRole("button", { name: /more views/i }).tap();
    await inside(".menu [role^=menuitem]");
    await change(page, () => page.getByRole("menuitemradio", { name: /^Tags/ }).tap());
    expect(new URL(page.url()).pathname).toBe("/ui/tags");
  });
});

describe("axe", () => {
  const axe = readFileSync(path.join(ROOT, "node_modules/axe-core/axe.min.js"), "utf8");
  // Colours do not depend on the width.
  const looks = [
    { colorScheme: "light", width: 1280 },
    { colorScheme: "dark", width: 320 },
  ] as const;

  it.each(looks)(
    "finds nothing serious at $width in $colorScheme",
    async ({ colorScheme, width }) => {
      const { page } = await shown("flamegraph?f=Price", {
        colorScheme,
        viewport: { width, height: 800 },
      });
      await page.evaluate(axe);
      const findings: string[] = [];
      for (const key of ["1", "2", "3", "4", "5", "6", "7", "8"]) {
        await page.locator("main").focus();
        await page.keyboard.press(key);
        await done(page);
        const found = await page.evaluate(async () => {
          const { axe: run } = globalThis as unknown as {
            axe: {
              run(
                context: object,
                options: object,
              ): Promise<{
                violations: { id: string; impact: string; nodes: { html: string }[] }[];
              }>;
            };
          };
          const { violations } = await run.run({ exclude: ["iframe"] }, { iframes: false });
          return violations
            .filter(({ impact }) => impact === "serious" || impact === "critical")
            .map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)}`);
        });
        findings.push(...found.map((line) => `view ${key}: ${line}`));
      }
      expect(findings).toEqual([]);
    },
  );
});
