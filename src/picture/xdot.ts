import { restoreText } from "../render/graphviz-text.js";
import type { Arrow, Box, Color, Drawing, Point, Shape, Stroke, TextLine } from "./drawing.js";

/**
 * The parts of Graphviz's `json` output that are used here: attributes as text, and lists of
 * drawing operations. The y axis points up.
 * https://graphviz.org/docs/outputs/json/ and https://graphviz.org/docs/outputs/canon/#xdot
 */
export interface GraphJson {
  readonly name: string;
  /** The bounding box: `left,bottom,right,top`. */
  readonly bb: string;
  /** First `_subgraph_cnt` subgraphs, then the nodes. */
  readonly objects?: readonly (ClusterJson | NodeJson)[];
  readonly edges?: readonly EdgeJson[];
  readonly _subgraph_cnt?: number;
}

interface ClusterJson {
  readonly _gvid: number;
  readonly pos?: undefined;
  readonly nodes?: readonly number[];
}

interface Drawn {
  /** For a node: the center as `x,y`, in points. */
  readonly pos?: string;
  readonly _draw_?: readonly Operation[];
  readonly _hdraw_?: readonly Operation[];
  readonly _tdraw_?: readonly Operation[];
  readonly _ldraw_?: readonly Operation[];
  readonly tooltip?: string;
}

interface NodeJson extends Drawn {
  readonly _gvid: number;
  readonly name: string;
  readonly shape?: string;
}

interface EdgeJson extends Drawn {
  readonly tail: number;
  readonly head: number;
}

type Operation =
  | { readonly op: "c" | "C"; readonly grad: "none"; readonly color: string }
  | { readonly op: "c" | "C"; readonly grad: "linear" | "radial" }
  | { readonly op: "P" | "p" | "L" | "B" | "b"; readonly points: readonly Point[] }
  | { readonly op: "E" | "e"; readonly rect: readonly [number, number, number, number] }
  | { readonly op: "S"; readonly style: string }
  | { readonly op: "F"; readonly size: number }
  | {
      readonly op: "T";
      readonly pt: Point;
      readonly align: "l" | "c" | "r";
      readonly width: number;
      readonly text: string;
    }
  | { readonly op: "t" | "I" };

/** The margin around the graph, in points. */
const MARGIN = 12;

/** Converts Graphviz's output. `restore` returns long texts that {@link LongTexts} replaced. */
export function readXdot(
  graph: GraphJson,
  restore: (text: string) => string = (text) => text,
): Drawing {
  const attribute = (text: string) => attributeText(restore(text));
  const [left, bottom, right, top] = graph.bb.split(",").map(Number);
  const toDrawing = ([x, y]: Point): Point => [
    round(x - left + MARGIN),
    round(Math.max(top, bottom) - y + MARGIN),
  ];
  const title = attribute(graph.name);
  const objects = graph.objects ?? [];
  const clusters = objects.slice(0, graph._subgraph_cnt ?? 0) as readonly ClusterJson[];
  const nodes = objects.slice(clusters.length) as readonly NodeJson[];
  const inCluster = new Set(clusters.flatMap((cluster) => cluster.nodes ?? []));
  const indices = new Map(nodes.map((node, index) => [node._gvid, index]));

  const boxes = nodes.map((node): Box => {
    const kind = inCluster.has(node._gvid) ? "legend" : node.shape === "box3d" ? "tag" : "node";
    const { shapes, lines } = draw(node, toDrawing);
    return {
      kind,
      name: node.name,
      tooltip: attribute(node.tooltip ?? ""),
      shapes: kind === "node" ? shapes : shapes.map(soften),
      lines,
    };
  });
  const arrows = (graph.edges ?? []).map((edge): Arrow => {
    const from = indices.get(edge.tail);
    const to = indices.get(edge.head);
    if (from === undefined || to === undefined)
      throw new Error("an edge refers to an unknown node");
    return { from, to, tooltip: attribute(edge.tooltip ?? ""), ...draw(edge, toDrawing) };
  });
  return {
    title,
    width: round(right - left + 2 * MARGIN),
    height: round(Math.abs(top - bottom) + 2 * MARGIN),
    boxes,
    arrows,
  };
}

const GRAY = "#8b929c";

/** Outlines labels and the legend in gray instead of black, so that nodes stand out. */
function soften(shape: Shape): Shape {
  const { stroke } = shape;
  return stroke.color === BLACK ? { ...shape, stroke: { ...stroke, color: GRAY } } : shape;
}

/** Decodes the text of an attribute, in which Graphviz escapes `&` and line ends. */
function attributeText(text: string): string {
  return restoreText(text.replace(/\\[nlr]/g, "\n").replaceAll("&amp;", "&"));
}

