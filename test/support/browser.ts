import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll } from "vitest";

/** Without these flags, chromium contacts its maker's servers at every start. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync", ...(process.env.XFLAGS?.split("|") ?? []),
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

/** Returns a function that opens separate pages, which close after the tests of a file. */
export function useBrowser(
  executablePath = HEADLESS_SHELL,
): (url: string, options?: BrowserContextOptions) => Promise<WatchedPage> {
  const pages: Page[] = [];
  afterAll(async () => {
    await Promise.all(pages.map((page) => page.context().close()));
  });
  return async (url, options) => {
    const browser = await startedBrowser(executablePath);
    const page = await browser.newPage(options);
    pages.push(page);
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
