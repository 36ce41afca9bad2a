import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";

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

/** Starts a browser for the tests of a file; gives what opens a page in it. */
export function useBrowser(
  executablePath = HEADLESS_SHELL,
): (url: string, options?: Parameters<Browser["newPage"]>[0]) => Promise<WatchedPage> {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: FLAGS });
  });
  afterAll(() => browser?.close());
  return async (url, options) => {
    const page = await browser.newPage(options);
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
