import { spawnSync } from "node:child_process";
import { pbkdf2Sync } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { readProfile } from "../../../src/library/node.js";
import {
  type ProfileInfo,
  type WatchOptions,
  watchEventLoop,
} from "../../../src/library/profiler.js";
import type { Profile } from "../../../src/profile/profile.js";
import { listening } from "../../support/ask.js";
import { usePriority } from "../../support/priority.js";
import { ROOT } from "../../support/proto.js";
import { flatAndCum } from "../../support/stacks.js";
import "../../support/whole-stacks.js";

usePriority();

function spin(millis: number) {
  let x = 0;
  for (const end = performance.now() + millis; performance.now() < end; ) {
    for (let i = 0; i < 1000; i++) x += Math.sqrt(i);
  }
  return x;
}

/** Watches until the end of the test. */
async function watching(options: Partial<WatchOptions> = {}) {
  const received: { readonly profile: Profile; readonly info: ProfileInfo }[] = [];
  const errors: string[] = [];
  const watch = await watchEventLoop({
    thresholdMillis: 100,
    labels: { service: "shop" },
    onError: (error) => errors.push((error as Error).message),
    ...options,
    target: (profile, info) => {
      received.push({ profile, info });
    },
  });
  onTestFinished(() => watch.stop());
  return { watch, received, errors };
}

describe("a watched event loop", () => {
  it("is profiled while it is blocked, once per cooldown", async () => {
    let { watch, received, errors } = await watching();
    await expect(watchEventLoop({ target: () => {} })).rejects.toThrow("being watched already");
    const hasSpun = () => received.some(({ profile }) => flatAndCum(profile, 1).spin);
    for (let tries = 0; ; tries++) {
      // The watching thread must have started.
      await setTimeout(500);
      spin(900);
      await vi.waitFor(() => expect(received.length + errors.length).toBeGreaterThan(0), 15_000);
      if (hasSpun() || tries === 4) break;
      // On a busy machine, the watching thread may be late, or something else blocks first.
      await watch.stop();
      ({ watch, received, errors } = await watching());
    }
    const [{ profile, info }] = received;
    expect(info).toMatchObject({
      type: "cpu",
      reason: "blocked",
      labels: { service: "shop", capture: "blocked" },
    });
    const comment = profile.strings.get(profile.comments[0]);
    const [, millis] = /^the event loop was blocked for ([0-9]+) ms$/.exec(comment) ?? [];
    expect(Number(millis)).toBeGreaterThan(100);
    const { spin: sum, "(idle)": idle } = flatAndCum(profile, 1);
    expect(sum[1]).toBeGreaterThan(1e6);
    expect(idle?.[0] ?? 0).toBeLessThan(sum[1] / 2);
    const duration = info.end.getTime() - info.start.getTime();
    expect(duration).toBeLessThanOrEqual(Number(millis));
    spin(300);
    await setTimeout(300);
    await watch.stop();
    await watch.stop();
    expect(received.length + errors.length).toBe(1);
  });

  it("that is blocked outside of JavaScript cannot be profiled, which is reported", async () => {
    const { watch, received, errors } = await watching({ cooldownMillis: 0 });
    await setTimeout(500);
    pbkdf2Sync("a", "b", 1_000_000, 64, "sha512");
    await vi.waitFor(() => expect(received.length + errors.length).toBeGreaterThan(0), 15_000);
    await watch.stop();
    for (const error of errors) {
      expect(error).toMatch(/^the event loop was blocked for [0-9]+ ms outside of JavaScript/);
    }
  });

  it("is profiled when it is busy for some time", async () => {
    const busy = { utilization: 0.5, seconds: 1, profileSeconds: 1 };
    const { received, errors, watch } = await watching({ thresholdMillis: 10_000, busy });
    while (received.length === 0) {
      spin(50);
      await setTimeout(1);
    }
    await watch.stop();
    expect(errors).toEqual([]);
    const [{ profile, info }] = received;
    expect(info).toMatchObject({ type: "cpu", reason: "busy", labels: { capture: "busy" } });
    expect(profile.comments.map((comment) => profile.strings.get(comment))).toEqual([
      "the event loop was busy for at least 50 % of 1 s",
    ]);
    expect(flatAndCum(profile, 1).spin[1]).toBeGreaterThan(200e6);
    expect(received.length).toBe(1);
  });

  it.each<[string, Partial<WatchOptions>]>([
    ["thresholdMillis must be from 20 to 2147483647, not 1", { thresholdMillis: 1 }],
    ["cooldownMillis must be at least 0, not -1", { cooldownMillis: -1 }],
    ["maxPerHour must be at least 1, not 0", { maxPerHour: 0 }],
    ["busy.utilization must be from 0 to 1, not 90", { busy: { utilization: 90 } }],
    ["intervalMicros must be from 100", { intervalMicros: 1 }],
  ])("is refused with wrong options: %s", async (message, options) => {
    await expect(watchEventLoop({ target: () => {}, ...options })).rejects.toThrow(message);
  });
});

