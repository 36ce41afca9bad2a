import { describe, expect, it, vi } from "vitest";
import { defaultOptions } from "../../src/options/table.js";
import { firstFlame } from "../../src/page/flame-json.js";
import { FIRST_FRAMES } from "../../src/page/protocol.js";
import type { Engine } from "../../src/ui/engine/engine.js";
import { OpeningEngine } from "../../src/ui/engine/opening.js";
import { inputFor } from "../support/report-input.js";

const options = defaultOptions();
const request = { limit: FIRST_FRAMES };
const early = firstFlame(inputFor("flame", "early 1"), []);
const late = firstFlame(inputFor("flame", "late 1"), []);

function opening(open: () => Promise<void>) {
  const engine = {
    flame: vi.fn(async () => late),
    suggest: vi.fn(async () => ["main"]),
  } as unknown as Engine;
  const opened = vi.fn(async () => {
    await open();
    return engine;
  });
  const first = vi.fn(async () => early);
  const parts = { open: opened, firstFlame: first, later: (act: () => void) => setTimeout(act) };
  return { engine: new OpeningEngine(parts), opened, first };
}

describe("an engine that opens its profile", () => {
  it("gets the first flame graph from the server, and then starts to read", async () => {
    let isRead: () => void = () => {};
    const read = new Promise<void>((resolve) => {
      isRead = resolve;
    });
    const { engine, opened, first } = opening(() => read);
    expect(opened).not.toHaveBeenCalled();
    expect(await engine.flame(options, request)).toBe(early);
    await vi.waitFor(() => expect(opened).toHaveBeenCalledTimes(1));
    expect(await engine.flame(options, request)).toBe(early);
    const all = engine.flame(options, { limit: FIRST_FRAMES * 2 });
    isRead();
    expect(await all).toBe(late);
    expect(await engine.flame(options, request)).toBe(late);
    expect(first).toHaveBeenCalledTimes(2);
    expect(opened).toHaveBeenCalledTimes(1);
  });

  it("starts to read immediately for any other request", async () => {
    const { engine, opened } = opening(async () => {});
    expect(await engine.suggest(options, "m", 3)).toEqual(["main"]);
    expect(opened).toHaveBeenCalledTimes(1);
  });

  it("uses the profile if the server has no flame graph", async () => {
    const { engine, first } = opening(async () => {});
    first.mockRejectedValueOnce(new Error("f: missing closing ]"));
    expect(await engine.flame(options, request)).toBe(late);
  });

  it("rejects each request with the reason if the profile cannot be read", async () => {
    const { engine } = opening(() => Promise.reject(new Error("too large")));
    await expect(engine.suggest(options, "m", 3)).rejects.toThrow("too large");
    expect(await engine.flame(options, request)).toBe(early);
    await expect(engine.flame(options, { limit: 2 * FIRST_FRAMES })).rejects.toThrow("too large");
  });

  it("does not start to read for an aborted request", async () => {
    const { engine, first } = opening(async () => {});
    const controller = new AbortController();
    first.mockImplementationOnce(async () => {
      controller.abort();
      throw new Error("gone");
    });
    await expect(engine.flame(options, request, controller.signal)).rejects.toThrow("aborted");
  });
});
