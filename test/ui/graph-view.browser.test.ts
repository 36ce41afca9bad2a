import graphScript from "client:graph";
import { readFileSync } from "node:fs";
import path from "node:path";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { describe, expect, it, onTestFinished } from "vitest";
import { encodeProfile } from "../../src/profile/wire/encode.js";
import { useBrowser } from "../support/browser.js";
import { ROOT } from "../support/proto.js";
import { profileOf } from "../support/text-profile.js";
import { serveView } from "../support/view-server.js";
import type { Change } from "../support/views.client.js";

const open = useBrowser();

/** Opens the view with stacks written as folded text, or with a fixture. */
async function show(profile: string | Uint8Array, options: Parameters<typeof open>[1] = {}) {
  const bytes = typeof profile === "string" ? Buffer.from(`${profile}\n`) : profile;
  const { url, server, asked } = await serveView({ profile: bytes });
  onTestFinished(() => void server.close());
  const opened = await open(url, { viewport: { width: 1000, height: 700 }, ...options });
  await opened.page.evaluate(() => harness.open("graph"));
  return { ...opened, asked };
}

function change(page: Page, wanted: Change) {
  return page.evaluate((wanted) => harness.show(wanted), wanted);
}

/** Small graphs show all nodes. */
const ALL = { nodefraction: 0, edgefraction: 0 };

const node = (page: Page, name: string) =>
  page.locator(`.node[aria-label^=${JSON.stringify(`${name}, `)}]`);

const names = (page: Page) =>
  page
    .locator(".node")
    .evaluateAll((nodes) =>
      nodes.map((one) => one.getAttribute("aria-label")?.split(", flat")[0]).sort(),
    );

/** Returns the edges as `caller->callee`. */
const calls = (page: Page) =>
  page.locator(".edge").evaluateAll((edges) =>
    edges
      .map((edge) => {
        const ids = edge.getAttribute("data-id")?.split("->") ?? [];
        return ids
          .map((id) => document.querySelector(`.node[data-id="${id}"]`)?.getAttribute("aria-label"))
          .map((label) => label?.split(", ")[0])
          .join("->");
      })
      .sort(),
  );

const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute("aria-label")?.split(", ")[0]);

const SIMPLE = "main;work;leaf 300\nmain;other 100\nmain;work;leaf;deep 50\nidle 600";

