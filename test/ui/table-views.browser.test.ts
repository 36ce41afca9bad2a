import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { build } from "esbuild";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Options } from "../../src/options/table.js";
import { encodeProfile } from "../../src/profile/wire/encode.js";
import {
  PEEK_STYLE,
  TABLE_STYLE,
  TAGS_STYLE,
  TEXT_STYLE,
  TOP_STYLE,
} from "../../src/ui/views/table-style.js";
import { PARTS_STYLE } from "../../src/ui/widgets/style.js";
import { useBrowser } from "../support/browser.js";
import { ROOT } from "../support/proto.js";
import { profileOf } from "../support/text-profile.js";

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'";

const LIGHT =
  "--bg:#ffffff;--panel:#f6f7f9;--text:#1b1f24;--muted:#57606a;--line:#d0d7de;--accent:#0b5fce;--accent-text:#ffffff;--hover:#eaeef2;--plus:#b3261e;--minus:#0b5fce;--focus:#0b5fce;color-scheme:light";
const DARK =
  "--bg:#16191d;--panel:#1e2227;--text:#e6e9ec;--muted:#9aa4ae;--line:#363c43;--accent:#6cb0ff;--accent-text:#0b1520;--hover:#2a3037;--plus:#ff8a80;--minus:#6cb0ff;--focus:#6cb0ff;color-scheme:dark";
const STYLE = `
:root{${LIGHT};--mono:ui-monospace,"DejaVu Sans Mono",monospace}
:root[data-theme=dark]{${DARK}}
html,body{margin:0;height:100%;background:var(--bg);color:var(--text);font:14px system-ui,sans-serif}
${PARTS_STYLE}${TABLE_STYLE}${TOP_STYLE}${PEEK_STYLE}${TAGS_STYLE}${TEXT_STYLE}`;
const HTML = `<!doctype html><html lang="en"><title>Views</title><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"><link rel="stylesheet" href="style.css"><body><script type="module" src="app.js"></script></body></html>`;

const AXE = readFileSync(path.join(ROOT, "node_modules/axe-core/axe.min.js"), "utf8");
/** A folder for screenshots of the views. */
const PICTURES = process.env.TSPROF_TEST_PICTURES;

const fixture = (name: string) => readFileSync(path.join(ROOT, "fixtures", name));
const expected = (name: string) => fixture(`expected/${name}.txt`).toString();

const openPage = useBrowser();
let server: Server;
/** The profiles that the server serves, by the folder in the address. */
const profiles = new Map<string, Uint8Array>([
  ["go-cpu", fixture("go-cpu.pb.gz")],
  ["go-heap", fixture("go-heap.pb.gz")],
  ["go-cpu-slow", fixture("go-cpu-slow.pb.gz")],
]);

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [path.join(ROOT, "test/ui/table-views.client.ts")],
    bundle: true,
    format: "esm",
    target: "es2022",
    write: false,
  });
  const files: Record<string, [string, string | Uint8Array]> = {
    "": ["text/html", HTML],
    "app.js": ["text/javascript", outputFiles[0].text],
    "style.css": ["text/css", STYLE],
    base: ["application/octet-stream", fixture("go-cpu-fast.pb.gz")],
    text: ["text/plain", "ROUTINE main.work\n"],
  };
  server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? "", "http://localhost");
    const [, folder, name] = pathname.split("/");
    const profile = profiles.get(folder);
    const [type, body] =
      name === "profile" && profile ? ["application/octet-stream", profile] : (files[name] ?? []);
    response.writeHead(body === undefined ? 404 : search.includes("disasm") ? 400 : 200, {
      "content-type": type ?? "text/plain",
      "content-security-policy": POLICY,
    });
    response.end(search.includes("disasm") ? "no such binary\nand more" : body);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});
afterAll(() => server?.close());

interface Shown {
  readonly profile?: string;
  readonly view: "top" | "peek" | "tags" | "text";
  readonly options?: Partial<Options>;
  readonly query?: string;
  readonly report?: string;
  readonly compare?: true;
  readonly theme?: "dark";
  readonly server?: true;
}

async function show({ profile = "go-cpu", ...wanted }: Shown, width = 1280) {
  const { port } = server.address() as AddressInfo;
  const hash = encodeURIComponent(JSON.stringify(wanted));
  const watched = await openPage(`http://127.0.0.1:${port}/${profile}/#${hash}`, {
    viewport: { width, height: 800 },
  });
  await ready(watched.page);
  return watched;
}

