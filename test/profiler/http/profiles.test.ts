import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { setImmediate, setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { pprofHandler } from "../../../src/library/http.js";
import { readProfile, text } from "../../../src/library/node.js";
import {
  startCpuProfile,
  startHeapSampling,
  stopHeapSampling,
  withLabels,
} from "../../../src/library/profiler.js";
import { typesOf } from "../../support/addresses.js";
import { ask, listening } from "../../support/ask.js";
import { labelledNanos, waitFor, withoutTime } from "../../support/labelled.js";
import { usePriority } from "../../support/priority.js";
import { tsprof } from "../../support/run.js";
import { flatAndCum } from "../../support/stacks.js";
import "../../support/whole-stacks.js";

usePriority();
const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-http-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(stopHeapSampling);

function busy(millis: number) {
  let x = 0;
  for (const end = performance.now() + millis; performance.now() < end; ) {
    for (let i = 0; i < 1000; i++) x += Math.sqrt(i);
  }
  return x;
}

/** Works until it is told to end. */
async function load<T>(pending: Promise<T>): Promise<T> {
  let hasEnded = false;
  const done = pending.finally(() => {
    hasEnded = true;
  });
  while (!hasEnded) {
    withLabels({ route: "/busy" }, () => busy(10));
    await setTimeout(1);
  }
  return done;
}

/** A server, and what waits until the next request has begun to be answered. */
async function served() {
  const handler = pprofHandler();
  let begin = () => {};
  const port = await listening((request, response) => {
    handler(request, response);
    // What it does before it waits itself is done by then.
    setImmediate().then(begin);
  });
  const begun = () =>
    new Promise<void>((resolve) => {
      begin = resolve;
    });
  return { port, begun };
}

/** Asks go tool pprof for a table, of an address or a file. */
function goTop(source: string, ...options: string[]) {
  return promisify(execFile)("go", ["tool", "pprof", "-top", ...options, source], {
    env: { ...process.env, PPROF_TMPDIR: folder },
  });
}

describe("profile", () => {
  it("covers the requested seconds, with labels, as Go sends it", async () => {
    const port = await listening(pprofHandler());
    const { status, headers, body } = await load(ask(port, "/debug/pprof/profile?seconds=1"));
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      "content-type": "application/octet-stream",
      "content-disposition": 'attachment; filename="profile"',
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    });
    const profile = await readProfile(body);
    expect(typesOf(profile)).toEqual(["samples/count", "wall/nanoseconds"]);
    expect(Number(profile.durationNanos)).toBeGreaterThan(0.9e9);
    const nanos = labelledNanos(profile, "busy");
    expect([...nanos.keys()]).toEqual(["route=/busy thread=main"]);
    expect(nanos.get("route=/busy thread=main")).toBeGreaterThan(0.1e9);
  });

  it("is one table for go tool pprof and tsprof, by address and by file", async () => {
    const port = await listening(pprofHandler());
    const address = `http://127.0.0.1:${port}/debug/pprof/profile?seconds=1`;
    const { stdout, stderr } = await load(goTop(address));
    // It asks for no symbols: all functions are named.
    expect(stderr).toMatch(/^Fetching profile over HTTP from .*\nSaved profile in .*\n$/);
    const [saved] = readdirSync(folder).map((name) => path.join(folder, name));
    const ours = await tsprof(["top", saved]);
    expect(ours.stdout).toMatch(/ busy$/m);
    expect(withoutTime(ours.stdout)).toBe(withoutTime(stdout));
    const served = await load(
      tsprof(["top", address], { env: { PPROF_TMPDIR: path.join(folder, "ours") } }),
    );
    expect(served.stdout).toMatch(/ busy$/m);
    expect(served.code).toBe(0);
  });

  it("is text if debug is set", async () => {
    const port = await listening(pprofHandler({ intervalMicros: 10_000 }));
    const { headers, text } = await load(ask(port, "/debug/pprof/profile?seconds=1&debug=1"));
    expect(headers["content-type"]).toBe("text/plain; charset=utf-8");
    expect(headers["content-disposition"]).toBeUndefined();
    expect(text).toMatch(/^Type: wall$/m);
    expect(text).toMatch(/ busy profiles\.test\.ts:\d+$/m);
  });

  it("refuses a second one, and says when to try again", async () => {
    const port = await listening(pprofHandler());
    const [first, second] = await Promise.all(
      [1, 2].map(() => ask(port, "/debug/pprof/profile?seconds=1")),
    );
    const [taken, refused] = first.status === 200 ? [first, second] : [second, first];
    expect(taken.status).toBe(200);
    expect(refused).toMatchObject({
      status: 503,
      text: "Could not enable CPU profiling: a CPU profile of this process is being collected already\n",
      headers: { "retry-after": "1", "x-go-pprof": "1" },
    });
    const own = await startCpuProfile();
    const third = await goTop(`http://127.0.0.1:${port}/debug/pprof/profile?seconds=1`).catch(
      (error) => error.stderr,
    );
    expect(third).toContain("a CPU profile of this process is being collected already");
    await own.cancel();
  });

  it("ends with the client that asked for it", async () => {
    const { port, begun } = await served();
    for (const end of [
      (request: http.ClientRequest) => request.destroy(),
      (request: http.ClientRequest) => request.socket?.end(),
    ]) {
      const request = http.get({ port, path: "/debug/pprof/profile?seconds=30", agent: false });
      request.on("error", () => {});
      await begun();
      await expect(startCpuProfile()).rejects.toThrow("is being collected already");
      end(request);
      await expect
        .poll(async () => startCpuProfile().then((profiling) => profiling.cancel(), String))
        .toBeUndefined();
    }
    expect((await ask(port, "/debug/pprof/profile?seconds=1")).status).toBe(200);
  });

  it("does not start for a client that has left", async () => {
    const handler = pprofHandler();
    const late = waitFor();
    const arrived = waitFor();
    const port = await listening(async (request, response) => {
      arrived.resolve();
      await once(request.socket, "close");
      await setImmediate();
      handler(request, response);
      late.resolve();
    });
    const request = http.get({ port, path: "/debug/pprof/profile?seconds=30", agent: false });
    request.on("error", () => {});
    await arrived.promise;
    request.destroy();
    await late.promise;
    // A profile that the handler wrongly began would be running by then.
    await setTimeout(100);
    await (await startCpuProfile()).cancel();
  });

  it("outlives the server's limits of requests, and not its timeout", async () => {
    const limits = { requestTimeout: 300, headersTimeout: 200, connectionsCheckingInterval: 50 };
    const handler = pprofHandler();
    const port = await listening(handler, "127.0.0.1", limits);
    expect((await ask(port, "/debug/pprof/profile?seconds=1")).status).toBe(200);
    const brief = await listening((request, response) => {
      request.socket.setTimeout(3000);
      handler(request, response);
    });
    const { status, text } = await ask(brief, "/debug/pprof/profile");
    expect({ status, text }).toEqual({
      status: 400,
      text: "profile duration of 30 s exceeds the server's timeout of 3 s\n",
    });
    expect((await ask(brief, "/debug/pprof/heap?seconds=3")).status).toBe(400);
  });
});

