import { describe, expect, it } from "vitest";
import { BASE_LABEL } from "../../../src/profile/base-label.js";
import {
  Coloring,
  classOfName,
  type FunctionColor,
  isColorMode,
  labelOf,
  legendOf,
} from "../../../src/render/flame/colors.js";
import { makePage } from "../../../src/render/flame/make-page.js";
import type { FlamePage } from "../../../src/render/flame/page.js";
import { PALETTE, paletteIndex } from "../../../src/render/flame/palette.js";
import { contrast, DARK, LIGHT } from "../../../src/render/flame/themes.js";
import { flame } from "../../../src/report/flame.js";
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

describe("the colours", () => {
  const themes = { LIGHT, DARK };
  it.each(Object.keys(themes) as (keyof typeof themes)[])(
    "of %s leave every text readable",
    (name) => {
      const { page, faint, match, boxes } = themes[name];
      expect(contrast(page.fill, page.text)).toBeGreaterThan(7);
      expect(contrast(page.fill, faint)).toBeGreaterThan(4.5);
      // Names on matches have the colour of the page.
      expect(contrast(page.fill, match)).toBeGreaterThan(4.5);
      for (const [box, { fill, text }] of Object.entries(boxes)) {
        expect({ box, readable: contrast(fill, text) >= 4.5 }).toEqual({ box, readable: true });
      }
    },
  );

  // The vision of eyes without one type of cones, as matrices for linear red, green and blue
  // (Machado, Oliveira and Fernandes 2009, severity 1).
  const SIGHTS = {
    all: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    "no red": [
      0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998,
    ],
    "no green": [
      0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881,
    ],
    "no blue": [
      1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039,
    ],
  };

  /**
   * Converts a perceived colour to CIE L*a*b* for daylight (D65), where a distance of 2 is just
   * visible.
   */
  function seen(color: string, sight: readonly number[]): number[] {
    const linear = [1, 3, 5].map((at) => {
      const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    const row = (matrix: readonly number[], i: number, [a, b, c]: readonly number[]) =>
      matrix[3 * i] * a + matrix[3 * i + 1] * b + matrix[3 * i + 2] * c;
    const through = [0, 1, 2].map((i) => Math.min(1, Math.max(0, row(sight, i, linear))));
    const toXyz = [0.4124, 0.3576, 0.1805, 0.2126, 0.7152, 0.0722, 0.0193, 0.1192, 0.9505];
    const [x, y, z] = [0.95047, 1, 1.08883].map((white, i) => {
      const part = row(toXyz, i, through) / white;
      return part > 216 / 24389 ? Math.cbrt(part) : (part * 24389) / 27 / 116 + 16 / 116;
    });
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
  }

  it.each(
    (["LIGHT", "DARK"] as const).flatMap((name) =>
      Object.entries(SIGHTS).map(([eyes, sight]) => ({ name, eyes, sight })),
    ),
  )("of $name can be distinguished by eyes with $eyes cones", ({ name, sight }) => {
    const { boxes, match } = themes[name];
    const color = (box: string) => seen(box === "match" ? match : boxes[box].fill, sight);
    const apart = (a: string, b: string) => ({
      pair: `${a} ${b}`,
      far: Math.round(Math.hypot(...color(a).map((part, i) => part - color(b)[i]))),
    });
    const groups = Object.keys(boxes).filter((box) => /^g\d|^gc$/.test(box));
    expect(groups).toHaveLength(33);
    const pairs = groups.flatMap((a, i) => groups.slice(0, i).map((b) => apart(a, b)));
    expect(pairs.filter(({ far }) => far < 6)).toEqual([]);
    // Two packages at random look clearly different: nineteen of twenty pairs.
    const similar = pairs.filter(({ far }) => far < 10);
    expect(similar.length / pairs.length).toBeLessThan(0.06);
    const plain = ["match", "all", "none"].flatMap((box) => groups.map((a) => apart(a, box)));
    expect(plain.filter(({ far }) => far < 6)).toEqual([]);
    // Compare growth and shrinkage of each size, and both with the colour for unchanged.
    const changes = [0, 1, 2, 3, 4].map((step) => apart(`u${step}`, `d${step}`));
    expect(changes.filter(({ far }) => far < 14)).toEqual([]);
    const neutral = ["u1", "u4", "d1", "d4"].map((box) => apart(box, "none"));
    expect(neutral.filter(({ far }) => far < 10)).toEqual([]);
  });

  it("of a name have the same hue in both themes", () => {
    const hue = (color: string) => {
      const [, a, b] = seen(color, SIGHTS.all);
      return (Math.atan2(b, a) * 180) / Math.PI;
    };
    const turns = PALETTE.light.map((light, i) => {
      const turn = Math.abs(hue(light) - hue(PALETTE.dark[i])) % 360;
      return { i, turn: Math.round(Math.min(turn, 360 - turn)) };
    });
    expect(turns.filter(({ turn }) => turn > 25)).toEqual([]);
  });
});

describe("the colour of a name", () => {
  it("depends on nothing but the name", () => {
    // Users know these colours, and compare screenshots: do not change them.
    const names = ["main", "runtime", "encoding/json", "node:fs", "(own code)", "std", ""];
    expect(names.map(classOfName)).toEqual(["g31", "g28", "g11", "g26", "g31", "g0", "g28"]);
    expect(classOfName("(garbage collector)")).toBe("gc");
  });

  it("differs for packages that often occur together", () => {
    const go = ["main", "runtime", "sync", "net/http", "encoding/json", "fmt", "sort", "bufio"];
    const node = ["(own code)", "node:fs", "node:net", "node:http", "node:stream", "(program)"];
    for (const names of [go, [...node, "(native)", "(idle)", "typescript", "fastify"]]) {
      expect(new Set(names.map(paletteIndex)).size).toBe(names.length);
    }
  });

  it("is spread evenly over the palette", () => {
    const counts = new Uint32Array(PALETTE.light.length);
    for (let i = 0; i < 32_000; i++) counts[paletteIndex(`example.com/team/package${i}`)]++;
    expect(Math.min(...counts)).toBeGreaterThan(850);
    expect(Math.max(...counts)).toBeLessThan(1150);
  });
});

describe("the meaning of colours", () => {
  const classesOf = (page: FlamePage, mode: FunctionColor) => {
    const coloring = new Coloring(page);
    return page.functions.map(({ name }, fn) => `${name} ${coloring.classOf(fn, mode, 1, 0)}`);
  };

  it("is the package, the function, the file or the own share", () => {
    const page = pageOf("x.a@f.go;y.b@g.go 9\nx.a@f.go 1\nx.c@g.go 4");
    const [x, y] = [classOfName("x"), classOfName("y")];
    expect(classesOf(page, "package")).toEqual(["all all", `x.a ${x}`, `y.b ${y}`, `x.c ${x}`]);
    expect(classesOf(page, "function")[2]).toBe(`y.b ${classOfName("y.b")}`);
    expect(classesOf(page, "file")[3]).toBe(`x.c ${classOfName("g.go")}`);
    expect(classesOf(page, "self")).toEqual(["all all", "x.a h3", "y.b h8", "x.c h6"]);
    const coloring = new Coloring(page);
    expect(coloring.defaultMode).toBe("package");
    expect(coloring.modes).toEqual(["package", "function", "file", "self"]);
    const { swatches, rest } = coloring.legend("package");
    expect(swatches.map(({ meaning }) => meaning)).toEqual(["x", "y"]);
    expect(rest).toBe(0);
  });

  it("stays the same when a filter leaves one package, or two functions", () => {
    const text = "x.a;y.b 9\nx.a 1\nx.c 4";
    const whole = classesOf(pageOf(text), "package");
    const page = pageOf(text, { options: { focus: "x.c" } });
    expect(new Coloring(page).defaultMode).toBe("package");
    expect(whole).toContain(classesOf(page, "package")[1]);
  });

  it("is the function if all code of the profile is in one package", () => {
    const coloring = new Coloring(pageOf("x.a;x.b 9\nx.c 4"));
    expect(coloring.defaultMode).toBe("function");
    expect(coloring.modes).toEqual(["function", "self"]);
    const { swatches } = coloring.legend("function");
    expect(swatches.map(({ meaning }) => meaning)).toEqual(["x.a", "x.b", "x.c"]);
  });

  it("is the change in a comparison", () => {
    const coloring = new Coloring(pageOf(`a 1\na -1 ${BASE}`));
    expect(coloring.defaultMode).toBe("diff");
    const change = (plus: number, minus: number) => coloring.classOf(1, "diff", plus, minus);
    expect([change(1, 0), change(2, 1), change(1000, 999), change(1, 2), change(0, 1)]).toEqual([
      ...["u4", "u1", "none", "d1", "d4"],
    ]);
  });

  it("can be read from an address", () => {
    expect(["package", "diff", "label:region"].filter(isColorMode)).toHaveLength(3);
    expect(["", "label:", "toString", "group"].filter(isColorMode)).toEqual([]);
    expect(labelOf("label:a:b")).toBe("a:b");
  });

  it("is explained for the largest areas, and others are counted", () => {
    const areas = new Map(Array.from({ length: 30 }, (_, i) => [`p${i}`, 30 - i]));
    const { swatches, rest } = legendOf(areas);
    expect([swatches.length, swatches[0].meaning, rest]).toEqual([10, "p0", 20]);
    const shown = (entries: [string, number][]) =>
      legendOf(new Map(entries), undefined, new Set(["own"])).swatches.map((one) => one.meaning);
    expect(
      shown([
        ["small", 1],
        ["large", 99],
        ["own", 1],
      ]),
    ).toEqual(["own", "large", "small"]);
    const many = Array.from({ length: 20 }, (_, i): [string, number] => [`tiny${i}`, 0.01]);
    expect(shown([["large", 99], ...many])).toHaveLength(6);
  });
});