/** Waits until the page shows the state that it was sent to. */
async function ready(page: Page, visits = 0): Promise<void> {
  await page.locator(`html[data-ready="${visits}"]`).waitFor();
}

/** Returns the texts of the cells of the visible rows. */
function rows(page: Page): Promise<string[][]> {
  return page
    .locator(".top-table tbody [role=row]")
    .evaluateAll((all) =>
      all.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent ?? "")),
    );
}

/** Scrolls through the table from its top, and returns all rows. */
async function allRows(page: Page): Promise<string[][]> {
  const byIndex = new Map<number, string[]>();
  const scroller = page.locator(".table-scroll");
  const count = Number(await page.locator(".top-table").getAttribute("aria-rowcount")) - 1;
  await scroller.evaluate((element) => {
    element.scrollTop = 0;
  });
  while (byIndex.size < count) {
    const indices = page.locator(".top-table tbody [role=row]");
    const part = await indices.evaluateAll((all) =>
      all.map((row): [number, string[]] => [
        Number(row.getAttribute("aria-rowindex")) - 2,
        [...row.querySelectorAll("td")].map((cell) => cell.textContent ?? ""),
      ]),
    );
    for (const [index, cells] of part) byIndex.set(index, cells);
    // A slow page may have skipped rows: begin again after the end.
    await scroller.evaluate((element) => {
      const isEnd = element.scrollTop + element.clientHeight >= element.scrollHeight - 1;
      element.scrollTop = isEnd ? 0 : element.scrollTop + element.clientHeight;
    });
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => done(0))));
  }
  return [...byIndex].sort(([a], [b]) => a - b).map(([, cells]) => cells);
}

/** Parses pprof's output into cells like those of the page. */
function printedRows(text: string): string[][] {
  const [, body] = text.split(/^ +flat +flat% .*\n/m);
  return body
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [, flat, flatShare, sum, cum, cumShare, name, inlining = ""] =
        /^ *(\S+) +(\S+) +(\S+) +(\S+) +(\S+) {2}(.*?)(?: (\((?:partial-)?inline\)))?$/.exec(
          line,
        ) ?? [];
      return [flat, flatShare, sum, cum, cumShare, name, inlining];
    });
}

const NARROW = { nodecount: 20 };
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const names = async (page: Page) => (await rows(page)).map((cells) => cells[5]);
const visited = (page: Page) => page.evaluate("visited.at(-1)") as Promise<Shown | undefined>;

