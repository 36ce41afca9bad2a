import { readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeProfile } from "../../src/profile/wire/encode.js";
import { pgoProfile } from "../../src/transforms/pgo.js";
import { readBytes } from "../support/addresses.js";
import { compilerEdges, hotCalls, sumOf } from "../support/pgo-edges.js";
import { ROOT } from "../support/proto.js";
import { profileOf } from "../support/text-profile.js";

/** The calls that the compiler finds in the reduced profile, as `caller+offset>callee weight`. */
function callsOf(text: string, keep = 1): string[] {
  const edges = compilerEdges(encodeProfile(pgoProfile(profileOf(text), keep).profile));
  return [...edges].map(([call, weight]) => `${call} ${weight}`);
}

/** Random Go profiles: recursion, inlined calls, functions with equal names, unknown lines. */
const goProfiles = fc
  .array(
    fc.record({
      stack: fc.array(
        fc.record({
          name: fc.constantFrom("main.a", "main.b", "runtime.c", "main.d", ""),
          line: fc.integer({ min: 0, max: 4 }),
          start: fc.constantFrom(0, 1, 2),
          address: fc.constantFrom("", "#1", "#2"),
          inlined: fc.boolean(),
        }),
        { minLength: 1, maxLength: 8 },
      ),
      value: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 100_000 })),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((samples) =>
    [
      // At least one function has its first line.
      "main.main@:9^7;main.a@:3^1 1",
      ...samples.map(({ stack, value }) => {
        const frames = stack.map(({ name, line, start, address, inlined }) => {
          const inner = inlined ? ">main.inl@:5^4" : "";
          return `${name}@:${line}^${start}${inner}${address}`;
        });
        return `${frames.join(";")} ${value}`;
      }),
    ].join("\n"),
  );

/** The calls that `go tool preprofile` lists, in three lines each: caller, callee, offset and weight. */
function listedCalls(text: string): Map<string, bigint> {
  const [, ...lines] = text.trimEnd().split("\n");
  const calls = new Map<string, bigint>();
  for (let i = 0; i < lines.length; i += 3) {
    const [offset, weight] = lines[i + 2].split(" ");
    calls.set(`${lines[i]}+${offset}>${lines[i + 1]}`, BigInt(weight));
  }
  return calls;
}

