import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { STDIN } from "../platform/files/input.js";
import type { Listening } from "../server/listen.js";
import { type ListenAddress, originOf, parseListenAddress } from "../server/listen-address.js";
import { OpenedSession } from "../server/opened.js";
import { startServer } from "../server/server.js";
import { ReportPool } from "../server/workers/pool.js";
import { isInterrupt } from "../session/errors.js";
import { interruptible } from "../session/interrupt.js";
import type { SourceRequest } from "../session/request.js";
import { printMessage, printNotice } from "../session/show/messages.js";
import { openInBrowser } from "../session/show/viewers.js";
import { titleOf } from "../session/title.js";

/** The script of the processes that make reports. */
const WORKER = path.join(__dirname, "report-worker.cjs");

/**
 * Serves the web interface until Ctrl-C or SIGTERM. Listens before the sources are read, so that a
 * browser can start meanwhile. Throws a {@link UserError} if the sources cannot be read, or the
 * address cannot be used.
 */
export async function runServer(request: SourceRequest, version: string): Promise<void> {
  try {
    await interruptible((signal) => serve(request, version, signal), ["SIGINT", "SIGTERM"]);
  } catch (error) {
    if (!isInterrupt(error)) throw error;
  }
}

async function serve(request: SourceRequest, version: string, signal: AbortSignal): Promise<never> {
  const { sources, options } = request;
  const wanted = parseListenAddress(options.http);
  const usesStdin = [...sources, options.base, options.diff_base].includes(STDIN);
  const pool = new ReportPool({ script: WORKER, usesStdin, warn: printMessage });
  signal.addEventListener("abort", () => void pool.end());
  try {
    return await serveFrom(pool, request, { wanted, version, signal });
  } catch (error) {
    void pool.end();
    throw error;
  }
}

async function serveFrom(
  pool: ReportPool,
  request: SourceRequest,
  { wanted, version, signal }: { wanted: ListenAddress; version: string; signal: AbortSignal },
): Promise<never> {
  let read: (opened: Promise<OpenedSession>) => void = () => {};
  const opened = new Promise<OpenedSession>((resolve) => {
    read = resolve;
  });
  const server = await startServer(wanted, opened, printMessage);
  signal.addEventListener("abort", () => server.close());
  if (signal.aborted) server.close();
  try {
    const about = { title: titleOf(request), version };
    const reading = new Promise<void>((resolve) => {
      read(OpenedSession.open(pool, request, about, resolve));
    });
    // Obvious errors, such as a wrong file name, are reported before a browser opens.
    await Promise.race([opened, reading]);
    announce(server, request.options.no_browser);
    await opened;
  } catch (error) {
    // Pages that are already open can still fetch the error.
    await setTimeout(ERROR_PAGE_MS);
    server.close();
    throw error;
  }
  return new Promise(() => {});
}

function announce(server: Listening, isQuiet: boolean): void {
  const url = originOf(server.address);
  printNotice(`Serving web UI on ${url}`);
  if (server.isPublic) {
    printMessage(
      "anyone who can reach this address on the network can read the profile and the source " +
        "files that it names; use -http=localhost: for this machine only",
    );
  }
  if (isQuiet) return;
  const { platform, env } = process;
  // If no browser starts, the user has the URL.
  openInBrowser(url, { platform, env }).catch(() => {});
}

/** How long the server still answers after the sources could not be read. */
const ERROR_PAGE_MS = 200;