describe("the table of top", () => {
  it.each<[string, Partial<Options>]>([
    ["go-cpu.top", {}],
    ["go-cpu.cum-20", { sort: "cum", nodecount: 20 }],
    ["go-cpu.focus", { focus: "catalog\\.Filter|pricing" }],
    ["go-cpu.focus-relative", { focus: "pricing", relative_percentages: true }],
    ["go-cpu.lines", { granularity: "lines", nodecount: 40 }],
  ])("has the numbers of pprof: %s", async (name, options) => {
    const { page, errors } = await show({ view: "top", options });
    const printed = printedRows(expected(name));
    expect(printed.length).toBeGreaterThan(5);
    expect(await allRows(page)).toEqual(printed);
    const [, shown, percent, total] =
      /accounting for (\S+), (\S+) of (\S+) total/.exec(expected(name)) ?? [];
    const lines = await page.locator(".report-lines").textContent();
    const nodes = name.endsWith("lines") ? "lines" : "functions";
    expect(lines).toContain(`${printed.length} ${nodes} shown: ${shown}, ${percent} of ${total}`);
    const dropped = /Dropped (\d+) nodes \(cum <= (\S+)\)/.exec(expected(name));
    if (dropped) expect(lines).toContain(`${dropped[1]} ${nodes} left out`);
    if (dropped) expect(lines).toContain(`because their cum is at most ${dropped[2]}`);
    const first = /Showing top (\d+) nodes out of (\d+)/.exec(expected(name));
    if (first) expect(lines).toContain(`The top ${first[1]} of ${first[2]} ${nodes}`);
    expect(errors).toEqual([]);
  });

  it("shows all functions on request", async () => {
    const { page } = await show({ view: "top", options: { nodecount: 5 } });
    await page.getByRole("link", { name: "Show them all" }).click();
    await ready(page, 1);
    expect(await allRows(page)).toEqual(printedRows(expected("go-cpu.top")));
    await page.getByRole("link", { name: "Show all" }).click();
    await ready(page, 2);
    expect(await allRows(page)).toEqual(printedRows(expected("go-cpu.trim-false")));
  });

  it("sorts by any column; by cum, as the report does", async () => {
    const { page } = await show({ view: "top", options: NARROW });
    const byFlat = await names(page);
    const sorted = () =>
      page
        .getByRole("columnheader")
        .evaluateAll((all) => all.map((head) => head.getAttribute("aria-sort")));
    expect((await sorted())[0]).toBe("descending");
    await button(page, "Name").click();
    expect(await names(page)).toEqual(byFlat.toSorted());
    expect(await sorted()).toEqual(["none", "none", "none", "none", "none", "ascending", "none"]);
    await button(page, "Name").focus();
    await page.keyboard.press("Enter");
    expect(await names(page)).toEqual(byFlat.toSorted().reverse());
    await button(page, "Flat").click();
    expect(await names(page)).toEqual(byFlat);
    await button(page, "Flat").click();
    const flats = (await rows(page)).map(([flat]) => Number.parseFloat(flat));
    expect(flats).toEqual(flats.toSorted((a, b) => a - b));
    // By cum, the first twenty functions are others.
    await button(page, "Cum").click();
    await ready(page, 1);
    expect((await visited(page))?.options?.sort).toBe("cum");
    expect(await allRows(page)).toEqual(printedRows(expected("go-cpu.cum-20")));
    expect((await sorted())[3]).toBe("descending");
  });

  it("filters rows, and shows their number and sum", async () => {
    const { page } = await show({ view: "top" });
    await page.keyboard.press("/");
    await page.keyboard.type("PRIC|xml(");
    expect(await rows(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("/");
    await page.keyboard.type("pricing");
    const all = printedRows(expected("go-cpu.top"));
    const matching = all.filter(([, , , , , name]) => name.includes("pricing"));
    expect(await rows(page)).toEqual(matching);
    const flat = matching.reduce((sum, [value]) => sum + Number.parseFloat(value) * 100, 0);
    const count = await page.locator(".view-tools .count").textContent();
    expect(count).toBe(
      `${matching.length} of ${all.length} rows, flat sum ${(flat / 100).toFixed(2)}s (${(flat / 6.32).toFixed(2)}%)`,
    );
    await page.keyboard.press("Escape");
    expect((await rows(page)).length).toBeGreaterThan(matching.length);
  });

  it("works with keys alone, and with menus", async () => {
    const { page } = await show({ view: "top" });
    const [first, second] = printedRows(expected("go-cpu.top"));
    await page.locator(".top-table").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    const active = page.locator("[aria-selected=true]");
    expect(await active.locator(".col-name").textContent()).toBe(second[5]);
    const id = await page.locator(".top-table").getAttribute("aria-activedescendant");
    expect(await active.getAttribute("id")).toBe(id);
    expect(await page.locator(".chosen-name").textContent()).toBe(second[5]);
    await page.keyboard.press("End");
    const last = printedRows(expected("go-cpu.top")).at(-1);
    expect(await active.locator(".col-name").textContent()).toBe(last?.[5]);
    expect(await active.isVisible()).toBe(true);
    await page.keyboard.press("Home");

    await page.keyboard.press("Enter");
    const focused = () => page.evaluate("document.activeElement.textContent");
    expect(await page.locator(".menu-heading").textContent()).toBe(first[5]);
    expect(await focused()).toBe("Focus");
    await page.keyboard.press("ArrowUp");
    expect(await focused()).toBe("Hide");
    await page.keyboard.press("i");
    expect(await focused()).toBe("Ignore");
    await page.keyboard.press("Escape");
    expect(await page.getByRole("menu").count()).toBe(0);
    expect(await page.locator(".top-table:focus").count()).toBe(1);

    await page.locator("td.col-name").nth(3).click({ button: "right" });
    expect(await page.locator(".menu-heading").textContent()).toBe(
      await names(page).then((all) => all[3]),
    );
    await page.mouse.click(5, 5);
    expect(await page.getByRole("menu").count()).toBe(0);

    await page.locator("td.col-name").nth(1).dblclick();
    await ready(page, 1);
    const gone = await visited(page);
    expect(gone?.query).toBe("^example\\.com/orders/pricing\\.\\(\\*Book\\)\\.Price$");
    expect(await page.locator("h2").allTextContents()).toEqual([second[5]]);
  });

  it("explains its numbers on hover and on focus", async () => {
    const { page } = await show({ view: "top" });
    const tip = page.getByRole("tooltip");
    await button(page, "Cum").hover();
    await tip.waitFor();
    expect(await tip.textContent()).toContain("with all its callees");
    await page.keyboard.press("Escape");
    expect(await tip.count()).toBe(0);
    await page.getByRole("button", { name: "functions left out" }).click();
    expect(await tip.textContent()).toContain("Small nodes");
    await page.mouse.click(5, 790);
    expect(await tip.count()).toBe(0);
    await button(page, "Copy").focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    expect(await tip.textContent()).toContain("Flat");
    const described = await page.locator(":focus").getAttribute("aria-describedby");
    expect(await tip.getAttribute("id")).toBe(described);
  });

  it("shows increase and decrease by sign and colour in a comparison", async () => {
    const { page } = await show({ profile: "go-cpu-slow", view: "top", compare: true });
    const all = await allRows(page);
    const pick = (sign: string) => all.filter(([flat]) => flat.startsWith(sign)).length;
    expect(pick("+")).toBeGreaterThan(3);
    expect(pick("-")).toBeGreaterThan(0);
    const colors = await page
      .locator(".top-table tbody td.col-flat")
      .evaluateAll((cells) => cells.map((cell) => [cell.textContent?.[0], cell.className]));
    for (const [sign, className] of colors) {
      expect(className?.includes("plus")).toBe(sign === "+");
      expect(className?.includes("minus")).toBe(sign === "-");
    }
    expect(await page.locator(".report-lines").textContent()).toContain("+ is an increase");
    await button(page, "Flat").click();
    const values = (await allRows(page)).map(([flat]) => Number.parseFloat(flat));
    expect(values).toEqual(values.toSorted((a, b) => b - a));
  });

  it("copies rows for spreadsheets and Markdown, with names as text", async () => {
    const text = '"=cmd|calc" 50\n"a|b<img src=x>*" 40\n"+1" 10';
    profiles.set("names", encodeProfile(profileOf(text)));
    const { page } = await show({ profile: "names", view: "top" });
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    const copied = async (name: string) => {
      await button(page, "Copy").click();
      await page.getByRole("menuitem", { name }).click();
      await expect
        .poll(() => page.locator(".view-tools .count").textContent())
        .toBe("3 rows copied");
      return (await page.evaluate("navigator.clipboard.readText()")) as string;
    };
    const tsv = await copied("For a spreadsheet");
    expect(tsv.split("\n").slice(0, 3)).toEqual([
      "Flat\tFlat%\tSum%\tCum\tCum%\tName\tInlined?",
      "50\t50.00%\t50.00%\t50\t50.00%\t'=cmd|calc\t",
      "40\t40.00%\t90.00%\t40\t40.00%\ta|b<img src=x>*\t",
    ]);
    expect((await copied("As Markdown")).split("\n")[3]).toBe(
      "| 40 | 40.00% | 90.00% | 40 | 40.00% | a\\|b\\<img src=x\\>\\* |  |",
    );
    await page.close();
  });

  it("stays fast with many rows", async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `f${i} ${20_000 - i}`);
    profiles.set("many", encodeProfile(profileOf(lines.join("\n"))));
    const { page } = await show({ profile: "many", view: "top", options: { trim: false } });
    expect(await page.locator(".top-table").getAttribute("aria-rowcount")).toBe("20001");
    expect(await page.locator(".top-table tbody [role=row]").count()).toBeLessThan(80);
    await page.locator(".top-table").focus();
    await page.keyboard.press("End");
    await expect.poll(async () => (await names(page)).at(-1)).toBe("f19999");
    await page.keyboard.press("/");
    await page.keyboard.type("f1999\\d");
    expect(await names(page)).toEqual(Array.from({ length: 10 }, (_, i) => `f1999${i}`).concat());
  });
});

