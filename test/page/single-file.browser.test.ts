import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { VIEWS } from "../../src/page/protocol.js";
import { decodeFromText } from "../../src/page/text-bytes.js";
import { useBrowser, type WatchedPage } from "../support/browser.js";
import { answerDrop, drop } from "../support/drop.client.js";
import {
  A_HOSTILE_NAME,
  doneByNames,
  HOSTILE_SEARCHES,
  hostileProfile,
} from "../support/hostile-profile.client.js";
import { useOneProcess } from "../support/one-process.js";
import { ROOT } from "../support/proto.js";

const tsprof = useOneProcess();

const CPU = path.join(ROOT, "fixtures/go-cpu.pb.gz");

let folder: string;
let report: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "tsprof-html-"));
  report = path.join(folder, "report.html");
  const { code } = await tsprof(["html", "-focus=Price", "-output", report, CPU]);
  expect(code).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const open = useBrowser();

/** Opens the page of a file, and waits until it shows the requested state. */
async function opened(file: string, address = ""): Promise<WatchedPage> {
  const watched = await open(pathToFileURL(file).href + address);
  await done(watched.page);
  return watched;
}

/** Goes to an address without loading the file again. */
async function moved(page: Page, address: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, address);
  const [view] = /\w+/.exec(address) ?? [];
  await page.locator(`main[data-view=${view}]`).waitFor();
  await done(page);
}

async function done(page: Page): Promise<void> {
  await page.waitForSelector("main[aria-busy=false]");
}

/** Returns the content of an embedded part. */
function part(html: string, name: string): Buffer {
  const [, text] = html.match(new RegExp(`id="tsprof-${name}">([^<]*)<`)) ?? expect.fail(name);
  return Buffer.from(decodeFromText(text));
}

const rowsOf = (page: Page) => page.locator(".top-view [role=row], .top-view tbody tr");

describe("a page that is a file", () => {
  it("is small enough to send around", () => {
    const html = readFileSync(report, "utf8");
    const data = ["session", "sources", "profile"].map((name) => part(html, name).length);
    const fixed = statSync(report).size - data.reduce((sum, length) => sum + (8 / 7) * length, 0);
    expect(fixed).toBeLessThan(900_000);
  });

  it("opens with its filters, which can be cleared, and sends no requests", async () => {
    const { page, requests, errors } = await opened(report, "#/top");
    await expect.poll(() => page.locator(".chip").allTextContents()).toEqual(["focusPrice×"]);
    const all = await tsprof(["top", "-trim=false", CPU]);
    const names = all.stdout.split("\n").filter((line) => / 0\.63s .* runtime\.memclr/.test(line));
    expect(names).toHaveLength(1);
    expect(await rowsOf(page).filter({ hasText: "memclrNoHeapPointers" }).count()).toBe(0);
    await page.click(".chip-remove");
    await expect
      .poll(() => rowsOf(page).filter({ hasText: "memclrNoHeapPointers" }).first().textContent())
      .toContain("0.63s");
    expect(new URL(page.url()).hash).toBe("#/top?f=");
    await page.goBack();
    await expect.poll(() => page.locator(".chip").count()).toBe(1);
    await page.reload();
    await done(page);
    expect(await page.locator(".chip").count()).toBe(1);
    expect(requests.filter((url) => !/^(blob|data|file):/.test(url))).toEqual([]);
    expect(errors).toEqual([]);
  });

  it("shows every view", async () => {
    const { page, errors } = await opened(report, "#/flamegraph");
    for (const view of VIEWS.filter((name) => name !== "timeline")) {
      await moved(page, `#/${view}`);
      expect(await page.locator("main").textContent(), view).not.toBe("");
      expect(await page.locator(".failure").count(), view).toBe(0);
    }
    expect(errors).toEqual([]);
  });

  it("shows embedded source files unless they were omitted", async () => {
    const { page, errors } = await opened(report, "#/source?f=&q=json%5C.Marshal%24");
    const source = page.frameLocator("iframe");
    // The line is in Go's own source files, wherever they are.
    await expect
      .poll(() => source.locator("body").textContent(), { timeout: 15_000 })
      .toContain("func Marshal(v any) ([]byte, error) {");
    expect(errors).toEqual([]);

    const without = path.join(folder, "without.html");
    await tsprof(["html", "-embed_sources=false", "-output", without, CPU]);
    const html = readFileSync(without, "utf8");
    expect(gunzipSync(part(html, "sources")).toString()).toBe("{}");
  });

  it("contains the whole profile, and nothing about how it was fetched", async () => {
    const file = path.join(folder, "secret.html");
    const { code } = await tsprof([
      "html",
      "-header=Authorization: Bearer s3cret",
      "-output",
      file,
      CPU,
    ]);
    expect(code).toBe(0);
    const html = readFileSync(file, "utf8");
    const profile = path.join(folder, "again.pb.gz");
    writeFileSync(profile, part(html, "profile"));
    const [before, after] = [await tsprof(["raw", CPU]), await tsprof(["raw", profile])];
    expect(after.stdout).toBe(before.stdout);
    expect(gunzipSync(part(html, "session")).toString()).not.toContain("s3cret");
  });

  it("downloads the profile, and opens another one that is dropped on it", async () => {
    const { page, requests } = await opened(report, "#/top");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page
        .getByRole("button", { name: "More", exact: true })
        .click()
        .then(() => page.getByRole("menuitem", { name: "Download" }).click()),
    ]);
    const whole = path.join(folder, "whole.pb.gz");
    await download.saveAs(whole);
    expect((await tsprof(["raw", whole])).stdout).toBe((await tsprof(["raw", CPU])).stdout);

    await drop(page, ["heap.pb.gz", readFileSync(path.join(ROOT, "fixtures/go-heap.pb.gz"))]);
    await answerDrop(page, "Open");
    const title = () => page.locator(".profile-title").textContent();
    await expect.poll(title).toBe("heap.pb.gz");
    await page.reload();
    await done(page);
    expect(await title()).toBe("heap.pb.gz");
    await page.getByLabel("Sample type").selectOption({ label: "alloc_objects (count)" });
    await expect.poll(() => page.url()).toContain("si=alloc_objects");
    await done(page);
    expect(requests.filter((url) => !/^(blob|data|file):/.test(url))).toEqual([]);
  });

  it("shows hostile names as text in every view", async () => {
    const [profile, file] = ["hostile.pb", "hostile.html"].map((name) => path.join(folder, name));
    writeFileSync(profile, hostileProfile());
    expect(await tsprof(["html", "-output", file, profile])).toMatchObject({ code: 0 });
    const { page, dialogs, requests } = await opened(file, "#/flamegraph");
    for (const view of VIEWS) {
      await moved(page, `#/${view}${HOSTILE_SEARCHES[view] ?? ""}`);
      expect({ view, done: await doneByNames(page) }).toEqual({ view, done: [] });
      if (view === "top" || view === "text") {
        expect(await page.locator("main").textContent()).toContain(A_HOSTILE_NAME);
      }
      expect(dialogs).toEqual([]);
      expect(requests.filter((url) => !/^(blob|data|file):/.test(url))).toEqual([]);
    }
  });

  it("reports that the file is truncated", async () => {
    const html = readFileSync(report, "utf8");
    const cut = path.join(folder, "cut.html");
    writeFileSync(cut, html.replace(/(id="tsprof-profile">)[^<]*/, "$1"));
    const { page } = await open(pathToFileURL(cut).href);
    await expect
      .poll(() => page.locator("[role=alert]").textContent())
      .toContain("this file is damaged: its part “profile” is missing");
  });
});
