import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import type http from "node:http";
import os from "node:os";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, describe, expect, it, vi } from "vitest";
import { readProfile } from "../../../src/library/node.js";
import {
  type FolderTargetOptions,
  folderTarget,
  httpTarget,
  type ProfileInfo,
  pyroscopeTarget,
  type Target,
} from "../../../src/library/profiler.js";
import { problemLog } from "../../../src/profiler/continuous/problem-log.js";
import { noBlocks } from "../../../src/profiler/event-loop/blocks.js";
import { writeProfile } from "../../../src/profiler/write-profile.js";
import { listening } from "../../support/ask.js";

const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-targets-"));
afterAll(() => rmSync(folder, { recursive: true }));

const profile = noBlocks();

/** How long to wait on a busy machine. */
const WAITS = { timeout: 30_000 };

/** Gives `target` a profile. */
async function exported(target: Target, info: Partial<ProfileInfo> = {}) {
  const reports: string[] = [];
  const givenUp = new AbortController();
  const start = new Date("2026-11-30T12:00:00.123Z");
  const whole: ProfileInfo = {
    ...{
      type: "cpu",
      reason: "continuous",
      start,
      end: new Date(start.getTime() + 500),
      labels: {},
    },
    ...info,
  };
  const done = target.export(profile, whole, {
    bytes: () => writeProfile(profile),
    report: (error) => reports.push((error as Error).message),
    signal: givenUp.signal,
  });
  return { done, reports, giveUp: () => givenUp.abort() };
}

async function write(target: Target, info?: Partial<ProfileInfo>) {
  const { done, reports } = await exported(target, info);
  await done;
  expect(reports).toEqual([]);
}

describe("a folder", () => {
  it("gets a file per profile, and loses the oldest, but no file of others", async () => {
    const own = path.join(folder, "new", "own");
    const name = (number: number, type = "cpu") =>
      `${type}-20261130T120000123Z-${process.pid}${number > 1 ? `~${number}` : ""}.pb.gz`;
    const target = folderTarget({ folder: own, maxFiles: 2 });
    await write(target);
    expect(readdirSync(own)).toEqual([name(1)]);
    const bytes = readFileSync(path.join(own, name(1)));
    expect((await readProfile(bytes)).samples.length).toBe(0);
    expect(gunzipSync(bytes)).toEqual(gunzipSync(await writeProfile(profile)));

    // Files with the same name, of other programs.
    const foreign = name(1, "heap");
    writeFileSync(path.join(own, foreign), gzipSync("other"));
    writeFileSync(path.join(own, "cpu.txt"), "other");
    for (const file of readdirSync(own)) utimesSync(path.join(own, file), 1, 1);
    await write(target);
    await write(target, { type: "heap" });
    expect(readdirSync(own).sort()).toEqual(["cpu.txt", foreign, name(2), name(2, "heap")].sort());
    // Another process continues with the files of this one.
    utimesSync(path.join(own, name(2)), 2, 2);
    await write(folderTarget({ folder: own, maxFiles: 2 }), { type: "block" });
    expect(readdirSync(own).sort()).toEqual(
      ["cpu.txt", foreign, name(2, "heap"), name(1, "block")].sort(),
    );
    expect(readFileSync(path.join(own, foreign))).toEqual(gzipSync("other"));
  });

  it("is limited by size and age, and has names of a pattern", async () => {
    const pattern = "{host}.{reason}-{type}-{time}-{thread}.pprof";
    const small = path.join(folder, "small");
    const target = folderTarget({ folder: small, pattern, maxBytes: 1 });
    await write(target);
    const [first] = readdirSync(small);
    expect(first).toMatch(/^[\w.-]+\.continuous-cpu-20261130T120000123Z-[0-9]+\.pprof$/);
    utimesSync(path.join(small, first), 1, 1);
    await write(target, { reason: "blocked" });
    // The newest file stays even if it is too large.
    expect(readdirSync(small)).toEqual([first.replace("continuous", "blocked")]);

    const old = path.join(folder, "old");
    const aging = folderTarget({ folder: old, maxAgeMillis: 60_000 });
    await write(aging);
    const [aged] = readdirSync(old);
    await write(aging, { type: "heap" });
    expect(readdirSync(old).length).toBe(2);
    utimesSync(path.join(old, aged), 1, 1);
    await write(aging, { type: "block" });
    expect(existsSync(path.join(old, aged))).toBe(false);
    expect(readdirSync(old).length).toBe(2);
  });

  it("that cannot be written loses the profile, and no later one", async () => {
    const blocked = path.join(folder, "blocked");
    writeFileSync(blocked, "");
    const target = folderTarget({ folder: blocked });
    const { done, reports } = await exported(target);
    await expect(done).rejects.toThrow("EEXIST");
    expect(reports).toEqual([]);
    rmSync(blocked);
    await write(target);
    expect(readdirSync(blocked).length).toBe(1);
  });

  it.each<[string, FolderTargetOptions]>([
    ["folder must be a path", { folder: "" }],
    ["pattern must contain {time}", { folder, pattern: "x.gz" }],
    ["unknown {name} in pattern", { folder, pattern: "{time}{name}" }],
    ["pattern must be the name of a file", { folder, pattern: "../{time}" }],
    ["maxFiles must be above 0, not 0", { folder, maxFiles: 0 }],
    ["maxAgeMillis must be above 0, not NaN", { folder, maxAgeMillis: Number.NaN }],
  ])("is refused: %s", (message, options) => {
    expect(() => folderTarget(options)).toThrow(message);
  });
});

