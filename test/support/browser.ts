import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll } from "vitest";

/** Without these a browser looks for its maker's servers at every start. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A page of a browser, with what a page can do wrong. */
export interface WatchedPage {
  readonly page: Page;
  /** The addresses it asked for, less that of the page itself. */
  readonly requests: string[];
  /** Errors that no code caught, and what was written to the console as an error. */
  readonly errors: string[];
  /** What it asked in dialogs, as a script of the profile's would. */
  readonly dialogs: string[];
}

/** Debian's chromium as people have it, but with no window. */
export const CHROMIUM = process.env.TSPROF_TEST_BROWSER ?? "/usr/bin/chromium";
/** The same less what is around its pages, which takes less than half of the time. */
const HEADLESS_SHELL = process.env.TSPROF_TEST_BROWSER ?? "/usr/bin/chromium-headless-shell";

/** By program. The files of tests that run in this process share them, and Playwright ends them with it. */
const browsers = new Map<string, Promise<Browser>>();

function startedBrowser(executablePath: string): Promise<Browser> {
  let browser = browsers.get(executablePath);
  if (!browser) {
    browser = chromium.launch({ executablePath, args: FLAGS });
    browsers.set(executablePath, browser);
  }
  return browser;
}

/** Returns a function that opens a page in a context of its own; they are closed after the tests of a file. */
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
