import { Graphviz } from "@hpcc-js/wasm-graphviz";
import { describe, expect, it } from "vitest";
import { UserError } from "../../src/errors/user-error.js";
import type { Drawing, Point, Shape } from "../../src/picture/drawing.js";
import { layOut } from "../../src/picture/layout.js";
import { readXdot } from "../../src/picture/xdot.js";
import { countEdges } from "../../src/render/graphviz-text.js";
import {
  debianDot,
  fixtureGraph,
  graphText,
  HOSTILE_NAMES,
  hostileGraph,
} from "../support/graph-text.js";

/** Two boxes of an inch by half an inch, one above the other, as far apart as Graphviz has it. */
const TWO = graphText(
  'N1 [label="up\\n1s" shape=box width=1 height=0.5 fixedsize=true color="#b20000" style=filled fillcolor="#edd5d5" tooltip="main.up (1s)"]',
  'N2 [label="down" shape=box width=1 height=0.5 fixedsize=true]',
  'N1 -> N2 [penwidth=3 style=dotted color="#b2a999" tooltip="main.up ... main.down"]',
);

describe("layOut", () => {
  it("positions shapes and texts from the top left", async () => {
    const { title, width, height, boxes, arrows } = await layOut(TWO);
    // 12 points around; 36 and 36 for the boxes, 36 between them.
    expect({ title, width, height }).toEqual({ title: "test", width: 72 + 24, height: 108 + 24 });
    expect(boxes.map(({ kind, name, tooltip }) => [kind, name, tooltip])).toEqual([
      ["node", "N1", "main.up (1s)"],
      ["node", "N2", ""],
    ]);
    expect(boxes[0].shapes).toEqual([
      {
        kind: "rectangle",
        x: 12,
        y: 12,
        width: 72,
        height: 36,
        fill: "#edd5d5",
        stroke: { color: "#b20000", width: 1, dash: "solid" },
      },
    ]);
    expect(boxes[1].shapes[0]).toMatchObject({ x: 12, y: 84 });
    expect(boxes[1].shapes[0]).not.toHaveProperty("fill");
    expect(boxes[0].lines).toMatchObject([
      { text: "up", x: 48, anchor: "middle", size: 14 },
      { text: "1s", x: 48, anchor: "middle", size: 14 },
    ]);
    const [{ from, to, tooltip, shapes }] = arrows;
    expect({ from, to, tooltip }).toEqual({ from: 0, to: 1, tooltip: "main.up ... main.down" });
    const [line, head] = shapes as (Shape & { points: Point[] })[];
    expect(line).toMatchObject({
      kind: "curve",
      stroke: { color: "#b2a999", width: 3, dash: "dotted" },
    });
    expect(line.points.every(([x]) => x === 48)).toBe(true);
    expect(line.points[0][1]).toBeCloseTo(48, 0);
    expect(head).toMatchObject({ kind: "polygon", fill: "#b2a999", stroke: { dash: "solid" } });
  });

  it("distinguishes boxes of nodes, of labels and of the legend", async () => {
    const { boxes } = await layOut(fixtureGraph("go-heap.pb.gz"));
    const count = (kind: string) => boxes.filter((box) => box.kind === kind).length;
    expect(boxes[0].kind).toBe("legend");
    expect(boxes[0].lines[1].text).toBe("Type: inuse_space");
    expect(count("legend")).toBe(1);
    expect(boxes.filter(({ name }) => /^N\d+$/.test(name))).toHaveLength(count("node"));
    expect(boxes.filter(({ name }) => /^NN\d+_\d+$/.test(name))).toHaveLength(count("tag"));
    expect(count("tag")).toBeGreaterThan(10);
  });

  it("places the labels of edges without the spaces around them", async () => {
    const { arrows } = await layOut(graphText('A -> B [label=" 12s" fontsize=10]'));
    const [{ shapes, lines }] = arrows;
    const [line] = shapes as (Shape & { points: Point[] })[];
    const [{ text, x, width }] = lines;
    expect(text).toBe("12s");
    // A blank of Arial's is 2.78 of 10 points wide.
    expect(x - width / 2).toBeGreaterThan(line.points[0][0] + 2.7);
  });

  it("has the geometry of Graphviz's own SVG", async () => {
    for (const fixture of ["go-heap.pb.gz", "go-cpu.pb.gz"]) {
      const dot = fixtureGraph(fixture);
      const drawing = await layOut(dot);
      const fonts = 'graph [fontname="Arial"]\nnode [fontname="Arial"]\nedge [fontname="Arial"]\n';
      const graphviz = await Graphviz.load();
      // An empty line is one with a blank, as Graphviz may crash on it.
      const filled = dot.replaceAll("\\l\\l", "\\l \\l");
      const svg = graphviz.layout(filled.replace(" {\n", ` {\n${fonts}`), "svg", "dot");
      const ours = pointsOf(drawing);
      const theirs = pointsOfSvg(svg, drawing.height);
      expect(ours).toHaveLength(theirs.length);
      const near = ([x, y]: Point) =>
        theirs.some(([tx, ty]) => Math.abs(x - tx) < 0.02 && Math.abs(y - ty) < 0.02);
      expect(ours.filter((point) => !near(point))).toEqual([]);
    }
  });

  it("has the geometry of an older Graphviz where fonts do not matter", async () => {
    const edges = ["A -> B", "A -> C", "B -> D", "C -> D", "A -> D", "D -> A", "C -> C", "D -> E"];
    const dot = graphText("node [shape=box width=1 height=0.5 fixedsize=true]", ...edges);
    const ours = await layOut(dot);
    const theirs = readXdot(JSON.parse(debianDot(dot, "json")));
    expect(ours.boxes.map(({ name }) => name)).toEqual(theirs.boxes.map(({ name }) => name));
    const ends = ({ arrows }: Drawing) => arrows.map(({ from, to }) => `${from} -> ${to}`).sort();
    expect(ends(ours)).toEqual(ends(theirs));
    ours.boxes.forEach(({ shapes: [shape] }, i) => {
      const [other] = theirs.boxes[i].shapes;
      if (shape.kind !== "rectangle" || other.kind !== "rectangle") throw new Error("no boxes");
      expect(Math.abs(shape.x - other.x)).toBeLessThan(2);
      expect(Math.abs(shape.y - other.y)).toBeLessThan(2);
    });
  });

  it("shows hostile names as text, and nothing of them is lost or obeyed", async () => {
    const { boxes, arrows } = await layOut(hostileGraph());
    expect(boxes).toHaveLength(HOSTILE_NAMES.length);
    expect(arrows).toHaveLength(HOSTILE_NAMES.length - 1);
    const words = boxes.map(({ lines }) => lines.map(({ text }) => text));
    for (let i = 0; i < 8; i++) expect(words[i]).toEqual([HOSTILE_NAMES[i]]);
    expect(words[8]).toEqual(["a\\x01b\\x1bc\\x7fd\\x85e"]);
    expect(words[9]).toEqual(["half \ufffd pair, not \ufffe or \uffff"]);
    expect(words[10]).toEqual(["right \\u202eto\\u202c left"]);
    expect(words[12][0]).toBe("line");
    expect(boxes[7].tooltip).toBe(`${HOSTILE_NAMES[7]} (1s)`);
    expect(boxes[12].tooltip).toBe("line\nbreak\\x0d\ttab (1s)");
  });

  it("makes boxes wide enough for characters whose widths Graphviz does not know", async () => {
    const { boxes } = await layOut(
      graphText('A [shape=box label="世界の関数名前" fontsize=20]', 'B [shape=box label="abc"]'),
    );
    const [{ shapes, lines }, { shapes: others }] = boxes;
    expect(lines[0].width).toBeGreaterThan(7 * 20);
    expect((shapes[0] as Shape & { width: number }).width).toBeGreaterThan(lines[0].width);
    expect(others[0]).toMatchObject({ width: 54 });
  });

  it("cuts what is too long to draw, line by line, and keeps it in full beside", async () => {
    const name = `start${"x".repeat(300_000)}end`;
    const { boxes, width } = await layOut(
      graphText(`A [label="main\\n${name}\\n1s" tooltip="main.${name} (1s)"]`),
    );
    const words = boxes[0].lines.map(({ text }) => text);
    expect(words).toEqual(["main", expect.stringMatching(/^startx+…x+end$/), "1s"]);
    expect(words[1]).toHaveLength(200);
    expect(width).toBeLessThan(3000);
    expect(boxes[0].tooltip).toBe(`main.${name} (1s)`);
  });

  it("cuts labels of very many lines", async () => {
    const parts = Array.from({ length: 50_000 }, (_, i) => `p${i}`);
    const { boxes, height } = await layOut(graphText(`A [label="${parts.join("\\n")}"]`));
    const words = boxes[0].lines.map(({ text }) => text);
    expect(words).toHaveLength(40);
    expect([words[0], words[26], words[39]]).toEqual(["p0", "…", "p49999"]);
    expect(height).toBeLessThan(1000);
  });

  it("rejects with one line what cannot be laid out, and works afterwards", async () => {
    const failure = await layOut(graphText("A -> ")).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UserError);
    expect(String(failure)).toMatch(/^UserError: Graphviz cannot lay .*-nodecount=20[^\n]*$/);
    // Graphviz's own words are for those who look for the fault.
    expect(String((failure as Error).cause)).toMatch(/syntax error/);
    await expect(layOut("graph of nothing")).rejects.toThrow(UserError);
    const calls = Array.from({ length: 5001 }, (_, i) => `N${i % 70} -> N${i % 71}`);
    await expect(layOut(graphText(...calls))).rejects.toThrow(/^5001 calls .*-nodecount=80/);
    expect((await layOut(TWO)).boxes).toHaveLength(2);
  });

  it("takes seconds, not minutes, for a tangle of calls", async () => {
    let seed = 1;
    const random = (below: number) => {
      seed = (seed * 48271) % 2147483647;
      return seed % below;
    };
    const calls = Array.from({ length: 1000 }, () => `N${random(80)} -> N${random(80)} [label=x]`);
    const dot = graphText(...calls);
    expect(countEdges(dot)).toBe(1000);
    const start = performance.now();
    expect((await layOut(dot)).arrows).toHaveLength(1000);
    expect(performance.now() - start).toBeLessThan(30_000);
  });

  it("draws few calls as straight lines where they span most of a long chain", async () => {
    const chain = Array.from({ length: 79 }, (_, i) => `N${i} -> N${i + 1} [label=x]`);
    const across = Array.from({ length: 120 }, (_, i) => {
      return `N${(i * 7) % 20} -> N${60 + ((i * 11) % 20)} [label=x]`;
    });
    const start = performance.now();
    const { arrows } = await layOut(graphText(...chain, ...across));
    // As curves, they take half a minute on a fast machine.
    expect(performance.now() - start).toBeLessThan(15_000);
    expect(arrows).toHaveLength(199);
    expect(arrows.every(({ shapes }) => pointsOfArrow(shapes).length <= STRAIGHT)).toBe(true);
    const ordinary = await layOut(fixtureGraph("go-heap.pb.gz"));
    expect(ordinary.arrows.some(({ shapes }) => pointsOfArrow(shapes).length > STRAIGHT)).toBe(
      true,
    );
  });
});

