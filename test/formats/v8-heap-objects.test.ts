import { describe, expect, it } from "vitest";
import { HeapSampler, samplerOf } from "../../src/formats/v8/heap-objects.js";

/** Returns what V8 writes about samples of objects of these sizes, by the formula in its source. */
function written(interval: number, sizes: ReadonlyMap<number, number>) {
  const scaled = (size: number, samples: number) =>
    Math.floor(samples / (1 - Math.exp(-size / interval)) + 0.5);
  const samples: number[] = [];
  let total = 0;
  let objects = 0;
  for (const [size, count] of sizes) {
    for (let i = 0; i < count; i++) samples.push(size * scaled(size, 1));
    total += size * scaled(size, count);
    objects += scaled(size, count);
  }
  return { samples, total, objects };
}

const objectsOf = (sampler: HeapSampler, total: number, samples: readonly number[]) =>
  sampler.objectsOf(total, samples).reduce((sum, { count }) => sum + count, 0);

describe("the objects of a heap profile", () => {
  const NODES = [
    new Map([[48, 37]]),
    new Map([[24, 4]]),
    new Map([[200, 3]]),
    new Map([[100_008, 65]]),
    new Map([
      [48, 36],
      [64, 4],
      [4_637_048, 1],
    ]),
    new Map([
      [96, 35],
      [40, 3],
      [56, 2],
    ]),
  ];

  it.each([524_288, 524_160, 65_536, 100_000, 1024])("are those of V8 at %i bytes", (interval) => {
    const nodes = NODES.map((node) => written(interval, node));
    for (const sampler of [
      new HeapSampler(interval),
      samplerOf(nodes.flatMap(({ samples }) => samples)),
    ]) {
      expect(sampler.interval).toBe(interval);
      for (const { samples, total, objects } of nodes) {
        const found = objectsOf(sampler, total, samples);
        expect(found / objects).toBeGreaterThan(1 / 1.5);
        expect(found / objects).toBeLessThan(1.5);
      }
    }
  });

  it("are found for all sizes from few samples", () => {
    const sampler = new HeapSampler(524_160);
    for (let size = 16; size <= 512; size += 8) {
      const { samples, total, objects } = written(524_160, new Map([[size, 5]]));
      const found = objectsOf(sampler, total, samples);
      expect(found / objects).toBeGreaterThan(1 / 1.25);
      expect(found / objects).toBeLessThan(1.25);
    }
  });

  it("do not include samples that V8 took after it wrote the tree", () => {
    const { samples, total, objects } = written(524_288, new Map([[48, 10]]));
    const late = [...samples, 524_304, 4_637_048];
    expect(objectsOf(new HeapSampler(524_288), total, late)).toBe(objects);
  });

  it("are counted with the alignment of Chrome, and one by one if the interval is unknown", () => {
    const chrome = written(65_536, new Map([[28, 40]]));
    expect(objectsOf(samplerOf(chrome.samples), chrome.total, chrome.samples)).toBe(chrome.objects);
    expect(samplerOf([13, 17]).objectsOf(47, [13, 17, 17])).toEqual([
      { size: 17, count: 2 },
      { size: 13, count: 1 },
    ]);
    expect(samplerOf([]).objectsOf(8, [])).toEqual([]);
  });

  it("need little time for many samples of different sizes", () => {
    const sizes = Array.from({ length: 50_000 }, (_, i) => 524_288 + 8 * i);
    const sampler = samplerOf(sizes);
    expect(sampler.objectsOf(2 ** 40, sizes).length).toBe(sizes.length);
  });
});
