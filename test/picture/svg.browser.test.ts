import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Page } from "playwright-core";
import { afterAll, describe, expect, it } from "vitest";
import { layOut } from "../../src/picture/layout.js";
import { renderLiveSvg } from "../../src/picture/live-svg.js";
import { renderSvg } from "../../src/picture/svg.js";
import { useBrowser } from "../support/browser.js";
import { fixtureGraph, graphText, HOSTILE_NAMES, hostileGraph } from "../support/graph-text.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-svg-"));
afterAll(() => rmSync(folder, { recursive: true }));

const open = useBrowser();
let files = 0;

/** Opens the picture of DOT text in a window of its own. */
async function openPicture(dot: string, options?: Parameters<typeof open>[1]) {
  const file = path.join(folder, `${files++}.svg`);
  writeFileSync(file, renderLiveSvg(await layOut(dot)));
  return open(`file://${file}`, { viewport: { width: 1000, height: 700 }, ...options });
}

/** main calls parse and eval, both call alloc; idle is alone. */
const CALLS = graphText(
  'N1 [label="main\\n0 of 10s (100%)" shape=box tooltip="app.main (10s)" color="#b20000" style=filled fillcolor="#edd5d5"]',
  'N2 [label="parse\\n3s (30%)" shape=box tooltip="app.parse (3s)"]',
  'N3 [label="eval\\n6s (60%)" shape=box tooltip="app.(*vm).eval (6s)"]',
  'N4 [label="alloc\\n1s (10%)" shape=box tooltip="runtime.alloc (1s)"]',
  'N5 [label="idle\\n1s (10%)" shape=box tooltip="runtime.idle (1s)"]',
  'N1 -> N2 [label=" 3s" tooltip="app.main -> app.parse (3s)"]',
  'N1 -> N3 [label=" 6s" tooltip="app.main -> app.(*vm).eval (6s)"]',
  'N2 -> N4 [label=" 1s"]',
  'N3 -> N4 [label=" 1s"]',
);

const node = (page: Page, name: string) => page.locator(".node", { hasText: name });

/** Where a node is on the screen. */
async function boxOf(page: Page, name: string) {
  const box = await node(page, name).locator("rect").first().boundingBox();
  if (!box) throw new Error(`${name} is not to be seen`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, width: box.width };
}

/** The first words of the nodes that are not dimmed. */
const lit = (page: Page) =>
  page.$$eval(".node", (nodes) =>
    nodes
      .filter((node) => Number(getComputedStyle(node).opacity) > 0.9)
      .map((node) => node.querySelector("text")?.textContent),
  );

/** What the panel says, line by line. */
const info = (page: Page) =>
  page.$eval(".info", ({ childNodes }) => [...childNodes].map(({ textContent }) => textContent));
const count = (page: Page) => page.locator(".count").textContent();

