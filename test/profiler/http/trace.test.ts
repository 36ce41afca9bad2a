import { once } from "node:events";
import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import { describe, expect, it, onTestFinished } from "vitest";
import { pprofHandler } from "../../../src/library/http.js";
import { readProfile } from "../../../src/library/node.js";
import { ask, listening } from "../../support/ask.js";
import { waitFor } from "../../support/labelled.js";
import { useOneProcess } from "../../support/one-process.js";
import { usePriority } from "../../support/priority.js";
import { SLOW } from "../../support/program-folder.js";
import { flatAndCum } from "../../support/stacks.js";

usePriority();
const tsprof = useOneProcess();

/** Reads files until a promise settles. */
async function reading<T>(pending: Promise<T>): Promise<T> {
  const timer = setInterval(() => readFileSync(import.meta.filename), 10);
  return pending.finally(() => clearInterval(timer));
}

describe("trace", { timeout: SLOW }, () => {
  it("has the events of all threads with their times, and writes no files", async () => {
    const code = `setInterval(() => require("node:fs").statSync("."), 10);
      require("node:worker_threads").parentPort.postMessage("works");`;
    const worker = new Worker(code, { eval: true });
    onTestFinished(() => void worker.terminate());
    await once(worker, "message");
    const port = await listening(pprofHandler());
    const { status, headers, body } = await reading(ask(port, "/debug/pprof/trace?seconds=1"));
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      "content-type": "application/json",
      "content-disposition": 'attachment; filename="trace.json"',
    });
    const profile = await readProfile(body);
    expect(flatAndCum(profile, 1)["fs.sync.read"]?.[1]).toBeGreaterThan(0);
    expect(flatAndCum(profile, 1)["fs.sync.stat"]?.[1]).toBeGreaterThan(0);
    expect(profile.observations?.length).toBeGreaterThan(0);
    expect((await readdir(".")).filter((file) => /trace/.test(file))).toEqual([]);
  });

  it("is a report of tsprof", async () => {
    const port = await listening(pprofHandler());
    const address = `http://127.0.0.1:${port}/debug/pprof/trace?seconds=1`;
    const top = await reading(tsprof(["top", "-no_save", address]));
    expect(top.stdout).toMatch(/ fs\.sync\.read$/m);
  });

  it("is recorded one at a time, also as text and for some categories", async () => {
    const handler = pprofHandler();
    const begun = waitFor();
    const port = await listening((request, response) => {
      handler(request, response);
      setImmediate(begun.resolve);
    });
    const one = reading(ask(port, "/debug/pprof/trace?debug=1&categories=node.fs.sync"));
    await begun.promise;
    const second = await ask(port, "/debug/pprof/trace");
    expect(second).toMatchObject({
      status: 503,
      text: "Could not record a trace: a trace of this process is being recorded already\n",
      headers: { "retry-after": "1" },
    });
    const table = await one;
    expect(table.headers["content-type"]).toBe("text/plain; charset=utf-8");
    expect(table.text).toMatch(/ fs\.sync\.read$/m);
    expect(table.text).not.toMatch(/RunTimers/);

    const wrong = await ask(port, "/debug/pprof/trace?categories=v8,node.fs.snyc");
    expect(wrong.status).toBe(400);
    expect(wrong.text).toMatch(
      /^no category "node.fs.snyc"; Node has node, node.async_hooks, .*\n$/,
    );
  });
});
