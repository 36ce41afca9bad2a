import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serveHarness } from "../../scripts/flame-harness.mjs";
import { classOfName } from "../../src/render/flame/colors.js";
import { DARK, LIGHT } from "../../src/render/flame/themes.js";
import { useBrowser } from "../support/browser.js";

const open = useBrowser();
let server: Awaited<ReturnType<typeof serveHarness>>;
beforeAll(async () => {
  server = await serveHarness();
});
afterAll(() => server.close());

type ViewName = "flamegraph" | "sandwich";

interface HarnessWindow {
  readonly harness: {
    readonly calls: readonly unknown[];
    readonly places: readonly [how: string, place: Record<string, unknown>][];
    labels: string[];
    openText(name: ViewName, text: string, change?: object): Promise<void>;
    show(change: object): Promise<void>;
  };
}

interface Shown {
  view?: ViewName;
  pivot?: string;
  query?: string;
  context?: Parameters<typeof open>[1];
}

/** The page is 1000 pixels wide: of a total of 1000, a value of 1 is one pixel. */
async function show(text: string, { view = "flamegraph", pivot, query, context }: Shown = {}) {
  const watched = await open(server.url, {
    viewport: { width: 1000, height: 600 },
    reducedMotion: "reduce",
    ...context,
  });
  const change = { ...(pivot && { pivot }), ...(query && { query }) };
  await watched.page.evaluate(
    ([name, profile, state]) =>
      (window as unknown as HarnessWindow).harness.openText(name, profile, state),
    [view, text, change] as const,
  );
  await settle(watched.page);
  return watched;
}

/** Waits until the requested state is drawn. */
const settle = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<void>((resolve) =>
        requestAnimationFrame(() => requestAnimationFrame(() => resolve())),
      ),
  );

const calls = (page: Page) =>
  page.evaluate(() => (window as unknown as HarnessWindow).harness.calls);

/** Returns a point in a row, counted from the top of the graph. */
async function point(page: Page, x: number, row: number) {
  const area = await page.locator(".flame-host").boundingBox();
  return { x: (area?.x ?? 0) + x, y: (area?.y ?? 0) + row * 20 + 9 };
}

/** Returns the lines of the tooltip at a point; empty without a tooltip. */
async function told(page: Page, x: number, row: number): Promise<string[]> {
  const at = await point(page, x, row);
  await page.mouse.move(at.x, at.y);
  const lines = page.locator(".flame-tip:not([hidden]) :is(.flame-tip-name,.flame-tip-note,dt,dd)");
  return lines.allTextContents();
}

const nameAt = async (page: Page, x: number, row: number) => (await told(page, x, row))[0];

async function click(page: Page, x: number, row: number, options = {}) {
  const at = await point(page, x, row);
  await page.mouse.click(at.x, at.y, options);
  await settle(page);
}

async function press(page: Page, ...keys: string[]) {
  for (const key of keys) await page.keyboard.press(key);
  await settle(page);
}

/** Returns what a screen reader announces for the selected frame. */
async function heard(page: Page): Promise<string> {
  const id = await page.locator(".flame-host").getAttribute("aria-activedescendant");
  return (await page.locator(`#${id}`).textContent()) ?? "";
}

/** Returns the colour of the canvas at a point, as `#rrggbb`. */
async function colorAt(page: Page, x: number, row: number): Promise<string> {
  // Move the pointer away: a hovered function has another colour.
  await page.mouse.move(1, 1);
  await settle(page);
  return page.locator(".flame-host canvas").evaluate(
    (canvas: HTMLCanvasElement, [left, top]) => {
      const ratio = window.devicePixelRatio;
      const context = canvas.getContext("2d");
      const data = context?.getImageData(left * ratio, top * ratio, 1, 1).data ?? [];
      return `#${[...data]
        .slice(0, 3)
        .map((byte) => byte.toString(16).padStart(2, "0"))
        .join("")}`;
    },
    // Above the text.
    [x, row * 20 + 2] as const,
  );
}

