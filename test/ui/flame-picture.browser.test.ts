import script from "client:flame-picture";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, describe, expect, it } from "vitest";
import { readProfile } from "../../src/formats/read.js";
import { gunzip } from "../../src/platform/files/gunzip.js";
import type { Profile } from "../../src/profile/profile.js";
import { escapeControls } from "../../src/render/controls.js";
import { classOfName } from "../../src/render/flame/colors.js";
import { renderFlameSvg } from "../../src/render/flame-svg.js";
import { flame } from "../../src/report/flame.js";
import { top } from "../../src/report/top.js";
import { percentage } from "../../src/units/percentage.js";
import { useBrowser } from "../support/browser.js";
import { encodeWithProtobufjs, ROOT } from "../support/proto.js";
import { inputFor, type Wanted } from "../support/report-input.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-flame-"));
afterAll(() => rmSync(folder, { recursive: true }));

const open = useBrowser();
let serial = 0;

/** Writes the flame graph of a profile to a file, and returns its URL. */
function written(profile: Profile | string, wanted: Wanted = {}): string {
  const report = flame(inputFor("flame", profile, wanted));
  const options = { script, formatTime: String, compact: false, readable: escapeControls };
  const file = path.join(folder, `${serial++}.svg`);
  writeFileSync(file, [...renderFlameSvg(report, options)].join(""));
  return pathToFileURL(file).href;
}

async function show(
  profile: Profile | string,
  wanted: Wanted = {},
  context: Parameters<typeof open>[1] = {},
) {
  return open(written(profile, wanted), { viewport: { width: 1020, height: 700 }, ...context });
}

/** Returns the boxes with room for a name, by level: name, position and width in pixels. */
function boxes(page: Page) {
  return page.locator("#flame-boxes > svg").evaluateAll((all) =>
    all.map((box) => ({
      // The figures follow behind two blanks.
      name: (box.textContent ?? "").split("  ")[0],
      top: Number(box.getAttribute("y")),
      width: Math.round(Number(box.getAttribute("width"))),
      color: /\b(all|none|gc|[ghud]\d+)\b/.exec(box.getAttribute("class") ?? "")?.[0],
      matches: box.classList.contains("match"),
    })),
  );
}

/** Returns the boxes as text: name and width. */
async function drawn(page: Page): Promise<string[]> {
  return (await boxes(page)).map(({ name, width }) => `${name} ${width}`);
}

const box = (page: Page, name: string) =>
  page.locator("#flame-boxes > svg", { hasText: new RegExp(`^${name}( |$)`) });

/** Returns the tooltip of a frame: name, notes, and labels with values. */
const tip = (page: Page) => page.locator("#flame-tip :is(.name, .faint, dt, dd)").allTextContents();

const button = (page: Page, text: string) => page.locator("button", { hasText: text });

const SIMPLE = "main;work;leaf 300\nmain;other 100\nidle 600";
const WHOLE = ["all 1000", "idle 600", "main 400", "work 300", "other 100", "leaf 300"];

