import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderFlameSvg } from "../../src/render/flame-svg.js";
import { flame } from "../../src/report/flame.js";
import { plainSamples } from "../graph/random-profile.js";
import { inputFor, type Wanted } from "../support/report-input.js";

const OPTIONS = {
  formatTime: String,
  compact: false,
  readable: (text: string) => text,
  script: "",
};

function render(text: string, wanted: Wanted = {}, options: Partial<typeof OPTIONS> = {}): string {
  const report = flame(inputFor("flame", text, wanted));
  return [...renderFlameSvg(report, { ...OPTIONS, ...options })].join("");
}

/** Returns the first line of the title of each box, and its position in pixels. */
function boxesIn(svg: string) {
  const BOX =
    /class="box (\w+)" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" [^>]*><title>(.*?)&#10;/g;
  return [...svg.matchAll(BOX)].map(([, color, x, y, width, name]) => ({
    name,
    color,
    x: Number(x),
    y: Number(y),
    width: Number(width),
  }));
}

describe("renderFlameSvg", () => {
  it("draws boxes in proportion to their values, callers above callees", () => {
    const boxes = boxesIn(render("main;work 30\nmain 10\nidle 60"));
    const top = boxes[0].y;
    expect(boxes.map(({ name, x, y, width }) => [name, x, (y - top) / 18, width])).toEqual([
      ["all", 10, 0, 1180],
      ["idle", 10, 1, 708],
      ["main", 718, 1, 472],
      ["work", 718, 2, 354],
    ]);
  });

  it("keeps every box within its caller, and each level within the width", () => {
    fc.assert(
      fc.property(plainSamples, (samples) => {
        const lines = samples.map(({ stack, values }) => {
          return `${stack.map((names) => names.join(">")).join(";") || "-"} ${values[1]}`;
        });
        const levels = new Map<number, { from: number; to: number }[]>();
        for (const { x, y, width } of boxesIn(render(lines.join("\n")))) {
          const from = Math.round(x * 100);
          // Positions are whole hundredths, so no precision is lost.
          expect(from / 100).toBe(x);
          const to = from + Math.round(width * 100);
          const level = levels.get(y) ?? [];
          levels.set(y, level);
          expect(from).toBeGreaterThanOrEqual(level.at(-1)?.to ?? 1000);
          level.push({ from, to });
          if (levels.size === 1) expect({ from, to }).toEqual({ from: 1000, to: 119_000 });
          const below = levels.get(y - 18);
          const lies = below?.some((one) => one.from <= from && to <= one.to);
          expect(lies ?? true).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("escapes names", () => {
    const name = `</title><script>alert(1)</script>" onload="x]]>&amp;`;
    const readable = (text: string) => (text === "evil" ? name : text);
    const svg = render("evil 1", {}, { script: "a&&b]]>c", readable });
    // The only script is the picture's own.
    expect(svg.match(/<script/g)).toHaveLength(1);
    expect(svg).toContain("<script><![CDATA[a&&b]]]]><![CDATA[>c]]></script>");
    expect(svg).not.toContain('" onload');
    expect(boxesIn(svg)[1].name).toBe(
      "&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&quot;x]]&gt;&amp;amp;",
    );
  });

  it("loads nothing", () => {
    const svg = render("a;b 1");
    expect(svg.match(/https?:[^"]*/g)).toEqual(["http://www.w3.org/2000/svg"]);
    expect(svg).not.toMatch(/href|@import|url\(/);
  });

  it("limits the size, however long the names and comments of a profile are", () => {
    const long = "n".repeat(100_000);
    const stacks = Array.from({ length: 200 }, (_, i) => `f${i};${long} 1`).join("\n");
    const comments = Array.from({ length: 100 }, () => long);
    const svg = render(stacks, { profile: { comments } });
    // The name occurs once in full, and its beginning in every tooltip.
    expect(svg.length).toBeGreaterThan(long.length + 200 * 700);
    expect(svg.length).toBeLessThan(3 * long.length + 200 * 1200);
  });

  it("lists what it leaves out", () => {
    const many = Array.from({ length: 300 }, (_, i) => `small${i} 1`).join("\n");
    const svg = render(`large 1000000\n${many}`);
    expect(boxesIn(svg).map(({ name }) => name)).toEqual(["all", "large"]);
    expect(svg).toContain(">300 frames narrower than 0.5 px not drawn; open the file in a browser");
    const deep = render(`${Array.from({ length: 100_000 }, (_, i) => `f${i % 9}`).join(";")} 1`);
    expect(boxesIn(deep)).toHaveLength(150);
    expect(deep).toContain(">99,851 frames beyond 150 levels not drawn; ");
    expect(render("a 0")).toContain("No stack has a value.");
  });

  it("uses the colours of changes in comparisons", () => {
    const base = "{pprof::base=true}";
    const boxes = boxesIn(render(`a 1\nb 5\nc 2\na -1 ${base}\nb -3 ${base}\nd -4 ${base}`));
    const colors = Object.fromEntries(boxes.map(({ name, color }) => [name, color]));
    expect(colors).toEqual({ all: "none", b: "u1", d: "d4", c: "u4", a: "none" });
  });
});