describe("a program that profiles itself in production", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "tsprof-production-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const profiler = path.join(ROOT, "dist/library/profiler.js");
  /** Starts everything, with a server that does not answer. */
  const start = `
    import * as tsprof from ${JSON.stringify(profiler)};
    const folder = ${JSON.stringify(folder)};
    const target = [
      tsprof.httpTarget({ url: process.env.SERVER }),
      tsprof.folderTarget({ folder, pattern: "{type}-{reason}-{time}.pb.gz" }),
    ];
    const onError = () => {};
    const continuous = await tsprof.startContinuous({ heap: true, every: 1000, target, onError });
    const watch = await tsprof.watchEventLoop({ thresholdMillis: 50, target, onError });
    await tsprof.startBlockProfile();
    ${spin.toString()}
  `;
  /** Runs a program. Meanwhile this process, and with it the server, does nothing. */
  async function run(program: string) {
    const port = await listening(() => {});
    return spawnSync(process.execPath, ["--input-type=module", "-e", start + program], {
      encoding: "utf8",
      env: { PATH: process.env.PATH, SERVER: `http://127.0.0.1:${port}/` },
      timeout: 50_000,
    });
  }

  it("ends as it would without, also while it is blocked and uploads", async () => {
    const blocked = "await new Promise((go) => setTimeout(go, 1200)); spin(600);";
    for (const [end, status, stderr] of [
      ["", 0, /^$/],
      ["process.exit(3);", 3, /^$/],
      ["throw new Error('its own');", 1, /^(?!.*debugger).*its own/s],
    ] as const) {
      const ended = await run(blocked + end);
      expect({ status: ended.status, stdout: ended.stdout }).toEqual({ status, stdout: "" });
      expect(ended.stderr).toMatch(stderr);
    }
    const written = readdirSync(folder);
    expect(written.filter((name) => name.startsWith("cpu-continuous")).length).toBeGreaterThan(0);
    expect(written.filter((name) => name.startsWith("heap-continuous")).length).toBeGreaterThan(0);
    expect(written.filter((name) => !name.endsWith(".pb.gz"))).toEqual([]);
  });

  it("keeps everything that it collected if it stops profiling", async () => {
    for (const name of readdirSync(folder)) rmSync(path.join(folder, name));
    const { status, stdout, stderr } = await run(`
      await new Promise((go) => setTimeout(go, 500));
      spin(900);
      await new Promise((go) => setTimeout(go, 200));
      await continuous.stop({ timeoutMillis: 100 });
      await watch.stop({ timeoutMillis: 100 });
      const profile = await tsprof.blockProfile();
      await tsprof.stopBlockProfile();
      console.log(profile.samples.length > 0);
    `);
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "true\n", stderr: "" });
    const files = readdirSync(folder);
    const last = files.filter((name) => name.startsWith("cpu-continuous")).sort();
    const sums = await Promise.all(
      last.map(async (name) => {
        const profile = await readProfile(readFileSync(path.join(folder, name)));
        return flatAndCum(profile, 1).spin?.[1] ?? 0;
      }),
    );
    expect(sums.reduce((a, b) => a + b)).toBeGreaterThan(200e6);
  });

  it("needs the permission for a thread to watch its event loop", () => {
    const option = ["--permission", "--experimental-permission"].find((name) =>
      process.allowedNodeEnvironmentFlags.has(name),
    );
    expect(option).toBeDefined();
    expect(existsSync(profiler)).toBe(true);
    const { status, stderr } = spawnSync(
      process.execPath,
      [
        ...[option ?? "", "--allow-fs-read=*", "--input-type=module", "-e"],
        `import { watchEventLoop } from ${JSON.stringify(profiler)};
         await watchEventLoop({ target: () => {} });`,
      ],
      { encoding: "utf8" },
    );
    expect(status).toBe(1);
    expect(stderr).toContain(
      "watchEventLoop needs a worker thread: start Node with --allow-worker",
    );
  });
});
