import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { STDIN } from "../platform/input.js";
import type { Listening } from "../server/listen.js";
import { type ListenAddress, originOf, parseListenAddress } from "../server/listen-address.js";
import { OpenedSession } from "../server/opened.js";
import { startServer } from "../server/server.js";
import { ReportPool } from "../server/workers/pool.js";
import { isInterrupt } from "../session/errors.js";
import { interruptible } from "../session/interrupt.js";
import type { SourceRequest } from "../session/request.js";
import { complain, notice } from "../session/show/notices.js";
import { openInBrowser } from "../session/show/viewers.js";
import { titleOf } from "../session/title.js";

/** The program of the processes that make reports, beside this one. */
const WORKER = path.join(__dirname, "report-worker.cjs");

/**
 * Opens the web interface on the sources, and goes on until Ctrl-C or SIGTERM. The server
 * listens before they are read, so that a browser can start meanwhile. Throws an Error of one
 * line where there is nothing to show, or nowhere to listen.
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
  const pool = new ReportPool({ script: WORKER, usesStdin, warn: complain });
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
  const server = await startServer(wanted, opened, complain);
  signal.addEventListener("abort", () => server.close());
  if (signal.aborted) server.close();
  try {
    const about = { title: titleOf(request), version };
    const reading = new Promise<void>((resolve) => {
      read(OpenedSession.open(pool, request, about, resolve));
    });
    // An error at first sight is better said before a browser comes up.
    await Promise.race([opened, reading]);
    announce(server, request.options.no_browser);
    await opened;
  } catch (error) {
    // Pages that are open say why there is nothing on them.
    await setTimeout(FAREWELL_MS);
    server.close();
    throw error;
  }
  return new Promise(() => {});
}

function announce(server: Listening, isQuiet: boolean): void {
  const url = originOf(server.address);
  notice(`Serving web UI on ${url}`);
  if (server.isPublic) {
    complain(
      "anyone who can reach this address on the network can read the profile and the source " +
        "files that it names; -http=localhost: keeps them to this machine",
    );
  }
  if (isQuiet) return;
  const { platform, env } = process;
  // Without a browser, that line will do.
  openInBrowser(url, { platform, env }).catch(() => {});
}

/** How long pages are still told what went wrong. */
const FAREWELL_MS = 200;