const BLACK = "#000000";
const PLAIN: Stroke = { color: BLACK, width: 1, dash: "solid" };

function draw(
  { _draw_ = [], _hdraw_ = [], _tdraw_ = [], _ldraw_ = [] }: Drawn,
  toDrawing: (point: Point) => Point,
): { shapes: Shape[]; lines: TextLine[] } {
  const shapes: Shape[] = [];
  const lines: TextLine[] = [];
  for (const operations of [_draw_, _hdraw_, _tdraw_, _ldraw_]) {
    let stroke = PLAIN;
    let fill: Color | undefined;
    let size = 14;
    for (const operation of operations) {
      switch (operation.op) {
        case "c":
          stroke = { ...stroke, color: colorOf(operation) ?? BLACK };
          break;
        case "C":
          fill = colorOf(operation);
          break;
        case "S":
          stroke = styled(stroke, operation.style);
          break;
        case "F":
          size = operation.size;
          break;
        case "P":
        case "p":
          shapes.push(
            closed(operation.points.map(toDrawing), paint(operation.op === "P", fill, stroke)),
          );
          break;
        case "B":
        case "b":
          shapes.push({
            kind: "curve",
            points: operation.points.map(toDrawing),
            ...paint(operation.op === "B", fill, stroke),
          });
          break;
        case "L":
          shapes.push({ kind: "polyline", points: operation.points.map(toDrawing), stroke });
          break;
        case "E":
        case "e": {
          const [x, y, rx, ry] = operation.rect;
          const [cx, cy] = toDrawing([x, y]);
          shapes.push({
            kind: "ellipse",
            cx,
            cy,
            rx,
            ry,
            ...paint(operation.op === "E", fill, stroke),
          });
          break;
        }
        case "T": {
          const [x, y] = toDrawing(operation.pt);
          const anchor = ANCHORS[operation.align];
          const { width } = operation;
          const text = restoreText(operation.text);
          lines.push(...trimmed({ text, x, y, anchor, size, width, color: stroke.color }));
        }
      }
    }
  }
  return { shapes, lines };
}

const ANCHORS = { l: "start", c: "middle", r: "end" } as const;

/** The width of a space, as a share of the font's size. */
const SPACE_WIDTH = 0.278;

/** Removes the outer spaces of a line, which pictures do not keep. A blank line gives nothing. */
function trimmed(line: TextLine): TextLine[] {
  const text = line.text.trim();
  if (text === "") return [];
  const before = line.text.indexOf(text) * SPACE_WIDTH * line.size;
  const after = (line.text.length - text.length) * SPACE_WIDTH * line.size - before;
  const shift = { start: before, middle: (before - after) / 2, end: -after }[line.anchor];
  return [{ ...line, text, x: round(line.x + shift), width: round(line.width - before - after) }];
}

function paint(filled: boolean, fill: Color | undefined, stroke: Stroke) {
  return filled && fill !== undefined ? { fill, stroke } : { stroke };
}

/** Returns the color of an operation if it is valid; renderers can then use it without escaping. */
function colorOf(operation: Operation & { op: "c" | "C" }): Color | undefined {
  const color = operation.grad === "none" ? operation.color : "";
  return /^#[0-9a-f]{6}(?:[0-9a-f]{2})?$/.test(color) ? color : undefined;
}

function styled(stroke: Stroke, style: string): Stroke {
  const width = /^setlinewidth\(([0-9.]+)\)$/.exec(style)?.[1];
  if (width !== undefined) return { ...stroke, width: Number(width) };
  if (style === "bold") return { ...stroke, width: 2 };
  if (style === "solid" || style === "dashed" || style === "dotted")
    return { ...stroke, dash: style };
  return stroke;
}

/** Returns a rectangle if the corners lie along the axes, and otherwise a polygon. */
function closed(points: readonly Point[], paint: { fill?: Color; stroke: Stroke }): Shape {
  const [[ax, ay], [bx, by], [cx, cy], [dx, dy]] = points.length === 4 ? points : NO_CORNERS;
  const isRectangle =
    (ax === bx && by === cy && cx === dx && dy === ay) ||
    (ay === by && bx === cx && cy === dy && dx === ax);
  if (!isRectangle) return { kind: "polygon", points, ...paint };
  return {
    kind: "rectangle",
    x: Math.min(ax, cx),
    y: Math.min(ay, cy),
    width: round(Math.abs(cx - ax)),
    height: round(Math.abs(cy - ay)),
    ...paint,
  };
}

const NOWHERE: Point = [Number.NaN, Number.NaN];
const NO_CORNERS = [NOWHERE, NOWHERE, NOWHERE, NOWHERE] as const;

/** Rounds to hundredths of a point, the precision of Graphviz. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
