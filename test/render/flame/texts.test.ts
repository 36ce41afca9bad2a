import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BASE_LABEL } from "../../../src/profile/base-label.js";
import { frameDetails } from "../../../src/render/flame/details.js";
import { Callees } from "../../../src/render/flame/frames.js";
import { makePage } from "../../../src/render/flame/make-page.js";
import { decodePage, encodePage, type FlamePage } from "../../../src/render/flame/page.js";
import { shortName } from "../../../src/render/flame/short-name.js";
import { flame } from "../../../src/report/flame.js";
import { plainSamples } from "../../graph/random-profile.js";
import { inputFor, type Wanted } from "../../support/report-input.js";

function pageOf(text: string, wanted: Wanted = {}): FlamePage {
  const readable = (name: string) => name;
  return makePage(flame(inputFor("flame", text, wanted)), {
    formatTime: String,
    compact: false,
    readable,
  });
}

const BASE = `{${BASE_LABEL.key}=${BASE_LABEL.text}}`;
const TIME = { profile: { types: ["cpu/nanoseconds"] } };

describe("the data of a page", () => {
  it("is read back unchanged, however large the numbers", () => {
    fc.assert(
      fc.property(plainSamples, (samples) => {
        const lines = samples.map(({ stack, values }) => {
          return `${stack.map((names) => names.join(">")).join(";") || "-"} ${values[1]}`;
        });
        const page = pageOf(lines.join("\n"));
        expect(decodePage(encodePage(page))).toEqual(page);
      }),
      { numRuns: 300 },
    );
  });

  it("preserves names of any characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (name) => {
        const page = pageOf("a 1");
        const places = [page.functions[0], { name, file: name, group: "" }];
        expect(decodePage(encodePage({ ...page, functions: places })).functions).toEqual(places);
      }),
    );
  });
});

describe("the title", () => {
  it.each([
    ["a 1500000000", {}, "cpu, 1.50s"],
    ["a[/bin/app]#1 3000000000", {}, "app: cpu, 3s"],
    ["a 1000000\nb 3000000", { focus: "a" }, "cpu, 1ms of 4ms (25.00%)"],
    [
      `a 1000000\na -4000000 ${BASE}`,
      {},
      "cpu, 4ms in the base, 1ms now (-3ms, 75.00% of the base)",
    ],
    ["a 3000000\nb -1000000", {}, "cpu, 3ms more, 1ms less (+2ms, 50.00% of the total)"],
    ["a 3000000", { divide_by: 3, unit: "us" }, "cpu, 1000us"],
  ])("of %j with %j", (text, options, title) => {
    expect(pageOf(text, { ...TIME, options }).title).toBe(title);
  });

  it("is followed by the description of the profile and the filters", () => {
    const options = { focus: "a", hide: "x".repeat(100) };
    const made = pageOf("a 1000", {
      options,
      profile: { ...TIME.profile, comments: ["nightly"], durationNanos: 2000 },
    });
    expect(made.lines).toEqual([
      "nightly",
      "Duration: 2us, Total samples = 1us (50.00%)",
      `Active filters: focus=a, hide=${"x".repeat(75)}…`,
    ]);
  });
});

describe("frameDetails", () => {
  /** Returns the texts about the frame at the end of a path. */
  function told(page: FlamePage, path: string): string[] {
    const source = new Callees(page.tree, 1);
    let frame = source.root;
    for (const name of path.split(";").filter(Boolean)) {
      const next = source
        .next(frame, 0)
        .find(({ functionIndex: place }) => page.functions[place].name === name);
      if (!next) throw new Error(`no frame ${name}`);
      frame = next;
    }
    const beside = frame.parent && {
      label: "Of its caller" as const,
      amounts: source.amounts(frame.parent),
    };
    const { name, notes, figures } = frameDetails(
      page,
      frame.functionIndex,
      source.amounts(frame),
      beside,
    );
    return [name, ...notes, ...figures.map(({ label, text }) => `${label}: ${text}`)];
  }

  it("formats shares of the total and of the caller, and flat values", () => {
    const page = pageOf("a;b@x.go>c@y.go 3000000\na;b@x.go 1000000\nd 12000000", TIME);
    expect(told(page, "a;b")).toEqual([
      "b",
      "x.go",
      "Total (cum): 4ms (25.00%)",
      "Of its caller: 100%",
      "Self (flat): 1ms (6.25%)",
    ]);
    expect(told(page, "a;b;c")).toContain("inlined");
    expect(told(page, "")).toEqual(["all", "Total (cum): 16ms (100%)", "Self (flat): 0 (0%)"]);
  });

  it("formats both sides of a comparison with shares of their own totals", () => {
    const page = pageOf(`a 3000000\nb 1000000\na -2000000 ${BASE}\nc -6000000 ${BASE}`, TIME);
    expect(told(page, "a")).toEqual([
      "a",
      "Base: 2ms (25.00%)",
      "New: 3ms (75.00%)",
      "Change: +1ms, +50.00 points",
      "Self (flat): 2ms → 3ms",
    ]);
    expect(told(page, "b")).toContain("new: not in the base");
    expect(told(page, "c").slice(0, 5)).toEqual([
      "c",
      "gone: only in the base",
      "Base: 6ms (75.00%)",
      "New: 0 (0%)",
      "Change: -6ms, -75.00 points",
    ]);
  });

  it("formats growth and shrinkage if there is no base", () => {
    expect(told(pageOf("a;b 3000000\na;c -1000000", TIME), "a")).toEqual([
      "a",
      "More: 3ms",
      "Less: 1ms",
      "Net: +2ms (50.00%)",
      "Of its caller: 100%",
    ]);
  });
});

describe("shortName", () => {
  it.each([
    ["example.com/orders/pricing.(*Book).Price", 40, "example.com/orders/pricing.(*Book).Price"],
    ["example.com/orders/pricing.(*Book).Price", 30, "orders/pricing.(*Book).Price"],
    ["example.com/orders/pricing.(*Book).Price", 20, "(*Book).Price"],
    ["example.com/orders/pricing.(*Book).Price", 6, "Price"],
    ["example.com/orders/pricing.(*Book).Price", 4, "Pri…"],
    ["example.com/orders/pricing.(*Book).Price", 2, ""],
    ["void sky::KdTree::Search const [clone]", 30, "KdTree::Search const [clone]"],
    ["std::map<a::b, c::d>::find(x::y)", 12, "find(x::y)"],
    ["distance lib/timetable.mjs:104", 26, "distance timetable.mjs:104"],
    ["distance lib/timetable.mjs:104", 10, "distance"],
    ["Visitor.visit esrecurse/…/x.js:95:7", 23, "Visitor.visit x.js:95:7"],
    ["Visitor.visit esrecurse/esrecurse.js:95", 20, "Visitor.visit"],
    ["Visitor.visit esrecurse/esrecurse.js:95", 8, "visit"],
    ["wrapSafe node:internal/modules/cjs/loader:1422", 30, "wrapSafe loader:1422"],
    ["example.com/pricing.(*Book).Price lib/a.go:7", 28, "pricing.(*Book).Price a.go:7"],
    ["lib/timetable.mjs", 12, "timetable.m…"],
  ])("of %j in %i letters is %j", (name, room, expected) => {
    expect(shortName(name, room)).toBe(expected);
  });
});
