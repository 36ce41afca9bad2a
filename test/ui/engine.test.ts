import { readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { CommandName } from "../../src/options/commands.js";
import { defaultOptions, type Options } from "../../src/options/table.js";
import { encodeProfile } from "../../src/profile/wire/encode.js";
import { type Engine, EngineError } from "../../src/ui/engine/engine.js";
import { sameThreadEngine } from "../../src/ui/engine/same-thread.js";
import { HOSTILE_NAMES } from "../support/graph-text.js";
import { ROOT } from "../support/proto.js";
import { tsprof } from "../support/run.js";
import { profileOf } from "../support/text-profile.js";

process.env.TZ = "UTC";

const options = (changes: Partial<Options> = {}): Options => ({ ...defaultOptions(), ...changes });
const fixture = (name: string) => path.join(ROOT, "fixtures", name);

async function opened(bytes: Uint8Array, sources?: Record<string, string>): Promise<Engine> {
  const engine = sameThreadEngine();
  // Without this, the command line would look for binaries.
  const asked = options({ symbolize: "none" });
  const isPprofs = true;
  await engine.open({ bytes, options: asked, isPprofs, ...(sources && { sources }) });
  return engine;
}

const drawn = (text: string, sources?: Record<string, string>) =>
  opened(encodeProfile(profileOf(text)), sources);

/** Reads a text report in parts, and joins them. */
async function whole(
  engine: Engine,
  name: CommandName,
  options: Options,
  pattern: string,
): Promise<string> {
  let text = "";
  for (;;) {
    const { report } = await engine.text(name, options, pattern, { from: text.length, length: 1 });
    text += report.text;
    if (report.isLast) return text;
  }
}

describe("the texts of the engine", () => {
  it.each<[string, CommandName, string, Partial<Options>, string[]]>([
    ["go-cpu.pb.gz", "top", "", {}, []],
    [
      "go-cpu.pb.gz",
      "tree",
      "",
      { focus: "sha|json", nodecount: 20 },
      ["-focus=sha|json", "-nodecount=20"],
    ],
    ["go-cpu.pb.gz", "peek", "main", { granularity: "lines" }, ["-lines"]],
    ["go-cpu.pb.gz", "traces", "", {}, []],
    ["go-cpu.pb.gz", "raw", "", {}, []],
    [
      "go-heap.pb.gz",
      "top",
      "",
      { sample_index: "alloc_space", sort: "cum" },
      ["-alloc_space", "-cum"],
    ],
    ["go-heap.pb.gz", "dot", "", {}, []],
    ["go-heap.pb.gz", "callgrind", "", {}, []],
    ["cpp-cpu.pb.gz", "folded", "", {}, []],
    ["cpp-cpu.prof", "top", "", {}, []],
    ["v8-cpu.pb.gz", "top", "", {}, []],
    ["go-cpu.pb.gz", "tags", "", {}, []],
    ["go-cpu.pb.gz", "comments", "", {}, []],
  ])("are those of the command line: %s %s %s", async (name, report, pattern, change, args) => {
    const engine = await opened(readFileSync(fixture(name)));
    const text = await whole(engine, report, options(change), pattern);
    const words = [
      report,
      "-symbolize=none",
      ...args,
      ...(pattern ? [pattern] : []),
      fixture(name),
    ];
    const { stdout, stderr, code } = await tsprof(words);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(text).toBe(stdout);
  });

  it("lists source files that were opened with the profile", async () => {
    const engine = await drawn("main@/src/a.c:1^1;work@/src/a.c:3^2 5", {
      "/src/a.c": "one\ntwo\r\nthree\n",
    });
    const report = await whole(engine, "list", options(), "work");
    expect(report).toContain("5          5 (flat, cum)   100% of Total");
    expect(report).toMatch(/ \.\s+\.\s+2:two\n\s+5\s+5\s+3:three\n/);
    const page = (await engine.weblist(options(), "work")).report;
    expect(page).toContain("<code>three</code>");
    expect(page).toContain("Content-Security-Policy");
  });

  it("reports which reports need more than a page has", async () => {
    const engine = await drawn("a 1");
    await expect(whole(engine, "svg", options(), "")).rejects.toThrow(
      new EngineError("this page cannot make the report svg; run: tsprof svg"),
    );
  });
});

describe("opening", () => {
  it("returns a summary of the profile", async () => {
    const text = `
      main;a 1 10 {tenant=acme bytes:2048bytes}
      main;b 1 30 {tenant=beta}
      #40 1 5
    `;
    const bytes = encodeProfile(
      profileOf(text, {
        types: ["samples/count", "cpu/nanoseconds"],
        docUrl: "javascript:alert(1)",
      }),
    );
    const engine = sameThreadEngine();
    const summary = await engine.open({ bytes, options: options({ sample_index: "wrong" }) });
    expect(summary).toMatchObject({
      sampleTypes: [
        { type: "samples", unit: "count" },
        { type: "cpu", unit: "nanoseconds" },
      ],
      defaultSampleType: 1,
      docUrl: "",
      isComparison: false,
      tags: [
        { key: "bytes", isNumeric: true, values: [{ name: "2kB", filter: "bytes=2kB" }], count: 1 },
        {
          key: "tenant",
          isNumeric: false,
          values: [
            { name: "beta", filter: "tenant=^beta$" },
            { name: "acme", filter: "tenant=^acme$" },
          ],
          count: 2,
        },
      ],
      counts: { samples: 3, locations: 4, functions: 3, mappings: 0 },
      warnings: ["25% of the locations in this profile have no function name"],
    });
    expect(summary.legend).toContain("Type: cpu");
  });

  it("drops frames and demangles unless that was done before", async () => {
    const bytes = encodeProfile(
      profileOf("main;_ZN3foo3barEv;malloc;sys 1", { dropFrames: "malloc" }),
    );
    const namesFor = async (isPrepared: boolean) => {
      const engine = sameThreadEngine();
      await engine.open({ bytes, options: options({ add_comment: "once" }), isPrepared });
      const { functions: places } = (await engine.flame(options(), { limit: 10 })).report;
      const report = await whole(engine, "comments", options(), "");
      return [...places.map(({ name }) => name), report.trim()];
    };
    expect(await namesFor(false)).toEqual(["all", "main", "foo::bar", "once"]);
    expect(await namesFor(true)).toEqual(["all", "main", "_ZN3foo3barEv", "malloc", "sys", ""]);
  });

  const go = readFileSync(fixture("go-cpu.pb.gz"));
  const damaged = go.slice();
  damaged[200] ^= 0xff;
  it.each([
    ["truncated", go.subarray(0, go.length - 30)],
    ["damaged", damaged],
    ["no profile", new TextEncoder().encode("what is this")],
    ["two members", Buffer.concat([go, Buffer.from("rest")])],
    ["empty", new Uint8Array(0)],
  ])(
    "reports the same error as the command line for a file that is %s, and keeps the open profile",
    async (_, bytes) => {
      const engine = await drawn("kept 3");
      const { stderr } = await tsprof(["top", "-"], { input: bytes });
      const problem = await engine.open({ bytes, options: options() }).then(
        () => "opened",
        (error) => (error instanceof EngineError ? error.message : `not for users: ${error}`),
      );
      expect(problem).not.toContain("\n");
      expect(stderr).toContain(`${problem}\n`);
      expect(await whole(engine, "top", options(), "")).toContain("kept");
    },
  );

  it("reads gzip with two members, which browsers cannot", async () => {
    const raw = encodeProfile(profileOf("main;work 1"));
    const engine = await opened(
      Buffer.concat([gzipSync(raw.subarray(0, 10)), gzipSync(raw.subarray(10))]),
    );
    expect((await engine.top(options())).report.rows).toHaveLength(2);
  });

  it("obeys -max_size", async () => {
    const bytes = gzipSync(new Uint8Array(4 << 20).fill(65));
    await expect(
      sameThreadEngine().open({ bytes, options: options({ max_size: "2mb" }) }),
    ).rejects.toThrow("the profile needs more than 2 MB");
  });
});

describe("answers", () => {
  it("contain the warnings of filters, and errors of requests", async () => {
    const engine = await drawn("main;work 1");
    const { warnings } = await engine.top(options({ focus: "nowhere" }));
    expect(warnings).toEqual(["-focus=nowhere matched no samples"]);
    for (const [change, problem] of [
      [{ focus: "(" }, "-focus: missing closing ): `(`"],
      [{ divide_by: 0 }, "-divide_by must not be 0"],
      [{ sample_index: "what" }, 'sample_index "what" must be one of: samples'],
    ] as const) {
      await expect(engine.top(options(change))).rejects.toThrow(new EngineError(problem));
    }
    await expect(engine.peek(options(), "nowhere")).rejects.toThrow(
      new EngineError("no matches found for regexp: nowhere"),
    );
    await expect(sameThreadEngine().top(options())).rejects.toThrow("no profile is open");
  });

  it("contain no control characters or direction marks in names", async () => {
    const text = HOSTILE_NAMES.map((name, i) => `main;${JSON.stringify(name)} ${i + 1}`).join("\n");
    const engine = await drawn(text);
    const all = options({ nodefraction: 0 });
    const answers = [
      (await engine.flame(all, { limit: 100 })).report.functions,
      (await engine.top(all)).report.rows,
      (await engine.peek(all, ".")).report.entries,
      (await engine.dot(all)).report,
      await whole(engine, "traces", all, ""),
      await engine.suggest(all, "", 100),
    ];
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the test forbids control characters
    const steering = /[\x00-\x08\x0b\x0d-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;
    for (const answer of answers) {
      const texts: string[] = [];
      JSON.stringify(answer, (_, value) => {
        if (typeof value === "string") texts.push(value);
        return value;
      });
      expect(texts.join("").length).toBeGreaterThan(100);
      expect(texts.filter((one) => steering.test(one))).toEqual([]);
    }
    const name = "a\\x01b\\x1bc\\x7fd\\x85e";
    const { callers } = (await engine.sandwich(all, { name, limit: 10 })).report;
    expect(callers.functions.map((place) => place.name)).toEqual(["all", name, "main"]);
  });

  it("suggest names of functions and files, highest cost first", async () => {
    const engine = await drawn("main@a/Work.c;workA@b.c 1\nmain@a/Work.c;workB@b.c 5\nother@b.c 9");
    expect(await engine.suggest(options(), "WORK", 2)).toEqual(["a/Work.c", "workB"]);
  });

  it("are not made for requests that are aborted before their turn", async () => {
    const engine = await drawn("main;work 1");
    const order: string[] = [];
    const told = (name: string, promise: Promise<unknown>) =>
      promise.then(
        () => order.push(name),
        (error) => order.push(`${name}: ${error.name}`),
      );
    const controller = new AbortController();
    const all = [
      told("first", engine.top(options())),
      told("second", engine.flame(options(), { limit: 10 }, controller.signal)),
      told("third", engine.tags(options())),
    ];
    controller.abort();
    await Promise.all(all);
    expect(order).toEqual(["second: AbortError", "first", "third"]);
    await expect(engine.top(options(), AbortSignal.abort())).rejects.toMatchObject({
      name: "AbortError",
    });
  });
});
