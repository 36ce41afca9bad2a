import { readFileSync } from "node:fs";
import path from "node:path";
import axe from "axe-core";
import { describe, expect, it, onTestFinished } from "vitest";
import { useBrowser } from "../support/browser.js";
import { ROOT } from "../support/proto.js";
import { type Answers, serveView } from "../support/view-server.js";

const open = useBrowser();

const FUNCTION = "main.(*shop).bill";
const PATTERN = "^main\\.\\(\\*shop\\)\\.bill$";

async function show(kind: "server" | "file", others: Answers["others"] = {}) {
  const profile = readFileSync(path.join(ROOT, "fixtures/go-cpu.pb.gz"));
  const { url, server, asked } = await serveView({ profile, others });
  onTestFinished(() => void server.close());
  const opened = await open(url, { viewport: { width: 1000, height: 700 } });
  await opened.page.evaluate((kind) => harness.open("source", kind), kind);
  return { ...opened, asked };
}

const WEBLIST = { "/ui/weblist": { type: "text/html", body: "<!DOCTYPE html><p>from the server" } };

describe("the view of source", () => {
  it("lists functions by cost, and shows the chosen one", async () => {
    const { page, asked, errors } = await show("server", WEBLIST);
    await page.evaluate(() => harness.show({}));
    expect(await page.locator(".heaviest tbody tr").count()).toBe(30);
    expect(await page.locator(".heaviest tbody tr").first().textContent()).toMatch(
      /^0\.63s9\.97%.*runtime\.memclrNoHeapPointers$/,
    );
    expect(asked.some((url) => url.startsWith("/ui/weblist"))).toBe(false);
    await page.locator(".heaviest a", { hasText: "pricing.share" }).click();
    await expect
      .poll(() => [
        // The view requests the listing once to check it, and the frame requests it again.
        ...new Set(asked.filter((url) => url.startsWith("/ui/weblist")).map(decodeURIComponent)),
      ])
      .toEqual([expect.stringMatching(/^\/ui\/weblist\?q=\^.*pricing\\\.share\$$/)]);
    expect(errors).toEqual([]);
  });

  it("suggests names while the user types, chosen with keys", async () => {
    const { page, asked } = await show("server", WEBLIST);
    await page.evaluate(() => harness.show({}));
    await page.keyboard.press("/");
    const field = page.getByRole("combobox");
    await page.keyboard.type("shop).b");
    const options = page.getByRole("option");
    await expect.poll(() => options.allTextContents()).toContain(FUNCTION);
    expect(await field.getAttribute("aria-expanded")).toBe("true");
    await page.keyboard.press("ArrowDown");
    const active = await field.getAttribute("aria-activedescendant");
    expect(await page.locator(`#${active}`).textContent()).toBe(
      (await options.allTextContents())[0],
    );
    const at = (await options.allTextContents()).indexOf(FUNCTION);
    for (let i = 0; i < at; i++) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    expect(await field.inputValue()).toBe(PATTERN);
    expect(await field.getAttribute("aria-expanded")).toBe("false");
    const frame = page.frameLocator("iframe.source-frame");
    expect(await frame.locator("p").textContent()).toBe("from the server");
    expect(asked.at(-1)).toBe(`/ui/weblist?q=${encodeURIComponent(PATTERN)}`);
    // Escape closes the list; the field accepts any pattern.
    await field.fill("runtime");
    await expect.poll(() => options.count()).toBeGreaterThan(1);
    await page.keyboard.press("Escape");
    expect(await options.count()).toBe(0);
    await page.keyboard.press("Enter");
    await expect.poll(() => asked.at(-1)).toBe("/ui/weblist?q=runtime");
  });

  it("shows the engine's page in a file, without running scripts in source files", async () => {
    const { page, dialogs, asked } = await show("file");
    await page.evaluate(() => {
      harness.weblist =
        '<!DOCTYPE html><html lang="en"><p>by the engine</p><script>alert(1)</script>';
      document.documentElement.dataset.theme = "dark";
    });
    const warnings = await page.evaluate(() => harness.show({ query: "main" }));
    expect(warnings).toEqual(["a warning"]);
    const frame = page.frameLocator("iframe.source-frame");
    expect(await frame.locator("p").textContent()).toBe("by the engine");
    expect(await frame.locator("html").getAttribute("data-theme")).toBe("dark");
    expect(await page.locator("iframe").getAttribute("sandbox")).toBe("allow-scripts");
    expect(dialogs).toEqual([]);
    expect(asked.some((url) => url.startsWith("/ui/"))).toBe(false);
    const failed = await page.evaluate(() => {
      harness.weblist = "!no matches found for regexp: nowhere";
      return harness.show({ query: "nowhere" });
    });
    expect(failed).toBe("no matches found for regexp: nowhere");
  });

  it("passes the theme to the server, and helps with missing source files", async () => {
    const { page, asked } = await show("server", WEBLIST);
    await page.evaluate(() => harness.show({ query: "a b" }));
    await page.evaluate(() => {
      document.documentElement.dataset.theme = "light";
      harness.readTheme();
    });
    await expect.poll(() => asked.at(-1)).toBe("/ui/weblist?q=a%20b&theme=light");
    await page.getByText("No source?").click();
    expect(await page.locator(".source-help p").textContent()).toMatch(/-source_path.*-trim_path/);
    await page.evaluate(axe.source);
    const violations = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
      const { violations } = await axe.run(".source-view", { iframes: false });
      return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
    });
    expect(violations).toEqual([]);
  });
});