describe("the flame graph in a browser", () => {
  it("zooms in on a click, and out again", async () => {
    const { page, errors, requests } = await show(SIMPLE);
    expect(await drawn(page)).toEqual(WHOLE);
    await box(page, "work").click();
    expect(await drawn(page)).toEqual(["all 1000", "main 1000", "work 1000", "leaf 1000"]);
    await box(page, "main").click();
    expect(await drawn(page)).toEqual([
      "all 1000",
      "main 1000",
      "work 750",
      "other 250",
      "leaf 750",
    ]);
    await button(page, "Zoom out").click();
    expect(await drawn(page)).toEqual(WHOLE);
    expect(await button(page, "Zoom out").isDisabled()).toBe(true);
    await box(page, "leaf").click();
    await page.keyboard.press("Escape");
    expect(await drawn(page)).toEqual(WHOLE);
    expect({ errors, requests }).toEqual({ errors: [], requests: [] });
  });

  it("finds frames, and sums their stacks, each once", async () => {
    const { page } = await show("a;b;a;Work 30\na;idle 20\nc;b 10\nd 40");
    const found = () => page.locator(".found").textContent();
    const search = async (pattern: string) => {
      await page.keyboard.press("/");
      await page.keyboard.type(pattern);
      return found();
    };
    expect(await search("^a$|idle")).toBe("2 matches: 50 (50.00%)");
    const matching = (await boxes(page)).filter(({ matches }) => matches);
    expect(matching.map(({ name }) => name)).toEqual(["a", "idle", "a"]);
    await page.keyboard.press("Escape");
    expect((await boxes(page)).some(({ matches }) => matches)).toBe(false);
    // Small letters match both cases, capitals only capitals.
    expect(await search("work")).toBe("1 match: 30 (30.00%)");
    await page.keyboard.press("Escape");
    expect(await search("WORK")).toBe("no match");
    await page.keyboard.press("Escape");
    expect(await search("(")).toBe("not a regular expression");
    await page.keyboard.press("Escape");
    expect(await found()).toBe("");
    // Ctrl-F searches in the picture, which contains more names than the page's text.
    await page.keyboard.press("Control+f");
    await page.keyboard.type("b");
    expect(await found()).toBe("1 match: 40 (40.00%)");
    // The search stays while the user zooms.
    await box(page, "c").click();
    expect((await boxes(page)).find(({ name }) => name === "b")?.matches).toBe(true);
  });

  it("works with keys alone", async () => {
    const { page } = await show(SIMPLE);
    const selected = () => page.locator("#flame-selected").getAttribute("aria-label");
    while (!(await page.locator("#flame-boxes:focus").count())) {
      await page.keyboard.press("Tab");
    }
    expect(await selected()).toMatch(/^all, /);
    await page.keyboard.press("ArrowDown");
    expect(await selected()).toBe("idle, 600 (60.00%), 60.00%, 600 (60.00%)");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    expect(await selected()).toMatch(/^work, /);
    expect(await tip(page)).toContain("work");
    await page.keyboard.press("Enter");
    expect((await drawn(page))[2]).toBe("work 1000");
    await page.keyboard.press("ArrowUp");
    expect(await selected()).toMatch(/^main, /);
    await page.keyboard.press("Backspace");
    expect((await drawn(page))[1]).toBe("main 1000");
    await page.keyboard.press("Escape");
    expect(await drawn(page)).toEqual(WHOLE);

    await page.keyboard.press("/");
    await page.keyboard.type("leaf|idle");
    await page.keyboard.press("Enter");
    expect(await selected()).toMatch(/^idle, /);
    await page.keyboard.press("n");
    expect(await selected()).toMatch(/^leaf, /);
    await page.keyboard.press("Shift+N");
    expect(await selected()).toMatch(/^idle, /);

    expect(await page.locator(".keys").isVisible()).toBe(false);
    await page.keyboard.press("?");
    expect(await page.locator(".keys").textContent()).toContain("zoom in on the frame");
    await page.keyboard.press("Escape");
    expect(await page.locator(".keys").isVisible()).toBe(false);
  });

  it("flips, and merges from the leaves", async () => {
    const { page } = await show("a;c;leaf 300\nb;c;leaf 200\nb;leaf 100\nb 400");
    const rows = async () => {
      const all = await boxes(page);
      const tops = [...new Set(all.map(({ top }) => top))].sort((a, b) => a - b);
      return tops.map((top) =>
        all.filter((one) => one.top === top).map(({ name, width }) => `${name} ${width}`),
      );
    };
    const roots = [
      ["all 1000"],
      ["b 700", "a 300"],
      ["c 200", "leaf 100", "c 300"],
      ["leaf 200", "leaf 300"],
    ];
    expect(await rows()).toEqual(roots);
    await page.keyboard.press("i");
    expect(await rows()).toEqual([...roots].reverse());
    await page.keyboard.press("b");
    const leaves = [["all 1000"], ["leaf 600", "b 400"], ["c 500", "b 100"], ["a 300", "b 200"]];
    expect(await rows()).toEqual([...leaves].reverse());
    await button(page, "Root: bottom").click();
    expect(await rows()).toEqual(leaves);
    await box(page, "leaf").hover();
    expect(await tip(page)).toEqual([
      "leaf",
      "Total (cum)",
      "600 (60.00%)",
      "Of its callee",
      "60.00%",
    ]);
  });

  it("colours by package, function or own share", async () => {
    const { page } = await show("x.a;y.b 9\nx.c 4");
    const colors = async () => (await boxes(page)).map(({ name, color }) => `${name} ${color}`);
    const legend = () => page.locator(".legend").textContent();
    const [x, y] = ["x", "y"].map(classOfName);
    expect(await colors()).toEqual(["all all", `x.a ${x}`, `x.c ${x}`, `y.b ${y}`]);
    expect(await legend()).toBe("xy");
    expect(await page.locator("#flame-boxes").textContent()).toContain("y.b  69.2 % · 9");
    await page.keyboard.press("c");
    expect((await colors())[2]).toBe(`x.c ${classOfName("x.c")}`);
    await page.keyboard.press("c");
    expect(await colors()).toEqual(["all all", "x.a h0", "x.c h6", "y.b h8"]);
    expect(await legend()).toContain("largest flat");
  });

  it("shows a tooltip for the frame under the mouse", async () => {
    const text =
      "main.main@cmd/main.go:1;shop.(*Cart).Sum@shop/cart.go:7>shop.add@shop/add.go 250\nidle 750";
    const wanted = { profile: { types: ["inuse_space/bytes"] } };
    const { page } = await show(text, wanted);
    await box(page, "shop\\.add").hover();
    expect(await tip(page)).toEqual([
      "shop.add",
      "shop/add.go",
      "inlined",
      "Total (cum)",
      "250B (25.00%)",
      "Of its caller",
      "100%",
      "Self (flat)",
      "250B (25.00%)",
    ]);
    await page.mouse.move(5, 5);
    expect(await page.locator("#flame-tip").isVisible()).toBe(false);
  });

  it("shows the same shares of matches as top", async () => {
    const bytes = readFileSync(path.join(ROOT, "fixtures/go-cpu.pb.gz"));
    const profile = await readProfile(bytes, gunzip, 1 << 28);
    const { page } = await show(profile);
    const { rows, total } = top(inputFor("top", profile));
    for (const { name, cum } of rows.slice(0, 5)) {
      await page.locator("input").fill(`^${name.replace(/\W/g, "\\$&")}$`);
      const share = percentage(cum, total).trim();
      expect(await page.locator(".found").textContent()).toMatch(new RegExp(`\\(${share}\\)$`));
    }
  });

  it("keeps hostile names as text in a well-formed file", async () => {
    const names = [
      "<script>alert(1)</script>",
      "</title></svg><script>alert(2)</script>",
      `" onload="alert(3)" x="`,
      "]]></metadata><script>alert(4)</script>",
      "&amp;&#60;img src=x onerror=alert(5)&#62;",
      "\ufffe\uffff\u0001\u001b[31m\u0085\u202eevil\ud800",
      "\\u003cscript\\u003e",
      "__proto__",
    ];
    const bytes = encodeWithProtobufjs({
      string_table: ["", "samples", "count", ...names],
      sample_type: [{ type: 1, unit: 2 }],
      sample: names.map((_, i) => ({ location_id: [i + 1], value: [1] })),
      location: names.map((_, i) => ({ id: i + 1, line: [{ function_id: i + 1 }] })),
      function: names.map((_, i) => ({ id: i + 1, name: i + 3, filename: ((i + 1) % 8) + 3 })),
    });
    const address = written(await readProfile(bytes, gunzip, 1 << 20));
    // The file contains no names that the command line would have to escape: escapes would change
    // the data.
    const text = readFileSync(new URL(address), "utf8");
    expect(escapeControls(text)).toBe(text);
    for (const javaScriptEnabled of [true, false]) {
      const watched = await open(address, { javaScriptEnabled });
      expect(watched).toMatchObject({ dialogs: [], requests: [], errors: [] });
      expect(await watched.page.locator("parsererror").count()).toBe(0);
    }

    const { page, dialogs, requests, errors } = await open(address);
    expect(await page.locator("script").count()).toBe(1);
    const shown: string[] = [];
    for (let i = 0; i < names.length; i++) {
      await page
        .locator("#flame-boxes > .box")
        .nth(i + 1)
        .hover();
      shown.push(await page.locator("#flame-tip .name").evaluate((name) => name.textContent ?? ""));
    }
    // Invisible characters and those that control the text are escaped.
    const visible = names.map((name) =>
      name.startsWith("\ufffe") ? /^\ufffd\ufffd\\x01\\x1b\[31m\\x85\\u202eevil/ : name,
    );
    expect(shown.length).toBe(names.length);
    for (const name of visible) {
      expect(shown).toContainEqual(typeof name === "string" ? name : expect.stringMatching(name));
    }
    await page.locator("input").fill("script");
    expect(await page.locator(".found").textContent()).toContain("4 matches");
    expect({ dialogs, requests, errors }).toEqual({ dialogs: [], requests: [], errors: [] });
  });

  it("follows the dark colour scheme", async () => {
    const address = written(SIMPLE);
    const colors = async (colorScheme: "light" | "dark") => {
      const { page } = await open(address, { colorScheme });
      return page.locator("h1").evaluate((title) => {
        const root = title.ownerDocument.documentElement;
        return [getComputedStyle(root).backgroundColor, getComputedStyle(title).color];
      });
    };
    expect(await colors("light")).toEqual(["rgb(255, 255, 255)", "rgb(27, 27, 27)"]);
    expect(await colors("dark")).toEqual(["rgb(26, 26, 26)", "rgb(236, 236, 236)"]);
  });

  it("fills windows of any width", async () => {
    const { page } = await show(SIMPLE);
    for (const width of [400, 1500]) {
      await page.setViewportSize({ width, height: 700 });
      await expect.poll(async () => (await boxes(page))[0].width).toBe(width - 20);
      const areas = (parts: string) =>
        page.locator(parts).evaluateAll((all) => all.map((part) => part.getBoundingClientRect()));
      for (const { right } of await areas("button, input, .legend span, h1, .box")) {
        expect(right).toBeLessThanOrEqual(width);
      }
      // Nothing covers the boxes.
      const [legend] = await areas(".legend");
      const [first] = await areas(".box");
      expect(legend.bottom).toBeLessThanOrEqual(first.top);
    }
    await page.close();
  });

  it("compares base and new, unscaled and scaled", async () => {
    const base = "{pprof::base=true}";
    const text = `a 100\nb 100\na -100 ${base}\nb -250 ${base}\nc -50 ${base}`;
    const { page, errors } = await show(text);
    const look = async () =>
      (await boxes(page)).map(({ name, width, color }) => `${name} ${width} ${color}`);
    // Shares of the 600 of base and new together; equal values are no change.
    expect(await look()).toEqual(["all 1000 d1", "b 583 d2", "a 333 none", "c 83 d4"]);
    await box(page, "b").hover();
    expect((await tip(page)).join(" ")).toBe(
      "b Base 250 (62.50%) New 100 (50.00%) Change -150, -12.50 points Self (flat) 250 → 100",
    );
    await box(page, "c").hover();
    expect(await tip(page)).toContain("gone: only in the base");
    await page.keyboard.press("s");
    // The base of 400 is scaled to 200: b is 125 and 100, a 50 and 100, c 25.
    expect(await look()).toEqual(["all 1000 none", "b 563 d0", "a 375 u1", "c 63 d4"]);
    await button(page, "Base: scaled").click();
    expect((await look())[0]).toBe("all 1000 d1");
    expect(errors).toEqual([]);
  });

  it("shows part of a large profile at a time", async () => {
    const text: string[] = [];
    for (let i = 0; i < 300; i++) {
      for (let j = 0; j < 340; j++) text.push(`root;f${i};g${j} ${1 + ((i * j) % 7)}`);
    }
    const { page, errors } = await show(text.join("\n"));
    const count = () => page.locator("#flame-boxes > *").count();
    const notes = () => page.locator(".notes").textContent();
    expect(await notes()).toMatch(/^10\d,\d{3} frames narrower than 0\.4 px not drawn; zoom in/);
    expect(await count()).toBeLessThan(6000);
    await page.locator("#flame-boxes > .box").nth(2).click();
    expect(await count()).toBeGreaterThan(300);
    expect(await notes()).toBe("");
    await page.keyboard.press("b");
    await page.locator("input").fill("g7$");
    expect(await page.locator(".found").textContent()).toMatch(/^1 match: /);
    expect(errors).toEqual([]);
  });

  it("is a still picture without scripts, as in an image", async () => {
    const address = written(SIMPLE);
    const file = path.join(folder, "image.html");
    writeFileSync(file, `<!doctype html><img src="${address}">`);
    const { page, errors } = await open(pathToFileURL(file).href);
    const size = () =>
      page
        .locator("img")
        .evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight > 100]);
    await expect.poll(size).toEqual([1200, true]);
    expect(errors).toEqual([]);
    const still = await open(address, { javaScriptEnabled: false });
    expect(await still.page.locator("#flame-picture svg.box").allTextContents()).toHaveLength(6);
    expect(await still.page.locator("#flame-boxes").count()).toBe(0);
  });
});
