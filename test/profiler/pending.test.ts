import { AsyncResource } from "node:async_hooks";
import { once } from "node:events";
import http from "node:http";
import net, { type AddressInfo } from "node:net";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { pprofHandler } from "../../src/library/http.js";
import { readProfile } from "../../src/library/node.js";
import {
  pendingProfile,
  startPendingProfile,
  stopPendingProfile,
} from "../../src/library/profiler.js";
import type { Profile } from "../../src/profile/profile.js";
import { typesOf } from "../support/addresses.js";
import { ask, listening } from "../support/ask.js";
import { labelledNanos } from "../support/labelled.js";
import { tsprof } from "../support/run.js";
import { flatAndCum, stacksOf } from "../support/stacks.js";

afterEach(stopPendingProfile);

/** Returns the kinds and ages of the resources with a function on their stacks. */
const labelsOf = (profile: Profile, name: string) => [...labelledNanos(profile, name).keys()];
const cum = (profile: Profile, name: string, type = 0) => flatAndCum(profile, type)[name]?.[1] ?? 0;

const timers: NodeJS.Timeout[] = [];
function startsTimers() {
  for (let i = 0; i < 3; i++) timers.push(setTimeout(() => {}, 60_000));
}
function startsPromises() {
  return Promise.all([new Promise(() => {}), Promise.resolve(1)]);
}

class Pool extends AsyncResource {}

describe("pendingProfile", () => {
  it("counts resources by the stack that created them, until they end", async () => {
    startPendingProfile();
    expect(() => startPendingProfile()).toThrow("being followed already");
    startsTimers();
    function listens() {
      return net.createServer().listen(0, "127.0.0.1");
    }
    function connects(port: number) {
      return net.connect(port, "127.0.0.1");
    }
    const server = listens();
    await once(server, "listening");
    const [socket] = await Promise.all([
      connects((server.address() as AddressInfo).port),
      once(server, "connection"),
    ]);
    const pool = new Pool("Pool");
    const held = startsPromises();
    const profile = await pendingProfile();
    expect(typesOf(profile)).toEqual(["pending/count", "age/nanoseconds"]);
    expect(profile.strings.get(profile.defaultSampleType)).toBe("pending");
    expect(cum(profile, "startsTimers")).toBe(3);
    expect(cum(profile, "startsTimers", 1)).toBeGreaterThan(3 * 1e6);
    expect(labelsOf(profile, "startsTimers")).toEqual([
      expect.stringMatching(/^kind=timer age=< /),
    ]);
    // The server, and its side of the connection, which Node created.
    const kinds = labelsOf(profile, "listens").map((text) => text.replace(/ age=.*/, ""));
    expect(kinds).toEqual(expect.arrayContaining(["kind=tcp server", "kind=tcp socket"]));
    expect(labelsOf(profile, "connects").join()).toContain("kind=tcp socket");
    expect(cum(profile, "startsPromises")).toBe(0);
    const stacks = Object.keys(stacksOf(profile, true));
    expect(stacks.join("\n")).not.toContain("node:internal");
    const { functions, strings } = profile;
    const row = Array.from(functions.name, (name) => strings.get(name)).indexOf("startsTimers");
    expect(strings.get(functions.filename[row])).toBe(import.meta.filename);
    expect(functions.startLine[row]).toBeGreaterThan(1);

    for (const timer of timers) clearTimeout(timer);
    socket.destroy();
    server.close();
    const left = async () => {
      const now = await pendingProfile();
      return [cum(now, "startsTimers"), labelsOf(now, "listens").filter((at) => /tcp/.test(at))];
    };
    await expect.poll(left).toEqual([0, []]);
    expect(pool.asyncId()).toBeGreaterThan(0);
    expect(held).toBeInstanceOf(Promise);
    stopPendingProfile();
    await expect(pendingProfile()).rejects.toThrow("startPendingProfile was not called");
  });

  it("includes promises if it is asked to, and does not change how errors look", async () => {
    const prepare = Error.prepareStackTrace;
    const limit = Error.stackTraceLimit;
    onTestFinished(() => {
      Error.prepareStackTrace = prepare;
      Error.stackTraceLimit = limit;
    });
    let calls = 0;
    Error.prepareStackTrace = (_, sites) => `${++calls} ${sites.length}`;
    Error.stackTraceLimit = 2;
    startPendingProfile({ promises: true });
    const held = startsPromises();
    expect(new Error("own").stack).toBe("1 2");
    const profile = await pendingProfile();
    expect(new Error("own").stack).toBe("2 2");
    expect(Error.stackTraceLimit).toBe(2);
    expect(labelsOf(profile, "startsPromises")).toEqual([expect.stringContaining("kind=promise")]);
    // The promise without an end, the one of Promise.all, and those inside of it.
    expect(cum(profile, "startsPromises")).toBeGreaterThanOrEqual(2);
    expect(held).toBeInstanceOf(Promise);
  });

  it("limits its memory", async () => {
    expect(() => startPendingProfile({ maxResources: 0 })).toThrow(RangeError);
    startPendingProfile({ maxResources: 10 });
    const all = Array.from({ length: 30 }, () => setTimeout(() => {}, 60_000));
    const profile = await pendingProfile();
    for (const timer of all) clearTimeout(timer);
    expect(profile.comments.map((at) => profile.strings.get(at))).toEqual([
      expect.stringMatching(/^2\d resources were left out \(maxResources\)$/),
    ]);
  });
});

describe("goroutine", () => {
  it("is the pending profile, or says how to switch it on", async () => {
    const port = await listening(pprofHandler());
    const address = "/debug/pprof/goroutine";
    expect(await ask(port, address)).toMatchObject({
      status: 404,
      text: expect.stringContaining("startPendingProfile()"),
    });
    expect((await ask(port, "/debug/pprof/")).text).not.toContain('href="goroutine"');
    startPendingProfile();
    function hangs() {
      return http.get(`http://127.0.0.1:${silent}`).on("error", () => {});
    }
    const silent = await listening(() => {});
    const request = hangs();
    await once(request, "socket");
    expect((await ask(port, "/debug/pprof/")).text).toContain('href="goroutine"');
    const { body, headers } = await ask(port, address);
    expect(headers["content-disposition"]).toBe('attachment; filename="goroutine"');
    expect(labelsOf(await readProfile(body), "hangs").join()).toContain("kind=http request");
    const top = await tsprof(["top", "-cum", "-no_save", `http://127.0.0.1:${port}${address}`]);
    expect(top.stdout).toMatch(/^Type: pending$/m);
    expect(top.stdout).toMatch(/ hangs/);
    const pending = ask(port, `${address}?seconds=1`);
    // The first of the two profiles has been taken when another request is answered.
    await ask(port, address);
    startsTimers();
    const delta = await pending;
    expect(cum(await readProfile(delta.body), "startsTimers")).toBe(3);
    for (const timer of timers) clearTimeout(timer);
    request.destroy();
  });
});
