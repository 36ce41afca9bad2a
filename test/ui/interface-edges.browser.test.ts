import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { VIEWS } from "../../src/page/protocol.js";
import { moveTo, useBrowser, type WatchedPage } from "../support/browser.js";
import { answerDrop } from "../support/drop.client.js";
import {
  A_HOSTILE_NAME,
  doneByNames,
  HOSTILE_SEARCHES,
  hostileProfile,
} from "../support/hostile-profile.client.js";
import { profileGo } from "../support/machine-code.js";
import { useOneProcess } from "../support/one-process.js";
import { ROOT } from "../support/proto.js";
import { startTsprof, type WebServer } from "../support/web-server.js";

const fixture = (name: string) => path.join(ROOT, "fixtures", name);
const CPU = fixture("go-cpu.pb.gz");
const COMPARED = [`-diff_base=${fixture("go-cpu-fast.pb.gz")}`, fixture("go-cpu-slow.pb.gz")];

const open = useBrowser();
const run = useOneProcess();
let folder: string;
const servers: Record<string, WebServer> = {};
/** A page of each server, for all tests that leave its profile open. */
const pages: Record<string, WatchedPage> = {};
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "tsprof-edges-"));
  const hostile = path.join(folder, "hostile.pb");
  writeFileSync(hostile, hostileProfile());
  const sources = { cpu: [CPU], compared: COMPARED, hostile: [hostile] };
  const env = { XDG_CONFIG_HOME: folder };
  for (const [name, args] of Object.entries(sources)) {
    servers[name] = await startTsprof(["serve", "-no_browser", ...args], { env });
    pages[name] = await fresh(name, "top");
  }
});
afterAll(async () => {
  for (const server of Object.values(servers)) await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Goes to an address in the page of a server. */
async function shown(server: string, address: string): Promise<WatchedPage> {
  const watched = pages[server];
  await moveTo(watched.page, `/ui/${address}`);
  return watched;
}

/** Opens a page of a server. */
async function fresh(server: string, address: string, width = 1280): Promise<WatchedPage> {
  const watched = await open(`${servers[server].url}/ui/${address}`, {
    viewport: { width, height: 640 },
  });
  await done(watched.page);
  return watched;
}

const done = (page: Page) => page.waitForSelector("main[aria-busy=false]");

/** Returns the first rows of the table: flat, flat%, sum%, cum, cum% and name. */
function rows(page: Page): Promise<string[][]> {
  return page
    .locator(".top-view tbody tr:not(.space)")
    .evaluateAll((all) =>
      all
        .slice(0, 6)
        .map((row) => Array.from(row.children, (cell) => cell.textContent ?? "").slice(0, 6)),
    );
}

/** Returns the same rows from the command line. */
async function printed(...args: string[]): Promise<string[][]> {
  const { stdout } = await run(["top", ...args]);
  const [, body] = stdout.split(/^ +flat +flat% .*\n/m);
  const parsed = body.split("\n").flatMap((line) => {
    const found =
      /^ *(\S+) +(\S+) +(\S+) +(\S+) +(\S+) {2}(.*?)(?: \((?:partial-)?inline\))?$/.exec(line);
    return found ? [found.slice(1)] : [];
  });
  expect(parsed.length).toBeGreaterThan(0);
  return parsed.slice(0, 6);
}

/** Splits a command into words, as a shell does. */
function shellWords(command: string): string[] {
  const script = `tsprof() { printf '%s\\0' tsprof "$@"; }; ${command}`;
  return execFileSync("bash", ["-c", script], { encoding: "utf8" }).split("\0").slice(0, -1);
}

describe("the menu of a function", () => {
  const pattern = "^example\\.com/orders/pricing\\.\\(\\*Book\\)\\.Price$";
  it.each([
    ["Ignore", "ignore", "i"],
    ["Hide", "hide", "h"],
    ["Show only", "show", "s"],
    ["Show from", "show_from", "sf"],
    ["Prune below", "prune_from", "prunefrom"],
  ])("sets the same filter as the command line: %s", async (label, option, param) => {
    const { page, errors } = await shown("cpu", "top");
    const row = page.locator(".top-view tbody tr", { hasText: "(*Book).Price" }).first();
    await row.click({ button: "right" });
    await page.getByRole("menuitem", { name: new RegExp(`^${label}`) }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get(param)).toBe(pattern);
    const wanted = await printed(`-${option}=${pattern}`, CPU);
    await expect.poll(() => rows(page)).toEqual(wanted);
    expect(errors).toEqual([]);
  });

  it("opens on nodes of the graph", async () => {
    const { page } = await shown("cpu", "graph");
    const node = page.locator('.node[aria-label^="runtime.mallocgc,"]');
    await node.click({ button: "right" });
    await page.getByRole("menuitem", { name: /^Ignore/ }).click();
    await expect.poll(() => node.count()).toBe(0);
    expect(new URL(page.url()).searchParams.get("i")).toBe("^runtime\\.mallocgc$");
  });
});

describe("the matches of a search", () => {
  it("are merged, with their callers and callees", async () => {
    const { page, errors } = await shown("cpu", "flamegraph?f=pricing");
    await page.keyboard.press("/");
    await page.keyboard.type("pricing|Price");
    await page.getByRole("button", { name: "Merge" }).waitFor();
    await page.keyboard.press("Control+Enter");
    await done(page);
    expect(new URL(page.url()).searchParams.get("p")).toBe("/(?i)pricing|Price/");
    // Keys still go to the search field.
    await page.getByRole("button", { name: "Table" }).click();
    const { stdout } = await run(["top", "-focus=(?i)pricing|Price", "-show_from=pricing", CPU]);
    const [, shownValue] = /accounting for (\S+),/.exec(stdout) ?? [];
    await expect.poll(() => page.locator("main table").textContent()).toContain(shownValue);
    expect(errors).toEqual([]);
  });
});

describe("a filter that matches nothing", () => {
  it("causes a warning in every view", async () => {
    const { page } = await shown("cpu", "flamegraph?f=nosuchfunction");
    const told: Record<string, boolean> = {};
    // The profile has no times and its binary is not on this machine.
    const views = VIEWS.filter((view) => view !== "timeline" && view !== "disasm");
    for (const [i, view] of views.entries()) {
      await page.locator("main").focus();
      await page.keyboard.press(String(i + 1));
      await expect.poll(() => page.url()).toContain(`/ui/${view}?`);
      await done(page);
      const said = await page.locator(".messages, .failure").allTextContents();
      told[view] = /nosuchfunction matched no samples|no matches.* nosuchfunction/.test(`${said}`);
    }
    expect(told).toEqual(Object.fromEntries(views.map((view) => [view, true])));
  });
});

describe("a comparison", () => {
  it("has the signed numbers of the command line", async () => {
    const { page, errors } = await shown("compared", "top");
    const wanted = await printed(...COMPARED);
    const unsigned = async () =>
      (await rows(page)).map((row) => row.map((cell) => cell.replace(/^\+/, "")));
    await expect.poll(unsigned).toEqual(wanted);
    expect((await rows(page)).flat().some((cell) => /^\+\d/.test(cell))).toBe(true);
    expect(errors).toEqual([]);
  });

  it.each([
    ["peek", "q=main", /[+]\d[\d.]*m?s/, /[-−]\d[\d.]*m?s/],
    ["sandwich", "", /[+]\d[\d.]*m?s/, /is a decrease/],
    ["flamegraph", "", /[+]\d[\d.]*(m?s|%)/, /[-−]\d[\d.]*(m?s|%)/],
    ["tags", "", /pprof::base/, /[-−]610ms/],
  ])("is one in the view %s", async (view, search, more, less) => {
    const { page, errors } = await shown("compared", `${view}?${search}`);
    // A table replaces the canvas.
    if (view === "flamegraph") await page.keyboard.press("t");
    const main = page.locator("main");
    await expect.poll(() => main.textContent()).toMatch(more);
    expect(await main.textContent()).toMatch(less);
    expect(errors).toEqual([]);
  });

  it("is the output of the command shown above it", async () => {
    const { page } = await shown("compared", "text?report=tree&f=pricing");
    const command = (await page.locator(".command code").textContent()) ?? "";
    expect(command).toContain("-diff_base=");
    const { stdout } = await run(shellWords(command).slice(1));
    await expect.poll(() => page.locator(".text-view pre").textContent()).toBe(stdout);
  });
});

describe("on paper", () => {
  it.each(["flamegraph", "graph", "top?trim=f", "source?q=Marshal", "text"])(
    "prints all of %s, without the tools",
    async (address) => {
      const { page } = await shown("cpu", address);
      await page.emulateMedia({ media: "print" });
      expect(await page.locator(".tools").isVisible()).toBe(false);
      expect(await page.locator("nav.views").isVisible()).toBe(false);
      expect(await page.locator("main").isVisible()).toBe(true);
      // The whole view is in the page while it is printed.
      await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
      const wide = await page.evaluate(() => {
        const parts = document.querySelectorAll(
          "main :is(svg, .flame-paper canvas, iframe, table)",
        );
        return [...parts].map((part) => part.getBoundingClientRect().right > innerWidth + 1);
      });
      expect(wide).not.toContain(true);
      if (address.startsWith("top")) {
        const all = (await run(["top", "-trim=f", CPU])).stdout.split("\n").length - 6;
        const count = await page.locator(".top-view tbody tr:not(.space)").count();
        expect(Math.abs(count - all)).toBeLessThan(3);
      }
      await page.evaluate(() => dispatchEvent(new Event("afterprint")));
      const pdf = await page.pdf();
      expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
      const { width } = (await page.locator("main").boundingBox()) ?? { width: 0 };
      expect(width).toBeGreaterThan(300);
      await page.emulateMedia({ media: null });
    },
  );
});

describe("machine code", () => {
  it("is that of the command line, from the profiled program", async () => {
    const { cpu } = profileGo(folder);
    const args = [cpu.program, cpu.profile];
    const server = await startTsprof(["serve", "-no_browser", ...args]);
    try {
      const { page, errors } = await open(`${server.url}/ui/disasm?q=main%5C.work`);
      await done(page);
      const { stdout } = await run(["-disasm=main\\.work", ...args]);
      const lines = [...stdout.matchAll(/^ +([\d.]+m?s) +([\d.]+m?s) +([0-9a-f]+): /gm)];
      expect(lines.length).toBeGreaterThan(0);
      const text = (await page.locator("main").textContent()) ?? "";
      for (const [, ...cells] of lines) for (const cell of cells) expect(text).toContain(cell);
      await page.goto(`${server.url}/ui/source?q=main%5C.work`);
      await done(page);
      const source = page.frameLocator("main iframe").locator("body");
      await expect.poll(() => source.textContent()).toContain(lines[0][3]);
      expect(errors).toEqual([]);
    } finally {
      await server.stop();
    }
  });
});

describe("hostile names", () => {
  it("are text in every view", async () => {
    const { page, dialogs, requests } = pages.hostile;
    for (const view of VIEWS) {
      await shown("hostile", `${view}${HOSTILE_SEARCHES[view] ?? ""}`);
      expect({ view, done: await doneByNames(page) }).toEqual({ view, done: [] });
      // These views write names into the page.
      if (view === "top" || view === "text") {
        expect(await page.locator("main").textContent()).toContain(A_HOSTILE_NAME);
      }
    }
    expect(dialogs).toEqual([]);
    const own = [servers.hostile.url, "blob:", "data:"];
    expect(requests.filter((url) => !own.some((start) => url.startsWith(start)))).toEqual([]);
  });
});

describe("a file that cannot be read", () => {
  it("leaves the open profile as it was", async () => {
    const { page } = await fresh("cpu", "top");
    const before = await rows(page);
    const broken = readFileSync(fixture("go-heap.pb.gz")).subarray(0, 400);
    const file = (buffer: Buffer) => ({ name: "x.pb.gz", mimeType: "", buffer });
    await page.locator("input[type=file]").setInputFiles(file(broken));
    await expect.poll(() => page.locator(".notices").textContent()).toContain("x.pb.gz: ");
    expect(await rows(page)).toEqual(before);
    // The engine still has the profile open.
    await page.getByLabel("Granularity").selectOption("lines");
    const wanted = await printed("-lines", CPU);
    await expect.poll(() => rows(page)).toEqual(wanted);
    await page.locator("input[type=file]").setInputFiles(fixture("go-heap.pb.gz"));
    await answerDrop(page, "Open");
    const heap = await printed(fixture("go-heap.pb.gz"));
    await expect.poll(() => rows(page)).toEqual(heap);
  });
});

describe("copying and saving", () => {
  const menu = async (page: Page) => {
    await page.getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("menuitem", { name: /^Copy or save/ }).click();
  };
  const saved = async (page: Page, name: string) => {
    await menu(page);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("menuitem", { name, exact: true }).click(),
    ]);
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  };

  it.each([
    ["flamegraph", "runtime.mallocgc"],
    ["graph", "mallocgc"],
  ])("gives the whole %s as pictures", async (view, text) => {
    const { page, errors } = await shown("cpu", view);
    const before = [...errors];
    const svg = await saved(page, "SVG file");
    expect(svg.name).toBe(`${view}.svg`);
    const parsed = await page.evaluate((source) => {
      const { documentElement } = new DOMParser().parseFromString(source, "image/svg+xml");
      return { tag: documentElement.localName, text: documentElement.textContent };
    }, svg.bytes.toString());
    expect(parsed.tag).toBe("svg");
    expect(parsed.text).toContain(text);
    const png = await saved(page, "PNG file");
    expect(png.bytes.subarray(1, 4).toString()).toBe("PNG");
    expect(png.bytes.readUInt32BE(16)).toBeGreaterThan(1000);
    expect(errors).toEqual(before);
  });

  it("gives tables as texts, and the command line that prints the same", async () => {
    const { page } = await shown("cpu", "top?f=Price");
    const { bytes } = await saved(page, "TSV file");
    const [head, first] = bytes.toString().split("\n");
    expect(head.split("\t").slice(0, 6)).toEqual(["Flat", "Flat%", "Sum%", "Cum", "Cum%", "Name"]);
    expect(first.split("\t").slice(0, 6)).toEqual((await printed("-focus=Price", CPU))[0]);
    await menu(page);
    const command = await page
      .getByRole("menuitem", { name: /^Command line/ })
      .locator(".menu-detail")
      .textContent();
    expect(shellWords(command ?? "")).toEqual(["tsprof", "top", "-focus=Price", CPU]);
    await page.getByRole("menuitem", { name: /^Command line/ }).click();
    await expect.poll(() => page.locator(".notices").textContent()).toContain("command line");
  });
});

describe("keys alone", () => {
  it("reach the title, the tabs, the tools and the view in this order, and return from a dialog", async () => {
    const { page } = await fresh("cpu", "top");
    const met: string[] = [];
    for (let i = 0; i < 40 && met.at(-1) !== "main"; i++) {
      await page.keyboard.press("Tab");
      const at = await page.evaluate(
        () => document.activeElement?.closest(".skip, h1, nav, .tools, main")?.localName ?? "",
      );
      if (at !== met.at(-1)) met.push(at);
    }
    expect(met).toEqual(["a", "h1", "nav", "div", "main"]);
    await page.locator("main").focus();
    await page.keyboard.press("?");
    expect(await page.getByRole("dialog").count()).toBe(1);
    await page.keyboard.press("Escape");
    expect(await page.getByRole("dialog").count()).toBe(0);
    expect(await page.locator("main:focus").count()).toBe(1);
  });
});

describe("a phone", () => {
  it("leaves most of its screen to the view with any number of filters", async () => {
    const { page } = await fresh("cpu", "top?f=Price&i=volume&g=lines&tf=region", 320);
    const height = await page.locator("header").evaluate((header) => header.clientHeight);
    expect(height).toBeLessThan(100);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  });
});