describe("a profile for Go's compiler", () => {
  it("has the calls that a real compiler uses of the whole profile", async () => {
    const bytes = gunzipSync(readFileSync(path.join(ROOT, "fixtures/pgo/orders.pb.gz")));
    const listed = listedCalls(
      readFileSync(path.join(ROOT, "fixtures/pgo/orders.preprofile"), "utf8"),
    );
    expect(listed.size).toBeGreaterThan(200);
    // This also validates the model of the compiler in the other tests.
    expect(compilerEdges(bytes)).toEqual(listed);
    const { profile } = pgoProfile(await readBytes(bytes), 1);
    expect(compilerEdges(encodeProfile(profile))).toEqual(listed);
  });

  it("has each call with its weight", () => {
    expect(
      callsOf("main.main@:12^10;main.work@:25^20 30\nmain.main@:12^10;main.idle@:41^40 5"),
    ).toEqual(["main.main+2>main.work 30", "main.main+2>main.idle 5"]);
  });

  it("has the calls of leaves and their callers, including inlined calls", () => {
    expect(callsOf("a@:9^1;b@:3^1>c@:5^4;d@:8^6>e@:9^8 7")).toEqual([
      "b+2>c 7",
      "c+1>d 7",
      "d+2>e 7",
    ]);
  });

  it("counts a sample once per call, and adds up calls at the same offset", () => {
    const recursive = "f@:3^1>f@:4^1;f@:3^1>f@:4^1>f@:4^1 10";
    expect(callsOf(recursive)).toEqual(["f+2>f 10", "f+3>f 10"]);
    expect(callsOf("f@:3^1;g@:1^1 10\nf@:3^1;g@:2^1 4")).toEqual(["f+2>g 14"]);
  });

  it("has the weights that the compiler computes from the whole profile", () => {
    fc.assert(
      fc.property(goProfiles, (text) => {
        const profile = profileOf(text);
        const made = encodeProfile(pgoProfile(profile, 1).profile);
        expect(compilerEdges(made)).toEqual(compilerEdges(encodeProfile(profile)));
      }),
    );
  });

  it("omits the lightest calls but keeps the total and the hot calls", () => {
    fc.assert(
      fc.property(goProfiles, fc.double({ min: 0.99, max: 1, noNaN: true }), (text, keep) => {
        const profile = profileOf(text);
        const whole = compilerEdges(encodeProfile(profile));
        const { profile: made, kept, all } = pgoProfile(profile, keep);
        const edges = compilerEdges(encodeProfile(made));
        const isReal = ([call]: [string, bigint]) => !call.startsWith("~left out+");
        const real = [...edges].filter(isReal);
        for (const [call, weight] of real) expect(whole.get(call)).toBe(weight);
        expect(real).toHaveLength(kept.calls);
        expect(all.calls).toBe(whole.size);
        expect(sumOf(new Map(real))).toBe(BigInt(kept.weight));
        expect(Number(kept.weight)).toBeGreaterThanOrEqual(Number(all.weight) * keep * 0.999999);
        expect(sumOf(edges)).toBe(sumOf(whole));
        expect(sumOf(edges)).toBe(BigInt(all.weight));
        // The compiler decides the order of equal weights.
        const weights = (calls: ReadonlySet<string>) => [...calls].map((call) => whole.get(call));
        expect(weights(hotCalls(edges))).toEqual(weights(hotCalls(whole)));
      }),
    );
  });

  it("does not depend on the order of the samples", () => {
    const lines = ["a@:3^1;b@:2^2 5", "b@:4^2;c@:9^7 5", "a@:13^11;b@:5^2 7", "c@:8^7;a@:1^1 1"];
    const bytes = (order: readonly string[]) =>
      Buffer.from(encodeProfile(pgoProfile(profileOf(order.join("\n")), 1).profile)).toString(
        "hex",
      );
    expect(bytes(lines.toReversed())).toBe(bytes(lines));
  });

  it("can be reduced again", () => {
    const before = profileOf("a@:3^1;b@:2^2 1000\nb@:4^2;c@:9^7 3\nc@:8^7;d@:1^1 2");
    const once = pgoProfile(before, 0.99);
    expect(once.kept.calls).toBe(1);
    const twice = pgoProfile(once.profile, 0.99);
    expect(compilerEdges(encodeProfile(twice.profile))).toEqual(
      compilerEdges(encodeProfile(once.profile)),
    );
    expect(twice.all.calls).toBe(1);
  });

  it("is bounded even if a light call of a heavy profile is kept", () => {
    const text = '"~left out"@:1;"~left out"@:2 4611686018427387904\na@:3^1;b@:2^2 1';
    const { profile } = pgoProfile(profileOf(text), 1);
    expect(profile.samples.length).toBeLessThan(1000);
    expect(profile.locations.length).toBeLessThan(21_000);
    expect(sumOf(compilerEdges(encodeProfile(profile)))).toBe(4611686018427387905n);
  });

  it("keeps both sample types, so that it can be merged with others", () => {
    const text = "a@:3^1;b@:2^2 1 10\na@:4^1;c@:2^2 9 90";
    const types = ["samples/count", "cpu/nanoseconds"];
    const { profile } = pgoProfile(profileOf(text, { types }), 0.9);
    const sums = profile.samples.values.map((column) =>
      Array.from(column, Number).reduce((sum, value) => sum + value, 0),
    );
    expect(sums).toEqual([10, 100]);
  });

  it.each([
    ["without first lines", "a@:3;b@:2 1", {}, /no function has a first line/],
    ["of heap", "a@:3^1;b@:2^2 1", { types: ["inuse_space/bytes"] }, /not a Go CPU profile/],
    ["with differences", "a@:3^1;b@:2^2 -1", {}, /negative values/],
    ["without calls", "a@:3^1 1", {}, /no stack contains a call/],
  ])("is refused for a profile %s", (_, text, parts, message) => {
    expect(() => pgoProfile(profileOf(text, parts), 1)).toThrow(message);
  });
});
