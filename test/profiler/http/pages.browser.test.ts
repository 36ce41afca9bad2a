import { describe, expect, it } from "vitest";
import { pprofHandler } from "../../../src/library/http.js";
import { startHeapSampling, stopHeapSampling } from "../../../src/library/profiler.js";
import { listening } from "../../support/ask.js";
import { useBrowser } from "../../support/browser.js";

const open = useBrowser();

describe("a browser", () => {
  it("shows the index with its style, and follows its links", async () => {
    await startHeapSampling();
    const port = await listening(pprofHandler());
    const { page, errors, requests } = await open(`http://localhost:${port}/debug/pprof`);
    const width = await page.evaluate(() => getComputedStyle(document.body).maxWidth);
    expect(width).toMatch(/px$/);
    expect(errors).toEqual([]);
    expect(requests.filter((url) => !url.endsWith("/debug/pprof/"))).toEqual([]);
    await page.click('a[href="heap?debug=1"]');
    await expect.poll(() => page.textContent("body")).toContain("Type: inuse_space");
    await stopHeapSampling();
  });

  it("gets nothing if a page of another site requests it", async () => {
    const asked: (string | undefined)[] = [];
    const statuses: number[] = [];
    const handler = pprofHandler({ allow: "any" });
    const port = await listening((request, response) => {
      asked.push(String(request.headers["sec-fetch-site"]));
      response.on("finish", () => statuses.push(response.statusCode));
      handler(request, response);
    });
    const target = `http://127.0.0.1:${port}/debug/pprof/profile?seconds=1`;
    const sibling = target.replace("127.0.0.1", "localhost");
    const evil = await listening((_request, response) => {
      response.setHeader("Content-Type", "text/html");
      response.end(`<title>x</title><img src="${target}"><img src="${sibling}"><iframe src="${target}"></iframe>
<script>fetch("${target}", { mode: "no-cors" }); fetch("${target}").catch(() => {});</script>`);
    });
    await open(`http://localhost:${evil}/`);
    await expect.poll(() => statuses.length).toBeGreaterThanOrEqual(5);
    expect(new Set(asked)).toEqual(new Set(["cross-site", "same-site"]));
    expect(new Set(statuses)).toEqual(new Set([403]));
  });
});
