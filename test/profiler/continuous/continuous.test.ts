import type http from "node:http";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { readProfile } from "../../../src/library/node.js";
import {
  type Continuous,
  type ContinuousOptions,
  httpTarget,
  type ProfileInfo,
  pyroscopeTarget,
  startContinuous,
  startCpuProfile,
  startHeapSampling,
  stopHeapSampling,
  withLabels,
} from "../../../src/library/profiler.js";
import type { Profile } from "../../../src/profile/profile.js";
import { typesOf } from "../../support/addresses.js";
import { listening } from "../../support/ask.js";
import { labelledNanos } from "../../support/labelled.js";
import { usePriority } from "../../support/priority.js";
import { flatAndCum, totalsOf } from "../../support/stacks.js";
import "../../support/whole-stacks.js";

usePriority();

function busy(millis: number) {
  let x = 0;
  for (const end = performance.now() + millis; performance.now() < end; ) {
    for (let i = 0; i < 1000; i++) x += Math.sqrt(i);
  }
  return x;
}

interface Received {
  readonly profile: Profile;
  readonly info: ProfileInfo;
}

/** Profiles continuously until the end of the test. */
async function started(options: Omit<ContinuousOptions, "target"> & Partial<ContinuousOptions>) {
  const received: Received[] = [];
  const errors: unknown[] = [];
  const target = (profile: Profile, info: ProfileInfo) => {
    received.push({ profile, info });
  };
  const continuous: Continuous = await startContinuous({
    onError: (error) => errors.push(error),
    ...options,
    target: options.target ? [options.target, target].flat() : target,
  });
  onTestFinished(() => continuous.stop());
  return { continuous, received, errors };
}

/** The requests that a server got. */
async function server(answer: http.RequestListener) {
  const requests: { request: http.IncomingMessage; body: Buffer }[] = [];
  const port = await listening(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    requests.push({ request, body: Buffer.concat(pieces) });
    answer(request, response);
  });
  return { url: `http://127.0.0.1:${port}`, requests };
}

