import { describe, expect, it } from "vitest";
import { ProfileError } from "../../src/profile/errors.js";
import { readBytes, typesOf } from "../support/addresses.js";
import { stacksOf } from "../support/stacks.js";

const frames = [{ name: "a", file: "a.js", line: 3, col: 4 }, { name: "b" }, { name: "c" }];
const file = (...profiles: object[]) => ({ $schema: "x", shared: { frames }, profiles });
const read = (value: unknown) => readBytes(Buffer.from(JSON.stringify(value)));

const evented = {
  type: "evented",
  name: "one",
  unit: "milliseconds",
  startValue: 0,
  endValue: 14,
  events: [
    { type: "O", frame: 0, at: 0 },
    { type: "O", frame: 1, at: 1.5 },
    { type: "C", frame: 1, at: 4 },
    { type: "O", frame: 2, at: 4 },
    { type: "C", frame: 2, at: 9 },
    { type: "C", frame: 0, at: 10 },
    { type: "O", frame: 1, at: 12 },
    { type: "C", frame: 1, at: 14 },
  ],
};
const sampled = {
  type: "sampled",
  name: "two",
  unit: "bytes",
  startValue: 0,
  endValue: 12,
  samples: [[0, 1], [0], [0, 1]],
  weights: [5, 4, 3],
};

describe("speedscope files", () => {
  it("may have events that open and close frames", async () => {
    const profile = await read(file(evented));
    expect(typesOf(profile)).toEqual(["time/nanoseconds"]);
    expect(stacksOf(profile)).toEqual({
      a: [2_500_000],
      "a;b": [2_500_000],
      "a;c": [5_000_000],
      b: [2_000_000],
    });
    expect(profile.labels.length).toBe(0);
    expect(profile.functions.startLine[0]).toBe(3);
  });

  it("may have several profiles, identified by a label, with a type per unit", async () => {
    const profile = await read(file(evented, sampled));
    expect(typesOf(profile)).toEqual(["time/nanoseconds", "space/bytes"]);
    expect(stacksOf(profile)).toMatchObject({ a: [2_500_000, 4], "a;b": [2_500_000, 8] });
    const { labels, strings } = profile;
    const names = new Set(
      Array.from({ length: labels.length }, (_, i) => strings.get(labels.text[i])),
    );
    expect([...names]).toEqual(["one", "two"]);
  });

  const framesAt = (exporter: string | undefined, name: string, columns: readonly number[] = []) =>
    read({
      ...file({ ...sampled, samples: [[0], [1], [1]] }),
      shared: {
        frames: [5, 7].map((line, i) => ({ name: "run", file: name, line, col: columns[i] })),
      },
      exporter,
    });

  it.each([
    ["py-spy@0.4.0", "app.py"],
    ["py-spy@0.4.0", "<string>"],
    ["rbspy@0.30.0", "app.rb"],
    ["Austin2Speedscope Converter 0.2.0", "app.py"],
    ["speedscope@1.6.0", "app.py"],
    [undefined, "/srv/app.rb"],
    [undefined, "/srv/app.php"],
  ])("may have frames for the lines that were running: %s, %s", async (exporter, name) => {
    const { functions, lines } = await framesAt(exporter, name);
    expect(functions.length).toBe(1);
    expect(functions.startLine[0]).toBe(0);
    expect([...lines.line].map(Number)).toEqual([5, 7]);
  });

  it.each([
    ["speedscope@1.6.0", "app.js", []],
    ["speedscope@1.6.0", "app.py", [3, 3]],
    ["pyinstrument", "app.py", []],
    ["stackprof", "app.rb", []],
    [undefined, "app.mjs", []],
  ])(
    "may have frames for functions by their first lines: %s, %s",
    async (exporter, name, columns) => {
      const { functions } = await framesAt(exporter, name, columns);
      expect([...functions.startLine].map(Number)).toEqual([5, 7]);
    },
  );

  it("may begin at the time of a clock, in several units", async () => {
    const start = 1_700_000_000;
    const seconds = {
      ...{ type: "sampled", name: "s", unit: "seconds", startValue: start, endValue: start + 3 },
      ...{ samples: [[0], [1]], weights: [0.5, 2.5] },
    };
    const millis = {
      ...{ type: "evented", name: "m", unit: "milliseconds", startValue: start * 1000 + 500 },
      ...{ endValue: start * 1000 + 750 },
      events: [
        { type: "O", frame: 2, at: start * 1000 + 500 },
        { type: "C", frame: 2, at: start * 1000 + 750 },
      ],
    };
    const profile = await read(file(seconds, millis));
    expect(stacksOf(profile)).toEqual({ a: [5e8], b: [25e8], c: [25e7] });
    expect(Array.from(profile.observations?.time ?? [])).toEqual([0, 5e8, 5e8]);
    await expect(read(file(seconds, { ...seconds, startValue: 1e30 }))).rejects.toThrow(
      "malformed speedscope profile: startValue is not a whole number below 2^53",
    );
  });

  it("are refused if damaged", async () => {
    const { events } = evented;
    for (const [damaged, why] of [
      [file({ ...sampled, samples: [[0, 7], [0], [1]] }), /no frame 7/],
      [file({ ...sampled, samples: [["__proto__"], [0], [1]] }), /a frame index is not a number/],
      [file({ ...sampled, weights: [1] }), /1 weights for 3/],
      [file({ ...sampled, weights: [1, 2, 0.5] }), /whole number/],
      [file({ ...sampled, weights: [1, 2, 1e30] }), /whole number/],
      [file({ ...sampled, unit: "constructor" }), /unit/],
      [file({ ...sampled, type: "other" }), /evented or sampled/],
      [file({ ...evented, events: events.slice(0, 3) }), /still open/],
      [file({ ...evented, events: [...events].reverse() }), /closed before/],
      [file({ ...evented, events: [events[1], events[0]] }), /order/],
      [{ shared: {}, profiles: [] }, /shared.frames/],
    ] as const) {
      await expect(read(damaged)).rejects.toThrow(ProfileError);
      await expect(read(damaged)).rejects.toThrow(why);
    }
  });
});