describe("a live picture", () => {
  it("fills the window with all of the graph, and asks for nothing", async () => {
    const { page, requests, errors } = await openPicture(CALLS);
    const size = await page.evaluate(() => {
      const { width, height } = document.documentElement.getBoundingClientRect();
      return [width, height];
    });
    expect(size).toEqual([1000, 700]);
    for (const name of ["main", "alloc", "idle"]) {
      const { x, y } = await boxOf(page, name);
      expect(x > 0 && x < 1000 && y > 50 && y < 700).toBe(true);
    }
    expect({ requests, errors }).toEqual({ requests: [], errors: [] });
  });

  it("follows the mouse that drags, and zooms about it with the wheel", async () => {
    const { page } = await openPicture(CALLS);
    const start = await boxOf(page, "main");
    await page.mouse.move(20, 600);
    await page.mouse.down();
    await page.mouse.move(50, 620);
    await page.mouse.move(140, 550);
    await page.mouse.up();
    const dragged = await boxOf(page, "main");
    expect(dragged.x - start.x).toBeCloseTo(120, 1);
    expect(dragged.y - start.y).toBeCloseTo(-50, 1);
    await page.mouse.move(dragged.x, dragged.y);
    await page.mouse.wheel(0, -240);
    const zoomed = await boxOf(page, "main");
    expect(zoomed.x).toBeCloseTo(dragged.x, 0);
    expect(zoomed.y).toBeCloseTo(dragged.y, 0);
    expect(zoomed.width / dragged.width).toBeGreaterThan(1.3);
    await page.keyboard.press("0");
    expect(await boxOf(page, "main")).toEqual(start);
  });

  it("zooms with keys and buttons, about the middle", async () => {
    const { page } = await openPicture(CALLS);
    const { width } = await boxOf(page, "main");
    await page.keyboard.press("+");
    await page.keyboard.press("+");
    expect((await boxOf(page, "main")).width / width).toBeCloseTo(1.25 ** 2, 2);
    await page.keyboard.press("-");
    await page.getByRole("button", { name: "Zoom out" }).click();
    expect((await boxOf(page, "main")).width / width).toBeCloseTo(1, 2);
    await page.getByRole("button", { name: "Zoom in" }).click();
    await page.getByRole("button", { name: "Fit the graph" }).click();
    expect((await boxOf(page, "main")).width).toBe(width);
    await page.keyboard.press("ArrowDown");
  });

  it("describes what the mouse points at, and highlights what belongs to it", async () => {
    const { page } = await openPicture(CALLS);
    await expect.poll(() => lit(page)).toEqual(["main", "parse", "eval", "alloc", "idle"]);
    const parse = await boxOf(page, "parse");
    await page.mouse.move(parse.x, parse.y);
    await expect.poll(() => lit(page)).toEqual(["main", "parse", "alloc"]);
    await expect.poll(() => info(page)).toEqual(["app.parse (3s)", "3s (30%) · 1 in, 1 out"]);
    // An arrow is hit beside its line, too.
    const [x, y] = await page.$eval(".edge path:not(.hit)", (line) => {
      const path = line as SVGPathElement;
      const { x, y } = path.getPointAtLength(path.getTotalLength() / 2);
      const matrix = path.getScreenCTM() as DOMMatrix;
      return [x * matrix.a + matrix.e, y * matrix.d + matrix.f];
    });
    await page.mouse.move(x + 4, y);
    await expect.poll(() => info(page)).toEqual(["app.main -> app.parse (3s)"]);
    await expect.poll(() => lit(page)).toEqual(["main", "parse"]);
    await page.mouse.move(5, 690);
    await expect.poll(async () => (await lit(page)).length).toBe(5);
    await expect.poll(() => info(page)).toEqual([]);
    // A click keeps it, a drag does not.
    await page.mouse.click(parse.x, parse.y);
    await page.mouse.move(5, 690);
    await expect.poll(() => lit(page)).toEqual(["main", "parse", "alloc"]);
    await page.keyboard.press("Escape");
    await expect.poll(async () => (await lit(page)).length).toBe(5);
  });

  it("finds functions by text and by regular expression, and goes to them", async () => {
    const { page } = await openPicture(CALLS);
    await page.keyboard.press("/");
    await page.keyboard.type("^app");
    expect(await count(page)).toBe("1 of 3");
    expect(await page.locator(".node.match").count()).toBe(3);
    await page.keyboard.press("Enter");
    expect(await count(page)).toBe("2 of 3");
    const { x, y } = await boxOf(page, "parse");
    expect([x, y].map(Math.round)).toEqual([500, 350]);
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.press("Shift+Enter");
    expect(await count(page)).toBe("3 of 3");
    // Text that is not a valid pattern matches literally.
    await page.locator(".bar input").fill("(*vm).e");
    expect(await count(page)).toBe("1 of 1");
    await page.locator(".bar input").fill("nosuch");
    expect(await count(page)).toBe("none");
    await page.keyboard.press("Escape");
    expect(await count(page)).toBe("");
    expect(await page.locator(".match").count()).toBe(0);
    const typed = await page.$eval(".bar input", (input) => (input as HTMLInputElement).value);
    expect(typed).toBe("");
  });

  it("can be walked with the keyboard", async () => {
    const { page } = await openPicture(CALLS);
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("app.main (10s)");
    await expect.poll(() => lit(page)).toEqual(["main", "parse", "eval"]);
    await expect
      .poll(() => info(page))
      .toEqual(["app.main (10s)", "0 of 10s (100%) · 0 in, 2 out"]);
    expect(await page.locator(".node .ring").first().isVisible()).toBe(true);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    expect(await focused()).toBe("runtime.alloc (1s)");
    await page.keyboard.press("Enter");
    expect(await page.locator(".node.chosen").count()).toBe(1);
    await page.keyboard.press("ArrowUp");
    await expect.poll(() => lit(page)).toEqual(["parse", "eval", "alloc"]);
  });

  it("is dark if the reader's system is, and keeps the meaning of colours", async () => {
    const colors = async (colorScheme: "light" | "dark") => {
      const { page } = await openPicture(CALLS, { colorScheme });
      const style = await page.evaluate(() => {
        const of = (selector: string) => {
          const { fill, stroke } = getComputedStyle(document.querySelector(selector) as Element);
          return { fill, stroke };
        };
        return { paper: of(".paper"), box: of(".node rect"), text: of(".node text") };
      });
      return style;
    };
    expect(await colors("light")).toMatchObject({
      paper: { fill: "rgb(255, 255, 255)" },
      box: { fill: "rgb(237, 213, 213)", stroke: "rgb(178, 0, 0)" },
    });
    const dark = await colors("dark");
    const channels = (color: string) => (color.match(/\d+/g) ?? []).map(Number);
    expect(Math.max(...channels(dark.paper.fill))).toBeLessThan(40);
    expect(Math.min(...channels(dark.text.fill))).toBeGreaterThan(200);
    const [red, green, blue] = channels(dark.box.fill);
    expect(red).toBeLessThan(110);
    expect(red).toBeGreaterThan(green + 20);
    expect(green).toBe(blue);
  });

  it("takes two fingers to zoom", async () => {
    const { page } = await openPicture(CALLS);
    const { width } = await boxOf(page, "main");
    await page.evaluate(() => {
      const root = document.documentElement;
      const send = (type: string, pointerId: number, clientX: number) =>
        root.dispatchEvent(
          new PointerEvent(type, { pointerId, clientX, clientY: 300, bubbles: true }),
        );
      // No such pointer is on the screen, which capturing one would complain about.
      root.setPointerCapture = () => {};
      send("pointerdown", 1, 450);
      send("pointerdown", 2, 550);
      send("pointermove", 1, 400);
      send("pointermove", 2, 600);
      send("pointerup", 1, 400);
      send("pointerup", 2, 600);
    });
    expect((await boxOf(page, "main")).width / width).toBeCloseTo(2, 1);
  });
});

