import { setImmediate, setTimeout } from "node:timers/promises";
import { STDIN } from "../node/input.js";
import { describeError, isInterrupt, UsageError } from "../session/errors.js";
import { interruptible } from "../session/interrupt.js";
import { complain, notice } from "../session/notices.js";
import type { SourceRequest } from "../session/request.js";
import { titleOf } from "../session/title.js";
import { openInBrowser } from "../session/viewers.js";
import type { Listening } from "../web/server/listen.js";
import { ListenAddressError, originOf, parseListenAddress } from "../web/server/listen-address.js";
import { OpenedSession } from "../web/server/opened.js";
import { startServer } from "../web/server/server.js";

/**
 * Opens the web interface on the sources, and goes on until Ctrl-C. The server listens
 * before they are read, so that a browser can start meanwhile. Throws an Error of one line
 * where there is nothing to show, or nowhere to listen.
 */
export async function runServer(request: SourceRequest, version: string): Promise<void> {
  const { sources, options } = request;
  try {
    await interruptible((signal) => serve(request, version, signal));
  } catch (error) {
    if (!isInterrupt(error)) throw error;
    // What is being read would keep the program waiting.
    if ([...sources, options.base, options.diff_base].includes(STDIN)) process.stdin.destroy();
  }
}

async function serve(request: SourceRequest, version: string, signal: AbortSignal): Promise<never> {
  const { options } = request;
  const wanted = listenAddress(options.http);
  let read: (opened: Promise<OpenedSession>) => void = () => {};
  const opened = new Promise<OpenedSession>((resolve) => {
    read = resolve;
  });
  const server = await startServer(wanted, opened, complain);
  signal.addEventListener("abort", () => server.close());
  try {
    read(OpenedSession.open(request, { title: titleOf(request), version }, complain));
    // What is wrong at first sight is better said before a browser comes up.
    await Promise.race([opened, setImmediate()]);
    announce(server, options.no_browser);
    await opened;
  } catch (error) {
    // Who has the page open is told why there is nothing on it.
    await setTimeout(FAREWELL_MS);
    server.close();
    throw error;
  }
  return new Promise(() => {});
}

function announce(server: Listening, isQuiet: boolean): void {
  const url = originOf(server.address);
  notice(`Serving web UI on ${url}`);
  if (isQuiet) return;
  const { platform, env } = process;
  // Without a browser, that line will do.
  openInBrowser(url, { platform, env }).catch(() => {});
}

/** How long pages are still told what went wrong. */
const FAREWELL_MS = 200;

function listenAddress(text: string) {
  try {
    return parseListenAddress(text);
  } catch (error) {
    if (error instanceof ListenAddressError) throw new UsageError(describeError(error));
    throw error;
  }
}