describe("heap and allocs", () => {
  const MEGABYTE = 2 ** 20;
  function allocate() {
    return Array.from({ length: 32 }, () => new Array(MEGABYTE / 8).fill(1.5));
  }

  it("are immediate if heap sampling runs, and differences come after seconds", async () => {
    const { port, begun } = await served();
    await startHeapSampling({ intervalBytes: 64 * 1024 });
    const held = [allocate()];
    const { body, headers } = await ask(port, "/debug/pprof/heap?gc=1");
    expect(headers["content-disposition"]).toBe('attachment; filename="heap"');
    const first = flatAndCum(await readProfile(body), 1).allocate[1];
    expect(first / MEGABYTE).toBeGreaterThan(30);
    expect(first / MEGABYTE).toBeLessThan(35);
    const pending = ask(port, "/debug/pprof/heap?seconds=1");
    await begun();
    // No event shows when the handler has taken the first of the two profiles.
    await setTimeout(200);
    held.push(allocate(), allocate());
    const delta = await pending;
    expect(delta.headers["content-disposition"]).toBe('attachment; filename="heap-delta"');
    const profile = await readProfile(delta.body);
    expect(flatAndCum(profile, 1).allocate[1] / MEGABYTE).toBeGreaterThan(60);
    expect(flatAndCum(profile, 1).allocate[1] / MEGABYTE).toBeLessThan(70);
    expect(Number(profile.durationNanos)).toBeGreaterThanOrEqual(0.99e9);
    expect(Number(profile.durationNanos)).toBeLessThan(20e9);
    expect(held.length).toBe(3);
    const table = await ask(port, "/debug/pprof/heap?debug=1");
    expect(table.text).toMatch(/^Type: inuse_space$/m);
    expect(table.text).toMatch(/ allocate profiles\.test\.ts:\d+$/m);
    expect(await ask(port, "/debug/pprof/allocs")).toMatchObject({
      status: 409,
      text: expect.stringContaining("without keepsFreed"),
    });
  });

  it("collects garbage if gc is set", async () => {
    const port = await listening(pprofHandler());
    await startHeapSampling({ intervalBytes: 64 * 1024 });
    allocate();
    const { body } = await ask(port, "/debug/pprof/heap?gc=1");
    expect(flatAndCum(await readProfile(body), 1).allocate?.[1] ?? 0).toBeLessThan(4 * MEGABYTE);
  });

  it("include freed memory if it is kept", async () => {
    const port = await listening(pprofHandler());
    await startHeapSampling({ intervalBytes: 64 * 1024, keepsFreed: true });
    allocate();
    const { body } = await ask(port, "/debug/pprof/allocs?gc=1");
    const profile = await readProfile(body);
    expect(typesOf(profile)).toEqual(["alloc_objects/count", "alloc_space/bytes"]);
    expect(flatAndCum(profile, 1).allocate[1] / MEGABYTE).toBeGreaterThan(30);
    const { stdout } = await goTop(`http://127.0.0.1:${port}/debug/pprof/allocs`);
    expect(stdout).toMatch(/ allocate$/m);
    expect((await ask(port, "/debug/pprof/heap")).status).toBe(409);
  });

  it("are sampled for some seconds if heap sampling does not run, one at a time", async () => {
    const { port, begun } = await served();
    const pending = [1, 2].map(() => ask(port, "/debug/pprof/allocs?seconds=1"));
    await begun();
    allocate();
    const [first, second] = await Promise.all(pending);
    const [taken, refused] = first.status === 200 ? [first, second] : [second, first];
    expect(refused).toMatchObject({
      status: 503,
      text: "Could not collect the profile allocs: a heap profile of this process is being collected already\n",
      headers: { "retry-after": "1" },
    });
    const profile = await readProfile(taken.body);
    expect(flatAndCum(profile, 1).allocate[1] / MEGABYTE).toBeGreaterThan(25);
    expect(text(profile, { report: "comments" })).toContain("covers only 1 s");
    const gone = http.get({ port, path: "/debug/pprof/heap", agent: false });
    gone.on("error", () => {});
    await begun();
    await expect(startHeapSampling()).rejects.toThrow("sampled already");
    gone.destroy();
    await expect.poll(() => startHeapSampling().then(() => "", String)).toBe("");
  });
});