describe("callers and callees", () => {
  it("are shown with their shares of cum, and are links", async () => {
    const text = "a;b;c 30\na;b 10\nd;b;c 20\nb>e 40";
    profiles.set("small", encodeProfile(profileOf(text)));
    const { page } = await show({ profile: "small", view: "peek", query: "^b$" });
    const cells = (at: number) =>
      page
        .locator("table.calls")
        .nth(at)
        .locator("tbody tr")
        .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
    expect(await cells(0)).toEqual([
      ["40", "40.00%", "a"],
      ["20", "20.00%", "d"],
    ]);
    expect(await cells(1)).toEqual([
      ["10", "10.00%", "itself"],
      ["50", "50.00%", "c"],
      ["40", "40.00%", "einline"],
    ]);
    expect(await page.locator(".figures").textContent()).toBe("flat 10 10.00%cum 100 100%");
    await page.getByRole("link", { name: "c", exact: true }).click();
    await ready(page, 1);
    expect((await visited(page))?.query).toBe("^c$");
    expect(await page.locator("h2").textContent()).toBe("c");
    expect(await page.locator("input").inputValue()).toBe("^c$");
    await page.locator("input").fill("nothing_like_it");
    await page.keyboard.press("Enter");
    await ready(page, 2);
    expect(await page.getByRole("alert").textContent()).toContain("no matches");
    expect(await page.locator("h2").count()).toBe(0);
  });

  it("can be chosen from functions by cost if there is no pattern", async () => {
    const { page } = await show({ view: "peek" });
    const [first] = printedRows(expected("go-cpu.top"));
    await page.getByRole("link", { name: first[5] }).click();
    await ready(page, 1);
    expect(await page.locator("h2").allTextContents()).toEqual([first[5]]);
  });
});

