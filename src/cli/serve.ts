import { maskPassword } from "../node/http/target.js";
import { describeError, isInterrupt, UsageError } from "../session/errors.js";
import { interruptible } from "../session/interrupt.js";
import { complain, notice } from "../session/notices.js";
import type { SourceRequest } from "../session/request.js";
import { Session } from "../session/session.js";
import { openInBrowser } from "../session/viewers.js";
import { ListenAddressError, originOf, parseListenAddress } from "../web/server/listen-address.js";
import { OpenedSession } from "../web/server/opened.js";
import { startServer } from "../web/server/server.js";

/**
 * Opens the web interface on the sources, and goes on until Ctrl-C. The server listens
 * before they are read, so that a browser can start meanwhile. Throws an Error of one line
 * where there is nothing to show, or nowhere to listen.
 */
export async function runServer(request: SourceRequest, version: string): Promise<void> {
  const address = listenAddress(request.options.http);
  try {
    await interruptible((signal) => serve(request, address, version, signal));
  } catch (error) {
    if (!isInterrupt(error)) throw error;
  }
}

async function serve(
  request: SourceRequest,
  wanted: ReturnType<typeof listenAddress>,
  version: string,
  signal: AbortSignal,
): Promise<never> {
  const { sources, options } = request;
  const warnings: string[] = [];
  const about = { title: titleOf(sources), version, warnings };
  let open: (session: OpenedSession) => void = () => {};
  let fail: (error: unknown) => void = () => {};
  const opened = new Promise<OpenedSession>((resolve, reject) => {
    [open, fail] = [resolve, reject];
  });
  const server = await startServer(wanted, opened);
  signal.addEventListener("abort", () => server.close());
  try {
    const url = originOf(server.address);
    notice(`Serving web UI on ${url}`);
    if (!options.no_browser) {
      const { platform, env } = process;
      void openInBrowser(`${url}/ui/flamegraph`, { platform, env });
    }
    const session = await Session.open(request, (line) => {
      complain(line);
      warnings.push(line);
    });
    open(new OpenedSession(session, options, about));
  } catch (error) {
    fail(error);
    // Who has the page open is told why there is nothing on it.
    await new Promise((resolve) => setTimeout(resolve, FAREWELL_MS));
    server.close();
    throw error;
  }
  return new Promise(() => {});
}

/** How long pages are still told what went wrong. */
const FAREWELL_MS = 300;

function listenAddress(text: string) {
  try {
    return parseListenAddress(text);
  } catch (error) {
    if (error instanceof ListenAddressError) throw new UsageError(describeError(error));
    throw error;
  }
}

/** So many sources are named in a title. */
const NAMED = 3;

function titleOf(sources: readonly string[]): string {
  const names = sources.slice(0, NAMED).map(maskPassword).join(", ");
  return sources.length > NAMED ? `${names} and ${sources.length - NAMED} more` : names;
}
