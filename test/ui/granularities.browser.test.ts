import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { classOfName } from "../../src/render/flame/colors.js";
import { LIGHT } from "../../src/render/flame/themes.js";
import { moveTo, useBrowser } from "../support/browser.js";
import { tsprof } from "../support/run.js";
import { SIMILAR_FUNCTIONS, v8Profile } from "../support/v8-profile.js";
import { startTsprof, type WebServer } from "../support/web-server.js";

let folder: string;
let profile: string;
let server: WebServer;
let shared: Page;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "tsprof-granularities-"));
  profile = path.join(folder, "similar.cpuprofile");
  writeFileSync(profile, v8Profile(SIMILAR_FUNCTIONS));
  server = await startTsprof(["serve", "-no_browser", profile], {
    env: { XDG_CONFIG_HOME: folder },
  });
  shared = await opened(`${server.url}/ui/top`);
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const open = useBrowser();

async function opened(url: string): Promise<Page> {
  const { page } = await open(url);
  await page.waitForSelector("main[aria-busy=false]");
  return page;
}

/** Goes to an address in the page of all tests. */
async function shown(address: string): Promise<Page> {
  await moveTo(shared, `/ui/${address}`);
  return shared;
}

const row = (page: Page, name: string) =>
  page.locator(".top-view tbody tr").filter({ has: page.getByText(name, { exact: true }) });

/** Returns the names in the table. */
async function names(page: Page): Promise<string[]> {
  await page.waitForSelector("main[aria-busy=false]");
  const all = await page.locator(".top-view tbody .col-name").allTextContents();
  return all.filter((name) => name !== "");
}

describe("the menu of a node", () => {
  it.each([
    ["functions", "run a.mjs:1", ["run a.mjs:1"], "function"],
    ["filefunctions", "run /srv/shop/b.mjs:1", ["run /srv/shop/b.mjs:1"], "function"],
    ["lines", "encode cls.js:10", ["encode cls.js:9:10", "encode cls.js:10"], "function"],
    ["files", "other/index.js", ["other/index.js"], "file"],
    ["packages", "dep", ["dep"], "package"],
    ["modules", "dep/lib/index.js", ["dep/lib/index.js"], "module"],
  ])("filters by exactly one node at granularity %s", async (granularity, name, left, noun) => {
    const page = await shown(`top?g=${granularity}&trim=false`);
    await row(page, name).click({ button: "right" });
    const item = page.getByRole("menuitem", { name: /^Show only/ });
    expect(await item.textContent()).toContain(`keep only frames of this ${noun}`);
    await item.click();
    await expect.poll(() => names(page)).toHaveLength(left.length);
    expect(await names(page)).toEqual(left);
    expect(await page.locator("main").textContent()).not.toContain("matched no samples");
  });

  it("offers no source code of packages", async () => {
    const page = await shown("top?g=packages");
    await row(page, "dep").click({ button: "right" });
    expect(await page.getByRole("menuitem", { name: "Peek" }).count()).toBe(1);
    expect(await page.getByRole("menuitem", { name: /^(Source|Machine code)/ }).count()).toBe(0);
  });

  it("leads to the source code of one of two functions of the same name", async () => {
    const page = await shown("top");
    await row(page, "encode cls.js:9").click({ button: "right" });
    await page.getByRole("menuitem", { name: "Source" }).click();
    const listing = page.frameLocator(".source-frame");
    await expect.poll(() => listing.locator("h2").allTextContents()).toEqual(["encode cls.js:9"]);
  });
});

describe("the whole path of a file", () => {
  it("is shown on hover", async () => {
    const page = await shown("top");
    const title = await row(page, "run b.mjs:1").locator(".col-name").getAttribute("title");
    expect(title).toBe("run b.mjs:1\n/srv/shop/b.mjs");
  });
});

describe("the colours of packages", () => {
  const color = LIGHT.boxes[classOfName("dep")].fill;

  /** Waits until a canvas has pixels of this colour, or until it has none. */
  async function expectPixels(page: Page, selector: string, isThere: boolean) {
    const canvas = page.locator(`${selector} canvas`).first();
    const has = () =>
      canvas.evaluate((element: HTMLCanvasElement, wanted) => {
        const { width, height } = element;
        const data = element.getContext("2d")?.getImageData(0, 0, width, height).data;
        const pixels = new Uint32Array(data?.buffer ?? new ArrayBuffer(0));
        const bytes = [1, 3, 5].map((at) => Number.parseInt(wanted.slice(at, at + 2), 16));
        const pixel = new Uint32Array(Uint8Array.of(...bytes, 255).buffer)[0];
        return pixels.filter((other) => other === pixel).length > 20;
      }, color);
    await expect.poll(has).toBe(isThere);
  }

  it("are the same in all views and under all filters", async () => {
    const others = ["(own code)", "other", "node:internal", "(root)"];
    expect(others.map(classOfName)).not.toContain(classOfName("dep"));
    const filters = ["", "f=index.js", "g=packages", "h=run", "s=dep"];
    const views = ["flamegraph", "timeline", "sandwich"];
    for (const view of views) {
      const selector = view === "timeline" ? ".timeline-host" : ".flame-host";
      for (const filter of filters) {
        const page = await shown(`${view}?${filter}`);
        await expectPixels(page, selector, true);
        const swatch = page.locator(".flame-legend > span", { hasText: /^dep$/ });
        const shownColor = await swatch
          .locator(".flame-swatch")
          .first()
          .evaluate((element: HTMLElement) => element.style.background);
        expect([view, filter, shownColor]).toEqual([view, filter, rgb(color)]);
      }
      // The colour belongs to this package alone.
      const page = await shown(`${view}?h=dep`);
      await expectPixels(page, selector, false);
    }
    const { stdout } = await tsprof(["flame", profile]);
    expect(stdout).toContain(`.${classOfName("dep")} rect{fill:${color}}`);
    expect(stdout).toMatch(new RegExp(`class="box ${classOfName("dep")}"[^>]*><title>[^<]*dep/`));
  });

  const rgb = (hex: string) =>
    `rgb(${[1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join(", ")})`;
});

describe("the colours of a flame graph", () => {
  const legend = (page: Page) => page.locator(".flame-legend").textContent();

  it("show the user's own code first, in the page and in a single file", async () => {
    const file = path.join(folder, "page.html");
    await tsprof(["html", "-output", file, profile]);
    for (const url of [`${server.url}/ui/flamegraph`, `file://${file}`]) {
      const page = await opened(url);
      await expect.poll(() => legend(page)).toMatch(/^\(own code\).*dep.*other/);
    }
  });
});