describe("tags", () => {
  it("have the numbers of pprof, and set filters", async () => {
    const { page } = await show({ view: "tags" });
    const blocks = await page
      .locator(".tag-block")
      .evaluateAll((all) =>
        all.map((block) => [
          block.querySelector("h2")?.textContent,
          ...[...block.querySelectorAll("li")].map((item) =>
            [...item.querySelectorAll("a, .number")].map((part) => part.textContent).join(" "),
          ),
        ]),
      );
    const printed = expected("go-cpu.tags")
      .split("\n\n")
      .filter((block) => block.trim() !== "");
    expect(blocks).toEqual(
      printed.map((block) => {
        const [head, ...lines] = block.trim().split("\n");
        const values = lines.map((line) => /(\S+) \( *(\S+)\): (.*)/.exec(line) ?? []);
        return [
          head.split(":")[0],
          ...values.map(([, value, share, name]) => `${name} ${value} ${share}`),
        ];
      }),
    );
    await page.getByRole("link", { name: "islands" }).click();
    await ready(page, 1);
    expect((await visited(page))?.options?.tagfocus).toBe("region=^islands$");
    expect(await page.locator(".tag-block").first().textContent()).toContain("830ms of 6.32s");
    await page.getByRole("button", { name: "Actions for region islands" }).click();
    await page.getByRole("menuitem", { name: "Show all samples again" }).click();
    await ready(page, 2);
    expect((await visited(page))?.options?.tagfocus).toBe("");
    await page.getByRole("link", { name: "search" }).click({ button: "right" });
    await page.getByRole("menuitem", { name: "Ignore these samples" }).click();
    await ready(page, 3);
    expect((await visited(page))?.options?.tagignore).toBe("step=^search$");
  });

  it("with numbers are folded, and filter by range", async () => {
    const { page } = await show({ profile: "go-heap", view: "tags" });
    const items = page.locator(".tag-values li");
    const first = await items.count();
    await page.getByRole("button", { name: /^All \d+ other values of bytes/ }).click();
    expect(await items.count()).toBeGreaterThan(first);
    const biggest = items.first();
    const amount = await biggest.locator(".number").first().textContent();
    await biggest.locator("a").click();
    await ready(page, 1);
    expect((await visited(page))?.options?.tagfocus).toMatch(/^bytes=\d+k?B$/);
    expect(await items.count()).toBe(1);
    expect(await items.first().locator(".number").first().textContent()).toBe(amount);
  });
});

