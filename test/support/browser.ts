import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeEach } from "vitest";

/** Without these flags, chromium contacts its maker's servers at every start. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A page of a browser, with a record of its requests, errors and dialogs. */
export interface WatchedPage {
  readonly page: Page;
  /** The addresses that the page requested, except its own. */
  readonly requests: string[];
  /** Uncaught errors, and messages of console.error. */
  readonly errors: string[];
  /** The messages of dialogs, which a script in a profile could open. */
  readonly dialogs: string[];
}

/** Debian's chromium, as users have it, but without a window. */
export const CHROMIUM = process.env.TSPROF_TEST_BROWSER ?? "/usr/bin/chromium";
/** Chromium without its user interface, which starts in less than half of the time. */
const HEADLESS_SHELL = process.env.TSPROF_TEST_BROWSER ?? "/usr/bin/chromium-headless-shell";

/** The browsers by program. All test files in this process share them until it ends. */
const browsers = new Map<string, Promise<Browser>>();

function startedBrowser(executablePath: string): Promise<Browser> {
  let browser = browsers.get(executablePath);
  if (!browser) {
    browser = chromium.launch({ executablePath, args: FLAGS });
    browsers.set(executablePath, browser);
  }
  return browser;
}

/** An empty page that no test uses, and the program and options of its browser. */
interface FreePage {
  readonly page: Page;
  readonly key: string;
}

/** The last pages of earlier tests. A document in such a page costs half of the CPU time. */
const free: FreePage[] = [];
const MAX_FREE = 4;

function takeFree(key: string): Page | undefined {
  const at = free.findLastIndex((one) => one.key === key);
  return at < 0 ? undefined : free.splice(at, 1)[0].page;
}

/** Empties a page, and keeps it for other tests. */
async function release({ page, key }: FreePage): Promise<void> {
  if (page.isClosed()) return;
  page.removeAllListeners();
  await page.evaluate("localStorage.clear(); sessionStorage.clear()").catch(() => {});
  await page.goto("about:blank");
  await page.mouse.move(-1, -1);
  free.push({ page, key });
  if (free.length > MAX_FREE) await free.shift()?.page.context().close();
}

/**
 * Returns a function that opens separate pages. They close after the test that opens them, or after
 * the tests of a file. Other tests use their windows again: a test that changes the size, the media
 * or the permissions of a page must close it.
 */
export function useBrowser(
  executablePath = HEADLESS_SHELL,
): (url: string, options?: BrowserContextOptions) => Promise<WatchedPage> {
  const ofFile: FreePage[] = [];
  const ofTest: FreePage[] = [];
  let pages = ofFile;
  beforeEach(() => {
    pages = ofTest;
  });
  afterEach(async () => {
    pages = ofFile;
    for (const page of ofTest.splice(0)) await release(page);
  });
  afterAll(async () => {
    for (const page of ofFile) await release(page);
  });
  return async (url, options) => {
    const key = JSON.stringify([executablePath, options ?? {}]);
    const page = takeFree(key) ?? (await (await startedBrowser(executablePath)).newPage(options));
    pages.push({ page, key });
    const watched: WatchedPage = { page, requests: [], errors: [], dialogs: [] };
    page.on("request", (request) => {
      if (request.url() !== url) watched.requests.push(request.url());
    });
    page.on("pageerror", (error) => watched.errors.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") watched.errors.push(message.text());
    });
    page.on("dialog", async (dialog) => {
      watched.dialogs.push(dialog.message());
      await dialog.dismiss();
    });
    await page.goto(url);
    return watched;
  };
}

/** Shows an address of the web interface without loading the page again, as the Back button does. */
export async function moveTo(page: Page, address: string): Promise<void> {
  await page.evaluate(
    `history.pushState(null, "", ${JSON.stringify(address)});
    window.dispatchEvent(new PopStateEvent("popstate"))`,
  );
  await page.waitForSelector("main[aria-busy=false]");
}
