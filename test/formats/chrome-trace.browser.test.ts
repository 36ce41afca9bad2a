import { chromium } from "playwright-core";
import { expect, it } from "vitest";
import { readBytes } from "../support/addresses.js";
import { CHROMIUM } from "../support/browser.js";
import { flatAndCum, totalsOf } from "../support/stacks.js";

it("reads a trace of Chromium with the time in the right function", async () => {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    const page = await browser.newPage();
    await browser.startTracing(page, {
      categories: ["disabled-by-default-v8.cpu_profiler", "v8"],
    });
    const spent = await page.evaluate(() => {
      function hotPart(millis: number): number {
        let sum = 0;
        for (const end = performance.now() + millis; performance.now() < end; ) {
          for (let i = 0; i < 1000; i++) sum += Math.sqrt(i);
        }
        return sum;
      }
      const start = performance.now();
      // Much longer than the start of the profiler, for which the page does not wait.
      hotPart(2000);
      return performance.now() - start;
    });
    const profile = await readBytes(await browser.stopTracing());
    const wall = profile.sampleTypes.findIndex((t) => profile.strings.get(t.type) === "wall");
    const [name, [, cum]] =
      Object.entries(flatAndCum(profile, wall)).find(([key]) => key === "hotPart") ??
      expect.fail("hotPart is missing");
    expect(name).toBe("hotPart");
    expect(cum / 1e6).toBeGreaterThan(spent * 0.8);
    expect(cum / 1e6).toBeLessThan(spent * 1.2);
    expect(Number(totalsOf(profile)[wall])).toBeGreaterThanOrEqual(cum);
  } finally {
    await browser.close();
  }
});
