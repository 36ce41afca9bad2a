import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { type OutputReader, SharedOutput } from "../../../src/server/workers/shared-output.js";

const bytes = (...values: number[]) => Uint8Array.from(values);

function make() {
  const events: string[] = [];
  const output = new SharedOutput({
    onTaken: () => events.push("taken"),
    onAbandoned: () => events.push("abandoned"),
  });
  return { output, events };
}

async function all(reader: OutputReader): Promise<number[]> {
  const values: number[] = [];
  for await (const piece of reader) values.push(...piece);
  return values;
}

describe("the output of a task", () => {
  it("goes to all readers, including late ones", async () => {
    const { output } = make();
    const first = all(output.join());
    output.push(bytes(1, 2));
    const second = all(output.join());
    output.push(bytes(3));
    output.finish();
    expect(await Promise.all([first, second])).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });

  it("is held until it is released", async () => {
    const { output, events } = make();
    const reading = all(output.join());
    output.push(bytes(1));
    await setImmediate();
    expect([events, output.heldBytes]).toEqual([[], 1]);
    output.reset();
    expect(output.heldBytes).toBe(0);
    output.push(bytes(2));
    output.release();
    await setImmediate();
    expect([events, output.heldBytes]).toEqual([["taken"], 0]);
    output.finish();
    expect(await reading).toEqual([2]);
  });

  it("is kept for the slowest reader until that leaves", async () => {
    const { output, events } = make();
    const slow = output.join();
    const quick = all(output.join());
    output.release();
    for (const value of [1, 2, 3]) output.push(bytes(value));
    await setImmediate();
    expect([output.heldBytes, output.isComplete]).toEqual([3, true]);
    slow.leave();
    slow.leave();
    expect([output.heldBytes, output.isComplete]).toEqual([0, false]);
    output.finish();
    expect(await quick).toEqual([1, 2, 3]);
    expect(events).not.toContain("abandoned");
    await expect(all(slow)).rejects.toMatchObject({ code: "ECLIENTLEFT" });
  });

  it("is abandoned when the last reader has left", async () => {
    const { output, events } = make();
    const [one, other] = [output.join(), output.join()];
    const reading = all(one);
    one.leave();
    await expect(reading).rejects.toThrow("the client has disconnected");
    expect([events, output.hasReaders]).toEqual([["taken"], true]);
    other.leave();
    expect([events, output.hasReaders]).toEqual([["taken", "abandoned"], false]);
  });

  it("fails for all readers", async () => {
    const { output } = make();
    const readers = [all(output.join()), all(output.join())];
    output.push(bytes(1));
    output.fail(new Error("too much"));
    for (const reader of readers) await expect(reader).rejects.toThrow("too much");
  });
});