describe("texts", () => {
  it("show a report, and the command that prints it", async () => {
    const options = { compact_labels: true, focus: "pricing|it's" };
    const { page } = await show({ view: "text", options });
    expect(await page.locator("pre").textContent()).toContain("flat  flat%   sum%");
    expect(await page.locator(".command code").textContent()).toBe(
      "tsprof top '-focus=pricing|it'\\''s' -compact_labels FILE",
    );
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await button(page, "Copy").click();
    await expect.poll(() => page.locator(".count").textContent()).toBe("Copied the report.");
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(
      await page.locator("pre").textContent(),
    );
    const download = page.waitForEvent("download");
    await button(page, "Download").click();
    expect((await download).suggestedFilename()).toBe("top.txt");
    expect(readFileSync(await (await download).path(), "utf8")).toBe(
      await page.locator("pre").textContent(),
    );
    await page.close();
  });

  it("show only the beginning of a long report", async () => {
    const { page } = await show({ view: "text", report: "peek", query: "220" });
    const shown = () => page.locator("pre").evaluate((pre) => pre.textContent?.length ?? 0);
    const before = await shown();
    expect(before).toBe(2_000_000);
    expect(await page.locator(".text-rest").textContent()).toMatch(/Only the beginning is shown/);
    const download = page.waitForEvent("download");
    await button(page, "Download").click();
    const whole = readFileSync(await (await download).path(), "utf8");
    await button(page, "Show more").click();
    await expect.poll(shown).toBe(whole.length);
    expect(await page.locator(".text-rest").textContent()).toBe("");
    expect(await page.locator("pre").textContent()).toBe(whole);
  });

  it("come from the server if they need more than the profile", async () => {
    const { page } = await show({ view: "text", report: "list", query: "work", server: true });
    expect(await page.locator("pre").textContent()).toBe("ROUTINE main.work\n");
    await page.getByLabel("Report", { exact: true }).selectOption("disasm");
    await ready(page, 1);
    expect(await page.getByRole("alert").textContent()).toBe("no such binary");
    // A page that is a file may contain source files, but never binaries.
    const file = await show({ view: "text", report: "disasm", query: "work" });
    expect(await file.page.getByRole("alert").textContent()).toContain("use tsprof serve");
  });
});

describe("dialogs", () => {
  it("keep the focus, show errors, and return the focus", async () => {
    const { page } = await show({ view: "top" });
    await button(page, "Keys").click();
    expect(await page.getByRole("dialog", { name: "Save as" }).count()).toBe(1);
    await page.keyboard.press("Enter");
    expect(await page.locator(".dialog-problem").textContent()).toBe("It needs a name");
    await page.keyboard.type("mine");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
    expect(await page.title()).toBe("mine");
    expect(await page.locator(":focus").textContent()).toBe("Keys");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Escape");
    await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
  });
});

const HOSTILE = [
  '<img src=x onerror="alert(1)">',
  "<script>alert(2)</script>",
  "javascript:alert(3)",
  "{{alert(4)}}",
  "&lt;b&gt;",
  `long ${"x".repeat(3000)}`,
];

describe("all of them", () => {
  it("show hostile names as text", async () => {
    const lines = HOSTILE.map((name) => {
      const word = JSON.stringify(name);
      return `${word};"main" ${100} {${JSON.stringify("k<b>")}=${word}}`;
    });
    profiles.set("hostile", encodeProfile(profileOf(lines.join("\n"))));
    for (const view of ["top", "peek", "tags", "text"] as const) {
      const wanted = { profile: "hostile", view, query: view === "peek" ? "." : "" };
      const { page, errors, dialogs, requests } = await show(wanted);
      const text = await page.locator("main").evaluate((main) => main.textContent ?? "");
      for (const name of HOSTILE) expect(text).toContain(name);
      expect(await page.locator("main :is(img, script, b b)").count()).toBe(0);
      expect({ errors, dialogs }).toEqual({ errors: [], dialogs: [] });
      expect(
        requests.filter((url) => !/(app\.js|style\.css|profile|\/hostile\/|data:,)$/.test(url)),
      ).toEqual([]);
    }
  });

  // Cases that the tests of the whole interface do not cover.
  it.each<Shown>([
    { view: "top", profile: "go-cpu-slow", compare: true, options: { nodecount: 16 } },
    { view: "peek", query: "pricing" },
    { view: "tags", profile: "go-heap" },
  ])("have no serious faults of access: $view of $profile, $query", async (wanted) => {
    const { page } = await show(wanted);
    if (wanted.view === "top") await page.locator("td.col-name").nth(1).click();
    await page.evaluate(AXE);
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 800 });
      for (const theme of ["light", "dark"]) {
        await page.evaluate(`document.documentElement.dataset.theme = "${theme}"`);
        // Colours do not depend on the width.
        if ((width === 1280) === (theme === "light")) {
          const { violations } = (await page.evaluate("axe.run()")) as {
            violations: { id: string; impact: string; nodes: { html: string }[] }[];
          };
          const serious = violations.filter(({ impact }) => /serious|critical/.test(impact));
          expect(serious.map(({ id, nodes }) => [id, nodes[0].html])).toEqual([]);
        }
        // No content makes the page wider than the window.
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
        if (PICTURES) {
          const about = [wanted.view, wanted.profile ?? "", wanted.query ?? "", width, theme];
          await page.screenshot({ path: path.join(PICTURES, `${about.join("-")}.png`) });
        }
      }
    }
    await page.close();
  });
});