describe("an upload", () => {
  async function server(...statuses: number[]) {
    let requests = 0;
    const port = await listening((request: http.IncomingMessage, response: http.ServerResponse) => {
      request.resume();
      request.on("end", () => {
        const status = statuses[Math.min(requests, statuses.length - 1)];
        requests++;
        if (status > 0) response.writeHead(status).end("the reason\nand more");
      });
    });
    return { url: `http://user:secret@127.0.0.1:${port}/put?key=secret`, count: () => requests };
  }

  it("is repeated after a failure that may pass", async () => {
    const { url, count } = await server(503, 429, 200);
    const target = httpTarget({ url });
    const { done, reports } = await exported(target);
    await vi.waitFor(() => expect(reports.length).toBe(1), WAITS);
    // Stopping does not wait for the pause.
    while (count() < 3) {
      target.flush?.();
      await new Promise(setImmediate);
    }
    await done;
    expect(count()).toBe(3);
    expect(reports).toEqual([
      expect.stringMatching(
        /^POST http:\/\/127.0.0.1:[0-9]+\/put: status 503: the reason and more$/,
      ),
    ]);
  });

  it("is not repeated if the server refuses it", async () => {
    const { url, count } = await server(400);
    const { done, reports } = await exported(httpTarget({ url }));
    await expect(done).rejects.toThrow(/status 400: the reason and more$/);
    expect(count()).toBe(1);
    expect(reports).toEqual([]);
  });

  it("waits in a bounded queue, and is given up", async () => {
    const target = httpTarget({ url: "http://127.0.0.1:1/", maxQueued: 2 });
    const outcomes: string[] = [];
    const exports = await Promise.all([1, 2, 3, 4].map(() => exported(target)));
    const ended = exports.map(({ done }) =>
      done.catch((error: Error) => {
        outcomes.push(error.message);
      }),
    );
    await vi.waitFor(() => expect(outcomes.length).toBe(2), WAITS);
    expect(outcomes).toEqual([
      "dropped a profile (1 so far): cannot reach http://127.0.0.1:1/",
      "dropped a profile (2 so far): cannot reach http://127.0.0.1:1/",
    ]);
    for (const { giveUp } of exports) giveUp();
    await vi.waitFor(() => {
      target.flush?.();
      expect(outcomes.length).toBe(4);
    }, WAITS);
    await Promise.all(ended);
    for (const outcome of outcomes.slice(2)) expect(outcome).toMatch(/given up|ECONNREFUSED/);
  });

  it("fails if the server does not answer in time", async () => {
    const { url } = await server(0);
    const { done, reports, giveUp } = await exported(httpTarget({ url, timeoutMillis: 50 }));
    await vi.waitFor(
      () => expect(reports).toEqual([expect.stringContaining("no answer within 0.05 s")]),
      WAITS,
    );
    giveUp();
    await expect(done).rejects.toThrow();
  });

  it.each([
    ["url must be an http or https address", () => httpTarget({ url: "ftp://x" })],
    ["maxQueued must be an integer above 0", () => httpTarget({ url: "http://x", maxQueued: 0 })],
    ["timeoutMillis must be above 0", () => httpTarget({ url: "http://x", timeoutMillis: 0 })],
    ["application must consist of", () => pyroscopeTarget({ url: "http://x", application: "a{" })],
  ])("is refused: %s", (message, make) => {
    expect(make).toThrow(message);
  });
});

describe("the log of problems", () => {
  it("prints at most a line per minute, and counts the others", () => {
    const lines = vi.spyOn(console, "error").mockImplementation(() => {});
    const now = vi.spyOn(performance, "now").mockReturnValue(0);
    const log = problemLog("here", undefined);
    log(new Error("one\ntwo"));
    log(new Error("three"));
    now.mockReturnValue(60_000);
    log("four");
    const printed = lines.mock.calls;
    vi.restoreAllMocks();
    expect(printed).toEqual([["here: one two"], ["here: four (and 1 more)"]]);
    problemLog("here", () => {
      throw new Error("in the handler");
    })(new Error("x"));
  });
});