describe("hostile names", () => {
  it("are text in a file that stays well-formed, run nothing and ask for nothing", async () => {
    const { page, requests, errors, dialogs } = await openPicture(hostileGraph());
    const found = await page.evaluate(() => ({
      scripts: document.querySelectorAll("script").length,
      images: document.querySelectorAll("img, image").length,
      handlers: [...document.querySelectorAll("*")].filter(({ attributes }) =>
        [...attributes].some(({ name }) => name.startsWith("on")),
      ).length,
      words: [...document.querySelectorAll(".node")].map(
        (node) => node.querySelector("text")?.textContent,
      ),
    }));
    expect(found).toMatchObject({ scripts: 1, images: 0, handlers: 0 });
    expect(found.words.slice(0, 8)).toEqual(HOSTILE_NAMES.slice(0, 8));
    // Through everything that a script shows.
    for (const node of await page.locator(".node").all()) await node.hover({ force: true });
    await page.keyboard.press("/");
    await page.keyboard.type("<script>");
    expect(await count(page)).toBe("1 of 3");
    await page.locator(".bar input").fill('"');
    expect({ requests, errors, dialogs }).toEqual({ requests: [], errors: [], dialogs: [] });
  });
});

describe("a still picture", () => {
  it("shows the same without a script and without styles", async () => {
    const svg = renderSvg(await layOut(CALLS));
    expect(svg).not.toMatch(/<script|<style|style=/);
    expect(svg).toContain('fill="#edd5d5" stroke="#b20000"');
    expect(svg).toMatch(
      /<text x="[\d.]+" y="[\d.]+" text-anchor="middle" font-size="14" textLength="[\d.]+" lengthAdjust="spacingAndGlyphs">main<\/text>/,
    );
  });

  it("is what an image in a page shows, in its own size", async () => {
    const file = path.join(folder, "page.html");
    writeFileSync(path.join(folder, "image.svg"), renderLiveSvg(await layOut(CALLS)));
    writeFileSync(file, '<!doctype html><img src="image.svg">');
    const { page, errors } = await open(`file://${file}`);
    const { width, height } = await layOut(CALLS);
    const size = await page.$eval("img", (image) => {
      const { naturalWidth, naturalHeight } = image as HTMLImageElement;
      return [naturalWidth, naturalHeight];
    });
    expect(size).toEqual([width, height].map((points) => Math.round((points * 96) / 72)));
    expect(errors).toEqual([]);
  });

  it("keeps every word within its box, whatever font there is", async () => {
    const svg = renderSvg(await layOut(fixtureGraph("go-cpu.pb.gz"))).replace(
      /font-family="[^"]*"/,
      'font-family="DejaVu Sans Mono, monospace"',
    );
    const file = path.join(folder, "mono.svg");
    writeFileSync(file, svg);
    const { page } = await open(`file://${file}`);
    const outside = await page.$$eval(
      ".node, .legend",
      (boxes) =>
        boxes.filter((box) => {
          const outer = box.querySelector("rect")?.getBoundingClientRect() as DOMRect;
          return [...box.querySelectorAll("text")].some((text) => {
            const { left, right } = text.getBoundingClientRect();
            return left < outer.left || right > outer.right;
          });
        }).length,
    );
    expect(outside).toBe(0);
  });
});