describe("continuous profiling", () => {
  it("gives each period to all targets, without gaps, beside another CPU profile", async () => {
    const { url, requests } = await server((_request, response) => response.end("{}"));
    const { continuous, received, errors } = await started({
      every: 1000,
      labels: { service: "shop", version: 3, "a b": "x,y{z}" },
      target: [
        httpTarget({ url: ({ type }) => `${url}/put/${type}`, headers: { "X-Key": "k" } }),
        pyroscopeTarget({
          url: `${url}/base/`,
          application: "shop",
          authToken: "t",
          tenantId: "me",
        }),
      ],
    });
    await expect(startContinuous({ target: () => {} })).rejects.toThrow("runs already");
    const beside = await startCpuProfile();
    while (received.length < 2) {
      withLabels({ route: "/a" }, () => busy(20));
      await setTimeout(1);
    }
    const whole = await beside.stop();
    await continuous.stop();
    expect(errors).toEqual([]);
    const { length: count } = received;
    // The last period was not complete.
    expect(count).toBeGreaterThanOrEqual(3);
    for (const [at, { profile, info }] of received.entries()) {
      expect(info).toMatchObject({ type: "cpu", reason: "continuous" });
      expect(info.labels).toEqual({ service: "shop", version: 3, "a b": "x,y{z}" });
      expect(profile.period).toBe(10_000_000);
      if (at === 0) continue;
      const last = received[at - 1];
      expect(info.start).toEqual(last.info.end);
      const end = BigInt(last.profile.timeNanos) + BigInt(last.profile.durationNanos);
      // The periods overlap. Date.now() has only milliseconds, and NTP may change it.
      expect(Number(BigInt(profile.timeNanos) - end)).toBeLessThan(100e6);
    }
    const nanos = received.map(({ profile }) => labelledNanos(profile, busy.name));
    for (const sums of nanos.filter(({ size }) => size > 0)) {
      const share = sums.get("route=/a service=shop version=3 a b=x,y{z}") ?? 0;
      // Samples within some microseconds of a change may have no route.
      expect(share / [...sums.values()].reduce((a, b) => a + b)).toBeGreaterThan(0.6);
    }
    expect(whole.period).toBe(1_000_000);
    expect(labelledNanos(whole, busy.name).get("route=/a")).toBeGreaterThan(20e6);

    const puts = requests.filter(({ request }) => request.url === "/put/cpu");
    expect(puts.length).toBe(count);
    expect(puts[0].request).toMatchObject({
      method: "POST",
      headers: { "content-type": "application/octet-stream", "x-key": "k" },
    });
    const put = await readProfile(puts[1].body);
    expect(totalsOf(put)).toEqual(totalsOf(received[1].profile));
    expect(labelledNanos(put, busy.name)).toEqual(nanos[1]);

    // The fields that the server's source reads: pkg/ingester/pyroscope/ingest_handler.go.
    const ingests = requests.filter(({ request }) => request.url?.startsWith("/base/ingest?"));
    expect(ingests.length).toBe(count);
    const { request, body } = ingests[1];
    const { searchParams } = new URL(`http://x${request.url}`);
    const { start, end } = received[1].info;
    expect(Object.fromEntries(searchParams)).toEqual({
      name: "shop{service=shop,version=3,a_b=x_y_z_}",
      from: String(Math.floor(start.getTime() / 1000)),
      until: String(Math.ceil(end.getTime() / 1000)),
      spyName: "tsprof",
      sampleRate: "100",
    });
    expect(request.headers).toMatchObject({ authorization: "Bearer t", "x-scope-orgid": "me" });
    const type = request.headers["content-type"] ?? "";
    const form = await new Response(new Uint8Array(body), {
      headers: { "content-type": type },
    }).formData();
    const config = form.get("sample_type_config") as File;
    expect(JSON.parse(await config.text())).toMatchObject({ wall: { aggregation: "sum" } });
    const file = form.get("profile") as File;
    const sent = await readProfile(new Uint8Array(await file.arrayBuffer()));
    // The labels are in the name.
    expect([...labelledNanos(sent, busy.name).keys()].sort()).toEqual(
      [...labelledNanos(sent, busy.name).keys()].filter((key) => /^(route=\/a)?$/.test(key)).sort(),
    );
    expect(totalsOf(sent)).toEqual(totalsOf(received[1].profile));
  });

  it("profiles the heap, and goes on if the program ends console profiles", async () => {
    const kept: unknown[] = [];
    const { continuous, received, errors } = await started({
      every: 1000,
      cpu: { keepsIdle: false },
      heap: { intervalBytes: 4096 },
    });
    const { default: console } = await import("node:console");
    console.profileEnd();
    await setTimeout(50);
    for (let i = 0; i < 2000; i++) kept.push(new Array(100).fill(i));
    busy(100);
    console.profileEnd();
    busy(100);
    await continuous.stop();
    expect(errors).toEqual([]);
    const types = received.map(({ info }) => info.type);
    expect(types.slice(0, 2)).toEqual(["cpu", "heap"]);
    const heap = received[types.lastIndexOf("heap")];
    const nanos = received
      .filter(({ info }) => info.type === "cpu")
      .map(({ profile }) => flatAndCum(profile, 1)[busy.name]?.[1] ?? 0);
    expect(nanos.reduce((a, b) => a + b)).toBeGreaterThan(100e6);
    for (const { profile } of received) {
      expect(Object.keys(flatAndCum(profile, 1))).not.toContain("(idle)");
    }
    expect(typesOf(heap.profile)).toEqual(["inuse_objects/count", "inuse_space/bytes"]);
    expect(Number(totalsOf(heap.profile)[1])).toBeGreaterThan(2000 * 800 * 0.5);
    expect(kept.length).toBe(2000);
    // Sampling has ended with it.
    await startHeapSampling();
    await stopHeapSampling();
  });

  it("gives the new allocations of each period if the program samples with keepsFreed", async () => {
    await startHeapSampling({ keepsFreed: true, intervalBytes: 4096 });
    onTestFinished(stopHeapSampling);
    const kept: unknown[] = [];
    const fill = (count: number) => {
      for (let i = 0; i < count; i++) kept.push(new Array(100).fill(i));
    };
    fill(4000);
    const { continuous, received } = await started({ every: 1000, cpu: false, heap: true });
    fill(1000);
    while (received.length < 1) await setTimeout(20);
    fill(2000);
    await continuous.stop();
    expect(new Set(received.map(({ info }) => info.type))).toEqual(new Set(["allocs"]));
    const [first, ...rest] = received.map(({ profile }) => flatAndCum(profile, 1).fill?.[1] ?? 0);
    expect(Math.abs(first / (1000 * 816) - 1)).toBeLessThan(0.4);
    const later = rest.reduce((a, b) => a + b);
    expect(Math.abs(later / (2000 * 816) - 1)).toBeLessThan(0.4);
    expect(kept.length).toBe(7000);
  });

  it("reports errors of targets, and gives up when it stops", async () => {
    const { continuous, errors } = await started({
      every: 1000,
      target: [
        () => {
          throw new Error("not today");
        },
        {
          export: (_profile, _info, { signal }) =>
            new Promise((_, reject) => {
              signal.addEventListener("abort", () => reject(new Error("aborted")));
            }),
        },
      ],
    });
    await continuous.stop({ timeoutMillis: 10 });
    await continuous.stop();
    await setTimeout(0);
    expect(errors.map((error) => (error as Error).message)).toEqual([
      "not today",
      "gave up 1 profile that was not kept in time",
    ]);
  });

  it.each<[string, Partial<ContinuousOptions>]>([
    ["every must be from 1000 to 2147483647 ms, not 60", { every: 60 }],
    ["every must be from 1000 to 2147483647 ms, not NaN", { every: Number.NaN }],
    ["cpu and heap must not both be false", { cpu: false }],
    ["intervalMicros must be from 100", { cpu: { intervalMicros: 1 } }],
    ["intervalBytes must be an integer above 0", { heap: { intervalBytes: 0.5 } }],
    ["target must not be an empty list", { target: [] }],
    ["target must be a target, a function, or a list of them", { target: 1 as never }],
    ["the label a must be a string or a safe integer", { labels: { a: 0.5 } }],
    ["a label needs a name", { labels: { "": "x" } }],
    ["onError must be a function", { onError: 1 as never }],
  ])("refuses wrong options: %s", async (message, options) => {
    await expect(startContinuous({ target: () => {}, ...options })).rejects.toThrow(message);
  });
});