/** Returns the changes of the zoomed or selected frame, or of the look, for the address. */
const places = (page: Page) =>
  page.evaluate(() => (window as unknown as HarnessWindow).harness.places);

/** Shows a changed state, as the Back button does. */
async function goTo(page: Page, change: object) {
  await page.evaluate((to) => (window as unknown as HarnessWindow).harness.show(to), change);
  await settle(page);
}

const found = (page: Page) => page.locator(".flame-found").textContent();

const SIMPLE = "main;work;leaf 300\nmain;other 100\nidle 600";

describe("a flame graph on a canvas", () => {
  it("draws each frame at its share of the width", async () => {
    const { page, errors } = await show(SIMPLE);
    expect(await nameAt(page, 500, 0)).toBe("all");
    expect(await nameAt(page, 595, 1)).toBe("idle");
    expect(await nameAt(page, 605, 1)).toBe("main");
    expect(await nameAt(page, 895, 2)).toBe("work");
    expect(await nameAt(page, 905, 2)).toBe("other");
    expect(await nameAt(page, 300, 2)).toBeUndefined();
    expect(await told(page, 700, 2)).toEqual([
      "work",
      ...["Total (cum)", "300 (30.00%)"],
      ...["Of its caller", "75.00%"],
      ...["Self (flat)", "0 (0%)"],
    ]);
    expect(errors).toEqual([]);
  });

  it("zooms in on a click, and out by key, double click and button", async () => {
    const { page } = await show(SIMPLE);
    const reset = page.getByRole("button", { name: "Reset zoom" });
    expect(await reset.isDisabled()).toBe(true);
    await click(page, 700, 2);
    expect(await nameAt(page, 5, 2)).toBe("work");
    expect(await nameAt(page, 995, 3)).toBe("leaf");
    expect(await told(page, 995, 3)).toContain("Of the zoomed frame");
    // The callers stay visible, so that a click on one zooms out.
    await click(page, 5, 1);
    expect(await nameAt(page, 740, 2)).toBe("work");
    expect(await nameAt(page, 760, 2)).toBe("other");
    await press(page, "0");
    expect(await nameAt(page, 5, 1)).toBe("idle");

    await click(page, 700, 2);
    const at = await point(page, 500, 2);
    await page.mouse.dblclick(at.x, at.y);
    await settle(page);
    expect(await nameAt(page, 5, 1)).toBe("idle");
    await click(page, 700, 2);
    await reset.click();
    await settle(page);
    expect(await nameAt(page, 5, 1)).toBe("idle");
    expect(await reset.isDisabled()).toBe(true);
  });

  it("animates zooming unless the user prefers reduced motion", async () => {
    const { page } = await show(SIMPLE, { context: { reducedMotion: "no-preference" } });
    const at = await point(page, 700, 2);
    await page.mouse.click(at.x, at.y);
    const seen: (string | undefined)[] = [];
    await expect
      .poll(async () => {
        seen.push(await nameAt(page, 5, 2));
        return seen.at(-1);
      })
      .toBe("work");
    expect(await nameAt(page, 995, 3)).toBe("leaf");
  });

  it("zooms at the pointer with Ctrl and the wheel, and pans when dragged", async () => {
    const { page } = await show(SIMPLE);
    // At 600, idle ends and main begins; that point stays in place.
    const at = await point(page, 600, 1);
    await page.mouse.move(at.x, at.y);
    await page.keyboard.down("Control");
    for (let i = 0; i < 8; i++) await page.mouse.wheel(0, -100);
    await page.keyboard.up("Control");
    await settle(page);
    expect(await nameAt(page, 590, 1)).toBe("idle");
    expect(await nameAt(page, 610, 1)).toBe("main");
    expect(await nameAt(page, 5, 1)).toBe("idle");
    expect(await nameAt(page, 995, 2)).toBe("work");

    const from = await point(page, 600, 4);
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(from.x - 100, from.y);
    await page.mouse.move(from.x - 200, from.y);
    await page.mouse.up();
    await settle(page);
    expect(await nameAt(page, 390, 1)).toBe("idle");
    expect(await nameAt(page, 410, 1)).toBe("main");
  });

  it("scrolls with the wheel if it is higher than its window", async () => {
    const deep = Array.from({ length: 80 }, (_, i) => `f${i}`).join(";");
    const { page } = await show(`${deep} 10`);
    expect(await nameAt(page, 500, 3)).toBe("f2");
    await page.mouse.wheel(0, 400);
    await settle(page);
    expect(await nameAt(page, 500, 3)).toBe("f22");
    // The map is visible; clicking its right end goes there.
    const map = await page.locator(".flame-map").boundingBox();
    if (!map) throw new Error("there is no map");
    await page.mouse.click(map.x + map.width / 2, map.y + map.height - 2);
    await settle(page);
    const rows = Math.floor(((await page.locator(".flame-host").boundingBox())?.height ?? 0) / 20);
    expect(Number((await nameAt(page, 300, rows - 1))?.slice(1))).toBeGreaterThan(77);
  });

  it("can be flipped: the root is at the bottom", async () => {
    const { page } = await show(SIMPLE);
    const height = (await page.locator(".flame-host").boundingBox())?.height ?? 0;
    await page.getByRole("button", { name: "Flip" }).click();
    await settle(page);
    const area = await page.locator(".flame-host").boundingBox();
    await page.mouse.move(500, (area?.y ?? 0) + height - 10);
    expect(await page.locator(".flame-tip-name").textContent()).toBe("all");
    await page.mouse.move(700, (area?.y ?? 0) + height - 30);
    expect(await page.locator(".flame-tip-name").textContent()).toBe("main");
  });

  it("goes from frame to frame with keys, and announces each", async () => {
    const { page } = await show(SIMPLE);
    await page.locator(".flame-host").focus();
    const walk = async (key: string) => {
      await press(page, key);
      return (await heard(page)).split(",")[0];
    };
    expect(await walk("ArrowDown")).toBe("idle");
    expect(await walk("ArrowRight")).toBe("main");
    expect(await walk("ArrowRight")).toBe("main");
    expect(await walk("ArrowDown")).toBe("work");
    expect(await walk("ArrowRight")).toBe("other");
    expect(await walk("ArrowLeft")).toBe("work");
    expect(await walk("ArrowUp")).toBe("main");
    expect(await walk("End")).toBe("leaf");
    expect(await heard(page)).toBe(
      "leaf, Total (cum) 300 (30.00%), Of its caller 100%, Self (flat) 300 (30.00%)",
    );
    await press(page, "Enter");
    expect(await nameAt(page, 5, 3)).toBe("leaf");
    await press(page, "Backspace", "Backspace");
    expect(await nameAt(page, 740, 2)).toBe("work");
    expect(await walk("Home")).toBe("all");
    await press(page, "Escape");
    expect(await nameAt(page, 5, 1)).toBe("idle");
  });

  it("opens a menu on a right click and by key, and shows callers with m", async () => {
    const { page } = await show(SIMPLE);
    await click(page, 700, 2, { button: "right" });
    await page.locator(".flame-host").focus();
    await press(page, "ArrowUp", "Shift+F10");
    await press(page, "m");
    const names = (await calls(page))
      .map((call) => JSON.stringify(call))
      .filter((call) => !call.includes("selected"));
    expect(names[0]).toMatch(/^\["menu",\{"name":"work",/);
    expect(names[1]).toMatch(/^\["menu",\{"name":"main",/);
    expect(names[2]).toBe('["go",{"pivot":"main"}]');
  });
});

describe("searching", () => {
  /** Stacks with much recursion, so that one stack often matches several times. */
  function stacks(): [stack: string[], value: number][] {
    let seed = 7;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
      return (seed >>> 12) % below;
    };
    return Array.from({ length: 300 }, () => [
      Array.from({ length: 1 + random(9) }, () => `${"abcdef"[random(6)]}${random(3)}`),
      1 + random(500),
    ]);
  }

  it("sums all stacks with a match, each once", async () => {
    const all = stacks();
    const text = all.map(([stack, value]) => `${stack.join(";")} ${value}`).join("\n");
    const { page, errors } = await show(text);
    const total = all.reduce((sum, [, value]) => sum + value, 0);
    for (const pattern of ["a1", "^[bc]2$", "f"]) {
      await page.locator(".flame-search").fill(pattern);
      const matching = all.filter(([stack]) =>
        stack.some((name) => new RegExp(pattern).test(name)),
      );
      const sum = matching.reduce((so, [, value]) => so + value, 0);
      const prefixes = new Set(
        matching.flatMap(([stack]) =>
          stack.flatMap((name, i) =>
            new RegExp(pattern).test(name) ? [stack.slice(0, i + 1).join(";")] : [],
          ),
        ),
      );
      const share = ((sum / total) * 100).toFixed(2);
      await expect
        .poll(() => found(page))
        .toBe(`${grouped(prefixes.size)} frames: ${sum} (${share}%)`);
    }
    expect(errors).toEqual([]);
  });

  it("goes from match to match, and can match case", async () => {
    const { page } = await show("main;Work 1\nmain;work 3\nmain;other 6");
    await page.locator(".flame-search").fill("WORK");
    await expect.poll(() => found(page)).toBe("2 frames: 4 (40.00%)");
    await page.keyboard.press("Enter");
    await expect.poll(() => found(page)).toBe("1 of 2 frames: 4 (40.00%)");
    expect(await heard(page)).toMatch(/^work,/);
    await page.getByRole("button", { name: "Next match" }).click();
    expect(await found(page)).toMatch(/^2 of 2/);
    expect(await heard(page)).toMatch(/^Work,/);
    await page.getByRole("button", { name: "Aa" }).click();
    expect(await found(page)).toBe("no match");
    await page.locator(".flame-search").fill("work(");
    await expect.poll(() => found(page)).toMatch(/missing closing \)/);
    expect(await page.locator(".flame-search").getAttribute("aria-invalid")).toBe("true");
    // The search text is in the address.
    expect(JSON.stringify((await calls(page)).at(-1))).toBe('["go",{"query":"work("}]');
  });

  it("marks matches, and fades other frames", async () => {
    const { page } = await show(SIMPLE, { query: "work" });
    expect(await page.locator(".flame-search").inputValue()).toBe("work");
    expect(await colorAt(page, 800, 2)).toBe(LIGHT.match);
    const boxes = Object.values(LIGHT.boxes).map(({ fill }) => fill);
    expect(boxes).not.toContain(await colorAt(page, 300, 1));
    await page.locator(".flame-search").fill("");
    await expect.poll(async () => boxes.includes(await colorAt(page, 300, 1))).toBe(true);
  });

  it("takes linear time on patterns that backtracking engines are slow on", async () => {
    const { page } = await show(`${"a".repeat(5000)}! 1`);
    const start = Date.now();
    await page.locator(".flame-search").fill("^(a+)+$");
    await expect.poll(() => found(page)).toBe("no match");
    expect(Date.now() - start).toBeLessThan(5000);
  });
});

const grouped = (number: number) => number.toLocaleString("en-US");

describe("callers and callees of a function", () => {
  const STACKS = "a;p;x 10\nb;p;x 20\nb;p;y 30\nc 40";

  it("are merged above and below it", async () => {
    const { page } = await show(STACKS, { pivot: "p" });
    expect(await told(page, 500, 1)).toEqual([
      "p",
      ...["Total (cum)", "60 (60.00%)"],
      ...["Self (flat)", "0 (0%)"],
    ]);
    // Half of the calls go through x and half through y; five of six go through b.
    expect(await nameAt(page, 400, 0)).toBe("b");
    expect(await nameAt(page, 900, 0)).toBe("a");
    expect((await told(page, 900, 0)).join(" ")).toContain("Of its callee 16.67%");
    expect([await nameAt(page, 250, 2), await nameAt(page, 750, 2)].sort()).toEqual(["x", "y"]);
    await page.locator(".flame-host").focus();
    await press(page, "Home", "ArrowUp");
    expect(await heard(page)).toMatch(/^b, Total \(cum\) 50 \(50\.00%\)/);
    await press(page, "ArrowDown", "ArrowDown");
    expect(await heard(page)).toMatch(/^[xy], Total \(cum\) 30 \(30\.00%\)/);
    await page.getByRole("button", { name: "Back to all stacks" }).click();
    await settle(page);
    expect(await nameAt(page, 5, 0)).toBe("all");
  });

  it("say so if there is no such function", async () => {
    const { page } = await show(STACKS, { pivot: "nothing" });
    expect(await page.locator(".flame-lead").textContent()).toContain(
      "nothing: no selected sample contains this. All stacks are shown.",
    );
  });

  it("are shown beside a list of functions, which can be sorted and filtered", async () => {
    const { page, errors } = await show(STACKS, { view: "sandwich" });
    const names = () => page.locator(".sandwich-list td.col-name").allTextContents();
    expect(await names()).toEqual(["c", "x", "y", "a", "b", "p"].sort(byFlat));
    await page.getByRole("button", { name: "Cum", exact: true }).click();
    await expect.poll(async () => (await names()).slice(0, 2)).toEqual(["p", "b"]);
    await page.getByLabel("Filter the rows").fill("^[xp]$");
    expect(await names()).toEqual(["p", "x"]);
    expect(await nameAt(page, 300, 1)).toBe("p");
    await page.locator(".sandwich-list tbody [role=row]", { hasText: "x" }).click();
    await settle(page);
    expect(JSON.stringify((await calls(page)).at(-1))).toBe('["go",{"pivot":"x","selected":".x"}]');
    expect(await page.locator("[aria-selected=true] .col-name").textContent()).toBe("x");
    const cut = await page
      .locator(".sandwich-list td.number")
      .evaluateAll((cells) => cells.filter((cell) => cell.scrollWidth > cell.clientWidth).length);
    expect(cut).toBe(0);
    expect(errors).toEqual([]);
  });

  /** Sorts by flat: c 40, then x and y with 30 each, then functions without a flat cost. */
  function byFlat(a: string, b: string): number {
    const flat: Record<string, number> = { c: 40, x: 30, y: 30 };
    return (flat[b] ?? 0) - (flat[a] ?? 0);
  }
});

describe("comparisons", () => {
  it("show added, removed and changed functions", async () => {
    const base = "{pprof::base=true}";
    const { page } = await show(
      `gone -200 ${base}\nsame -100 ${base}\nsame 100\nnew 100\nmore -100 ${base}\nmore 400`,
    );
    expect((await told(page, 250, 1)).join(" ")).toBe(
      "more Base 100 (25.00%) New 400 (66.67%) Change +300, +41.67 points Self (flat) 100 → 400",
    );
    expect((await told(page, 600, 1)).join(" ")).toMatch(/^gone gone: only in the base/);
    expect(await colorAt(page, 600, 1)).toBe(LIGHT.boxes.d4.fill);
    expect(await nameAt(page, 800, 1)).toBe("same");
    expect(await colorAt(page, 800, 1)).toBe(LIGHT.boxes.none.fill);
    expect((await told(page, 950, 1)).join(" ")).toMatch(/^new new: not in the base/);
    expect(await colorAt(page, 950, 1)).toBe(LIGHT.boxes.u4.fill);
  });
});

describe("the place in the address", () => {
  it("is a step of history for each zoom, and can be restored", async () => {
    const { page } = await show(SIMPLE);
    const crumbs = page.locator(".flame-crumbs li");
    expect(await crumbs.allTextContents()).toEqual(["all"]);
    await click(page, 700, 2);
    const [how, { zoom, selected }] = (await places(page))[0];
    expect([how, selected]).toEqual(["step", ".work"]);
    expect(zoom).toMatch(/^[0-9a-z]{6,11}$/);
    expect(await crumbs.allTextContents()).toEqual(["all", "main", "work"]);
    // Back, and forward again.
    await goTo(page, { zoom: "", selected: "" });
    expect(await nameAt(page, 5, 1)).toBe("idle");
    await goTo(page, { zoom, selected });
    expect(await nameAt(page, 5, 2)).toBe("work");
    expect(await places(page)).toHaveLength(1);

    await page.locator(".flame-crumbs").getByRole("button", { name: "main" }).click();
    await settle(page);
    expect(await nameAt(page, 740, 2)).toBe("work");
    expect((await places(page))[1][0]).toBe("step");
    // Dragging shows more than the zoomed frame: no new step.
    const from = await point(page, 600, 4);
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(from.x + 300, from.y);
    await page.mouse.up();
    expect((await places(page))[2]).toMatchObject(["replace", { zoom: "" }]);

    // A link to another graph with the same path, or without it.
    const openText = (text: string) =>
      page.evaluate(
        ([profile, key]) =>
          (window as unknown as HarnessWindow).harness.openText("flamegraph", profile, {
            zoom: key,
            selected: "",
          }),
        [text, zoom as string] as const,
      );
    await openText("main;more 5\nmain;work;deep 2\nmain;work;deep;er 1");
    await settle(page);
    expect(await nameAt(page, 5, 3)).toBe("deep");
    await openText("other;main;work 1\nidle 2");
    await settle(page);
    expect(await nameAt(page, 5, 1)).toBe("idle");
  });

  it("has the frame that keys select, and the look", async () => {
    const { page } = await show(SIMPLE);
    await page.locator(".flame-host").focus();
    await press(page, "ArrowDown", "ArrowRight");
    await expect.poll(async () => (await places(page)).length).toBe(1);
    const [how, { zoom, selected }] = (await places(page))[0];
    expect([how, zoom]).toEqual(["replace", ""]);
    await press(page, "i", "c");
    expect((await places(page)).slice(1)).toEqual([
      ["replace", { color: "", flipped: true }],
      ["replace", { color: "self", flipped: true }],
    ]);
    expect(await page.getByLabel("Colour by").inputValue()).toBe("self");
    await goTo(page, { selected, flipped: false, color: "" });
    expect(await heard(page)).toMatch(/^main,/);
    expect(await page.getByLabel("Colour by").inputValue()).toBe("function");
    expect(await page.getByRole("button", { name: "Flip" }).getAttribute("aria-pressed")).toBe(
      "false",
    );
  });

  it("collapses the middle of a long path", async () => {
    const { page } = await show(`${Array.from({ length: 30 }, (_, i) => `f${i}`).join(";")} 1`);
    await click(page, 500, 20);
    const crumbs = page.locator(".flame-crumbs li");
    expect(await crumbs.allTextContents()).toEqual(["all", "…", "f16", "f17", "f18", "f19"]);
    await page.getByRole("button", { name: "Show 16 more callers" }).click();
    expect(await crumbs.count()).toBe(21);
  });
});

describe("the texts of boxes", () => {
  const texts = (page: Page) =>
    page.evaluate(() => (window as unknown as { drawn: string[] }).drawn.splice(0));

  it("have the share and the value if there is room, and the package beside short names", async () => {
    const { page } = await show("a 1");
    await page.evaluate(() => {
      const drawn: string[] = [];
      const { fillText } = CanvasRenderingContext2D.prototype;
      CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
        drawn.push(text);
        fillText.call(this, text, ...rest);
      };
      Object.assign(window, { drawn });
    });
    await page.evaluate(
      (text) => (window as unknown as HarnessWindow).harness.openText("flamegraph", text),
      "a.narrowFunction 177\nidle[/lib/idle.so]#1 823",
    );
    await settle(page);
    const drawn = await texts(page);
    expect(drawn).toEqual(expect.arrayContaining(["idle", "idle.so", "82.3 % · 823"]));
    expect(drawn).not.toContain("17.7 % · 177 ");
  });
});

describe("touch", () => {
  const context = {
    viewport: { width: 390, height: 700 },
    hasTouch: true,
    isMobile: true,
    deviceScaleFactor: 2,
  };
  const tap = async (page: Page, x: number, row: number) => {
    const at = await point(page, x, row);
    await page.touchscreen.tap(at.x, at.y);
    await settle(page);
  };
  const tooltip = (page: Page) => page.locator(".flame-tip:not([hidden])").count();

  it("selects with a tap and shows a sheet; a double tap and a pinch zoom in", async () => {
    const { page, errors } = await show(SIMPLE, { context });
    const sheet = page.getByRole("region", { name: "Selected frame" });
    await tap(page, 300, 2);
    expect(await sheet.locator(".flame-tip-name").textContent()).toBe("work");
    expect(await sheet.locator("dd").allTextContents()).toEqual([
      ...["300 (30.00%)", "75.00%", "0 (0%)"],
    ]);
    expect(await heard(page)).toMatch(/^work,/);
    expect(await tooltip(page)).toBe(0);
    expect((await places(page)).filter(([how]) => how === "step")).toEqual([]);
    // Nothing is cut off at the sides.
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    for (const control of await page.getByRole("button").all()) {
      if (!(await control.isVisible())) continue;
      const area = await control.boundingBox();
      expect((area?.x ?? 0) + (area?.width ?? 0)).toBeLessThanOrEqual(390);
    }
    await sheet.getByRole("button", { name: "Zoom in" }).click();
    await settle(page);
    expect((await places(page)).at(-1)?.[0]).toBe("step");
    // Another selection closes the sheet.
    await goTo(page, { zoom: "" });
    expect(await sheet.isVisible()).toBe(false);
    await tap(page, 300, 2);
    await sheet.getByRole("button", { name: "Filter: focus" }).click();
    expect(JSON.stringify((await calls(page)).at(-1))).toContain('"focus":"^work$"');
    expect(await sheet.isVisible()).toBe(false);

    await tap(page, 300, 2);
    await tap(page, 300, 2);
    await expect.poll(() => page.locator(".flame-crumbs").textContent()).toBe("allmainwork");
    // Beside the boxes, a tap closes the sheet.
    await tap(page, 300, 8);
    expect(await sheet.isVisible()).toBe(false);
    await goTo(page, { zoom: "" });

    const touches = await page.context().newCDPSession(page);
    const middle = await point(page, 195, 4);
    const pinch = (type: "touchStart" | "touchMove" | "touchEnd", distance: number) =>
      touches.send("Input.dispatchTouchEvent", {
        type,
        touchPoints:
          type === "touchEnd"
            ? []
            : [-1, 1].map((side, id) => ({ x: middle.x + side * distance, y: middle.y, id })),
      });
    await pinch("touchStart", 30);
    for (const distance of [50, 80, 120]) await pinch("touchMove", distance);
    await pinch("touchEnd", 0);
    await expect
      .poll(() => page.getByRole("button", { name: "Reset zoom" }).isEnabled())
      .toBe(true);
    expect(await tooltip(page)).toBe(0);
    expect(errors).toEqual([]);
  });
});

describe("names from outside", () => {
  it("are shown as text everywhere", async () => {
    const name = '<img src=x onerror=alert(1)>"&\\u202e';
    const { page, errors, dialogs } = await show(`${JSON.stringify(name)};leaf 10`, {
      pivot: JSON.parse(JSON.stringify(name)),
    });
    expect(await nameAt(page, 500, 0)).toBe(name);
    expect(await page.locator(".flame-lead strong").textContent()).toBe(name);
    await page.locator(".flame-host").focus();
    await press(page, "t");
    expect(await page.locator(".flame-table tbody").textContent()).toContain("<img src=x");
    expect(await page.locator("main img").count()).toBe(0);
    expect(dialogs).toEqual([]);
    expect(errors).toEqual([]);
  });
});

describe("accessibility", () => {
  it("a table of the frames can be opened and closed with keys", async () => {
    const { page } = await show(SIMPLE);
    await page.locator(".flame-host").focus();
    await press(page, "t");
    const rows = page.locator(".flame-table tbody tr");
    const cells = await rows.evaluateAll((all) =>
      all.map((row) => [...row.children].map(({ textContent }) => textContent).join("|")),
    );
    expect(cells).toEqual([
      "all|0|1000|100%|0|",
      "idle|600|600|60.00%|1|all",
      "main|0|400|40.00%|1|all",
      "work|0|300|30.00%|2|main",
      "leaf|300|300|30.00%|3|work",
      "other|100|100|10.00%|2|main",
    ]);
    await page.getByRole("button", { name: "work" }).focus();
    await press(page, "Enter");
    expect(await page.locator(".flame-table").isVisible()).toBe(false);
    expect(await nameAt(page, 5, 2)).toBe("work");
  });

  it("axe reports nothing serious", async () => {
    const { page } = await show(SIMPLE, { view: "sandwich", query: "work" });
    await page.addScriptTag({ url: `${server.url}axe.js` });
    const findings = await page.evaluate(async () => {
      const { axe } = window as unknown as {
        axe: {
          run(): Promise<{
            violations: { id: string; impact: string; nodes: { html: string }[] }[];
          }>;
        };
      };
      return (await axe.run()).violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
    });
    expect(findings).toEqual([]);
  });

  it("the colours follow the user's preference", async () => {
    for (const [colorScheme, theme, background] of [
      ["light", LIGHT, "#ffffff"],
      ["dark", DARK, "#16191d"],
    ] as const) {
      const { page } = await show(SIMPLE, { context: { colorScheme } });
      expect(await colorAt(page, 300, 1)).toBe(theme.boxes[classOfName("idle")].fill);
      expect(await colorAt(page, 300, 8)).toBe(background);
    }
  });

  it("the graph is usable at 320 pixels", async () => {
    for (const view of ["flamegraph", "sandwich"] as const) {
      const { page } = await show(SIMPLE, {
        view,
        context: { viewport: { width: 320, height: 640 }, deviceScaleFactor: 2 },
      });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
      const host = await page.locator(".flame-host").boundingBox();
      expect(host?.width).toBe(320);
      expect(host?.height).toBeGreaterThan(150);
      const size = await page
        .locator(".flame-host canvas")
        .evaluate(({ width }: HTMLCanvasElement) => width);
      expect(size).toBe(640);
    }
  });

  it("prints dark on white, sharper than the screen", async () => {
    const { page } = await show(SIMPLE, { context: { colorScheme: "dark" } });
    await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
    await page.emulateMedia({ media: "print" });
    const paper = page.locator(".flame-paper canvas");
    expect(await paper.isVisible()).toBe(true);
    expect(await page.locator(".flame-tools").isVisible()).toBe(false);
    const seen = await paper.evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext("2d")?.getImageData(900, 75, 1, 1) ?? { data: [] };
      return { width: canvas.width, color: [...data].slice(0, 3) };
    });
    const idle = [1, 3, 5].map((at) =>
      Number.parseInt(LIGHT.boxes[classOfName("idle")].fill.slice(at, at + 2), 16),
    );
    expect(seen).toEqual({ width: 3000, color: idle });
    await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
    expect(await paper.count()).toBe(0);
    const pdf = (await page.pdf()).toString("latin1");
    expect(pdf).toContain("/Width 3000");
    await page.close();
  });
});