/** A straight line has no more points, also where it bends around another between its ends. */
const STRAIGHT = 7;

/** The points of an arrow's line. */
function pointsOfArrow(shapes: readonly Shape[]): readonly Point[] {
  const [line] = shapes as readonly (Shape & { points: readonly Point[] })[];
  return line.points;
}

/** All points of all shapes. */
function pointsOf({ boxes, arrows }: Drawing): Point[] {
  return [...boxes, ...arrows].flatMap(({ shapes }) =>
    shapes.flatMap((shape): readonly Point[] => {
      if (shape.kind === "ellipse") throw new Error("no ellipses here");
      if (shape.kind !== "rectangle") return shape.points;
      const { x, y, width, height } = shape;
      return [
        [x, y],
        [x + width, y],
        [x + width, y + height],
        [x, y + height],
      ];
    }),
  );
}

/** The same of Graphviz's SVG, which has its zero at the bottom and closes outlines itself. */
function pointsOfSvg(svg: string, height: number): Point[] {
  const shapes = svg.slice(svg.indexOf('class="node"')).matchAll(/ (points|d)="([^"]+)"/g);
  return [...shapes].flatMap(([, kind, text]) => {
    const points = [...text.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(
      ([, x, y]): Point => [Number(x) + 12, Number(y) + height - 12],
    );
    const isClosed = kind === "points" && points[0].join() === points.at(-1)?.join();
    return isClosed ? points.slice(0, -1) : points;
  });
}