describe("the view of the call graph", () => {
  it("draws under the page's policy, and loads its script once", async () => {
    const { page, errors, asked } = await show(SIMPLE);
    expect(await change(page, { options: ALL })).toEqual([]);
    expect(await names(page)).toEqual(["deep", "idle", "leaf", "main", "other", "work"]);
    expect(await calls(page)).toEqual(["leaf->deep", "main->other", "main->work", "work->leaf"]);
    await change(page, { options: { ...ALL, focus: "work" } });
    expect(await names(page)).toEqual(["deep", "leaf", "main", "work"]);
    expect(asked.filter((url) => url === "/graph.js")).toHaveLength(1);
    expect(errors).toEqual([]);
    expect(graphScript.length).toBeLessThan(200_000);
  });

  it("animates boxes between graphs unless the user prefers reduced motion", async () => {
    const top = (page: Page) =>
      page.evaluate(() => {
        const box = document.querySelector('.node[aria-label^="leaf"]');
        return Math.round(box?.getBoundingClientRect().top ?? 0);
      });
    /**
     * Returns whether the box of `leaf` is the same element, and its positions during the
     * animation.
     */
    const moved = async (reducedMotion: "reduce" | "no-preference") => {
      const { page } = await show(SIMPLE, { reducedMotion });
      await change(page, { options: ALL });
      const before = await top(page);
      const { isSame, places } = await page.evaluate(
        async (options) => {
          const box = document.querySelector('.node[aria-label^="leaf"]');
          const polygon = box?.querySelector("polygon") ?? document;
          const places = new Set<string | null>();
          const watch = () =>
            places.add(box?.querySelector("polygon")?.getAttribute("points") ?? null);
          new MutationObserver(watch).observe(polygon, { attributeFilter: ["points"] });
          await harness.show({ options });
          const after = document.querySelector('.node[aria-label^="leaf"]');
          return { isSame: box === after, places: places.size };
        },
        { ...ALL, hide: "^(work|main)$" },
      );
      expect(await names(page)).toEqual(["deep", "idle", "leaf", "other"]);
      expect(await top(page)).not.toBe(before);
      return { isSame, places };
    };
    const animated = await moved("no-preference");
    expect(animated.isSame).toBe(true);
    expect(animated.places).toBeGreaterThan(1);
    expect(await moved("reduce")).toEqual({ isSame: false, places: 0 });
  });

  it("highlights callers and callees of a node, and shows tooltips of nodes and edges", async () => {
    const { page } = await show(SIMPLE);
    await change(page, { options: ALL });
    await node(page, "work").click();
    const lit = async () =>
      (
        await page
          .locator(".node.on")
          .evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")?.split(", ")[0]))
      ).sort();
    expect(await lit()).toEqual(["leaf", "main", "work"]);
    expect(await page.locator(".edge.on").count()).toBe(2);
    expect(await page.locator(".graph-tip > *").allTextContents()).toEqual([
      "work",
      "flat 0 (0%) · cum 350 (33.33%)",
      "1 caller, 1 callee in this graph",
    ]);
    await node(page, "work").click();
    await page.mouse.move(5, 695);
    expect(await lit()).toEqual([]);
    expect(await page.locator(".graph-tip").isVisible()).toBe(false);
    // Edges are thin: a few pixels beside one still hit it.
    const line = page.locator(".edge path:not(.hit)").first();
    const { x, y, width, height } = (await line.boundingBox()) ?? expect.fail();
    await page.mouse.move(x + width / 2 + 3, y + height / 2);
    await expect.poll(() => page.locator(".graph-tip").textContent()).toMatch(/ → /);
  });

  it("works with keys alone", async () => {
    const { page } = await show(SIMPLE);
    await change(page, { options: ALL });
    await page.evaluate(() => document.querySelector<SVGElement>('.node[tabindex="0"]')?.focus());
    expect(await page.locator('.node[tabindex="0"]').count()).toBe(1);
    await page.evaluate(() =>
      document.querySelector<SVGElement>('.node[aria-label^="work,"]')?.focus(),
    );
    await page.keyboard.press("ArrowUp");
    expect(await focused(page)).toBe("main");
    // Down goes to the heaviest callee.
    await page.keyboard.press("ArrowDown");
    expect(await focused(page)).toBe("work");
    await page.keyboard.press("ArrowDown");
    expect(await focused(page)).toBe("leaf");
    await page.keyboard.press("Enter");
    const [kind, subject] = await page.evaluate(() => harness.log.at(-1) as [string, unknown]);
    expect([kind, subject]).toEqual(["menu", expect.objectContaining({ name: "leaf" })]);
    await page.keyboard.press("Space");
    expect(await page.locator(".node.chosen").getAttribute("aria-label")).toMatch(/^leaf, /);
    // In the next graph, the node still has the focus and stays chosen.
    await change(page, { options: { ...ALL, focus: "deep" } });
    expect(await focused(page)).toBe("leaf");
    expect(await page.locator(".node.chosen").getAttribute("aria-label")).toMatch(/^leaf, /);
    await page.keyboard.press("Escape");
    expect(await page.locator(".node.chosen").count()).toBe(0);
    const scale = () =>
      page
        .locator(".graph-stage")
        .evaluate((stage) => new DOMMatrix(getComputedStyle(stage).transform).a);
    const before = await scale();
    await page.keyboard.press("+");
    expect(await scale()).toBeCloseTo(before * 1.25);
    await page.keyboard.press("0");
    expect(await scale()).toBeCloseTo(before);
  });

  it("zooms at the mouse, pans with it, and keeps its position in the next graph", async () => {
    const { page } = await show(SIMPLE);
    await change(page, { options: ALL });
    const middle = async (name: string) => {
      const { x, y, width, height } = (await node(page, name).boundingBox()) ?? expect.fail();
      return { x: x + width / 2, y: y + height / 2, width };
    };
    const before = await middle("leaf");
    await page.mouse.move(before.x, before.y);
    await page.mouse.wheel(0, -300);
    const zoomed = await middle("leaf");
    expect(zoomed.width).toBeGreaterThan(before.width * 1.3);
    expect(Math.hypot(zoomed.x - before.x, zoomed.y - before.y)).toBeLessThan(3);
    await page.mouse.move(20, 400);
    await page.mouse.down();
    await page.mouse.move(60, 430, { steps: 3 });
    await page.mouse.up();
    const dragged = await middle("leaf");
    expect([dragged.x - zoomed.x, dragged.y - zoomed.y].map(Math.round)).toEqual([40, 30]);
    await node(page, "leaf").click();
    await change(page, { options: { ...ALL, ignore: "deep" } });
    // The graph may still be moving.
    const distance = async () => {
      const after = await middle("leaf");
      return Math.hypot(after.x - dragged.x, after.y - dragged.y);
    };
    await expect.poll(distance).toBeLessThan(3);
    await node(page, "leaf").click({ button: "right" });
    const logged = await page.evaluate(() => harness.log.at(-1));
    expect(logged).toEqual(["menu", expect.objectContaining({ name: "leaf" }), expect.anything()]);
  });

  it("marks matches of a search, and goes to them", async () => {
    const { page } = await show(SIMPLE);
    await change(page, { options: ALL, query: "leaf|idle" });
    expect(await page.locator(".graph-found").textContent()).toBe("2 matches");
    expect(await page.locator(".node.match").count()).toBe(2);
    await page.keyboard.press("n");
    const first = await focused(page);
    await page.keyboard.press("n");
    expect([first, await focused(page)].sort()).toEqual(["idle", "leaf"]);
    await change(page, { options: ALL, query: "(" });
    expect(await page.locator(".graph-found").textContent()).toBe("no matches");
    await change(page, { options: ALL });
    expect(await page.locator(".node.match").count()).toBe(0);
  });

  it("begins a large graph at its heaviest path, readable, and finds functions", async () => {
    const { page } = await show(readFileSync(path.join(ROOT, "fixtures/go-cpu.pb.gz")));
    await change(page, {});
    const scale = () =>
      page.locator(".graph-stage").evaluate((stage) => new DOMMatrix(stage.style.transform).a);
    const isInView = (name: string) =>
      node(page, name).evaluate((box) => {
        const { left, right, top, bottom } = box.getBoundingClientRect();
        return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
      });
    expect(await scale()).toBeGreaterThan(0.89);
    expect(await isInView("compress/flate.(*compressor).deflate")).toBe(true);
    await page.getByRole("button", { name: "Whole graph" }).click();
    expect(await scale()).toBeLessThan(0.6);
    await page.keyboard.press("h");
    expect(await scale()).toBeGreaterThan(0.89);
    await page.keyboard.press("/");
    await page.keyboard.type("mallocgc");
    expect(await page.locator(".graph-found").textContent()).toBe("1 match");
    await page.keyboard.press("Enter");
    expect(await isInView("runtime.mallocgc")).toBe(true);
    expect(await page.locator(".node.current").getAttribute("aria-label")).toMatch(/mallocgc/);
    await page.keyboard.press("Escape");
    await expect.poll(() => page.locator(".node.match").count()).toBe(0);
  });

  it("shows hostile names as text", async () => {
    const hostile = [
      "<script>alert(1)</script>",
      '"onload=alert(1)',
      '\\N\\"] evil [URL="javascript:alert(1)"',
      "&lt;b&gt;&amp;",
      "<img/src=x/onerror=alert(1)>",
    ];
    const { page, errors, dialogs, requests } = await show(
      encodeProfile(profileOf(`${hostile.map((name) => JSON.stringify(name)).join(";")} 10`)),
    );
    await change(page, { options: ALL });
    expect(await names(page)).toEqual([...hostile].sort());
    await change(page, { options: { ...ALL, noinlines: true, focus: "script" } });
    const words = await page.locator(".node text").allTextContents();
    // Names are broken into lines at their dots, and spaces are non-breaking.
    const drawn = words.join("").replaceAll("\u00a0", " ");
    for (const name of hostile) expect(drawn).toContain(name);
    const alien =
      ":is(script:not([src]), img, a, [onload], [onerror], [href]:not(link), foreignObject)";
    expect(await page.locator(alien).count()).toBe(0);
    expect(requests.filter((url) => /javascript|\/x$/.test(url))).toEqual([]);
    expect({ errors, dialogs }).toEqual({ errors: [], dialogs: [] });
  });

  it("explains why there is nothing to draw, or why drawing fails", async () => {
    const { page } = await show(SIMPLE);
    await change(page, { options: { ...ALL, focus: "nowhere" } });
    expect(await page.locator(".graph-note").textContent()).toMatch(/^Nothing to draw: no sample/);
    await change(page, { options: ALL });
    expect(await page.locator(".graph-note").isVisible()).toBe(false);
    expect(await names(page)).toHaveLength(6);
    const star = Array.from({ length: 1600 }, (_, i) => `main;f${i} 1`).join("\n");
    const many = await show(star);
    expect(await change(many.page, { options: { ...ALL, nodecount: 5000 } })).toBe(
      "1600 edges are too many to draw; show fewer nodes or raise the minimum edge share",
    );
  });

  it("follows the theme of the page", async () => {
    const { page } = await show(SIMPLE, { colorScheme: "dark" });
    await change(page, { options: ALL });
    const lightness = () =>
      node(page, "idle")
        .locator("polygon")
        .evaluate((box) => {
          const [r, g, b] = getComputedStyle(box).fill.match(/\d+/g)?.map(Number) ?? [];
          return (r + g + b) / 3;
        });
    expect(await lightness()).toBeLessThan(90);
    await page.evaluate(() => {
      document.documentElement.dataset.theme = "light";
      harness.readTheme();
    });
    await expect.poll(lightness).toBeGreaterThan(200);
  });

  it("has accessible names and roles", async () => {
    const { page } = await show(readFileSync(path.join(ROOT, "fixtures/go-cpu.pb.gz")));
    await change(page, { query: "runtime" });
    expect(await page.locator(".node").count()).toBeGreaterThan(30);
    await page.evaluate(axe.source);
    const violations = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
      const { violations } = await axe.run(".graph-view", {
        // Dimmed parts have less contrast on purpose.
        rules: { "color-contrast": { enabled: false } },
      });
      return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
    });
    expect(violations).toEqual([]);
  });
});
