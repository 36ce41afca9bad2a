import { darkFill, darkStroke } from "../../render/dark-colors.js";
import { restoreText } from "../../render/graphviz-text.js";
import type { DrawnGraph, GraphToDraw } from "./renderer.js";

/** An element of Graphviz's picture, as d3-graphviz keeps it before it enters the page. */
export interface GraphElement {
  readonly tag: string;
  /** Identifies the element from one graph to the next; for a node, its id in the DOT text. */
  key: string;
  attributes: Record<string, string | null>;
  children: GraphElement[];
  text?: string;
  readonly translation?: { readonly x: number; readonly y: number };
  readonly center?: { readonly x: number | string; readonly y: number | string };
  /** The path at which an animation starts. */
  alternativeOld?: unknown;
}

/** Returns the size of the graph and the centres of its nodes, in points from the top left. */
export function readLayout(svg: GraphElement): Omit<DrawnGraph, "settled"> {
  const [, , width, height] = (svg.attributes.viewBox ?? "0 0 1 1").split(" ").map(Number);
  const centers = new Map<string, readonly [x: number, y: number]>();
  for (const graph of svg.children) {
    const { x, y } = graph.translation ?? { x: 0, y: 0 };
    for (const node of graph.children) {
      if (node.attributes?.class !== "node") continue;
      const center = node.children.find((child) => child.center)?.center;
      if (center) centers.set(node.key, [x + Number(center.x), y + Number(center.y)]);
    }
  }
  return { width, height, centers };
}

/** Adapts an element to the page: its colours, names, and attributes for assistive technology. */
export function adaptElement(element: GraphElement, { isDark, labels }: GraphToDraw): void {
  const { tag, attributes, children } = element;
  if (tag === "#text") {
    if (element.text !== undefined) element.text = restoreText(element.text);
    return;
  }
  if (tag === "title") {
    // Browsers would show the ids as tooltips.
    element.children = [];
    return;
  }
  // Ids of the picture could collide with those of the page.
  delete attributes.id;
  if (tag === "svg") {
    // One point becomes one pixel; the page then scales the picture.
    const [, , width, height] = (attributes.viewBox ?? "").split(" ");
    Object.assign(attributes, { width, height, focusable: "false" });
  }
  if (tag === "g") dressGroup(element, labels);
  for (const name of ["fill", "stroke"] as const) {
    const color = attributes[name];
    if (color) attributes[name] = colorOf(color, name, isDark);
  }
  if (tag === "g" && attributes.class === "graph") {
    // The page draws the background.
    element.children = children.filter(
      (child) => child.tag !== "polygon" && child.attributes?.class !== "cluster",
    );
  }
}

function dressGroup(element: GraphElement, labels: ReadonlyMap<string, string>): void {
  const { attributes, key, children } = element;
  switch (attributes.class) {
    case "node": {
      const label = labels.get(key);
      attributes["data-id"] = key;
      if (label === undefined) {
        attributes.class = children.some(({ tag }) => tag === "polyline") ? "tag" : "legend";
        return;
      }
      attributes.role = "graphics-symbol";
      attributes["aria-roledescription"] = "function";
      attributes["aria-label"] = label;
      attributes.tabindex = "-1";
      return;
    }
    case "edge": {
      attributes["data-id"] = key;
      // The labels of nodes already name callers and callees.
      attributes["aria-hidden"] = "true";
      const line = children.find(({ tag }) => tag === "path");
      const hit = line && hitArea(line);
      if (hit) element.children = [hit, ...children];
    }
  }
}

/** Returns an invisible wide line, because edges are too thin to point at. */
function hitArea(line: GraphElement): GraphElement {
  const { d } = line.attributes;
  const { alternativeOld } = line;
  return {
    tag: "path",
    key: "hit",
    attributes: { class: "hit", d, fill: "none" },
    children: [],
    ...(alternativeOld === undefined ? {} : { alternativeOld }),
  };
}

/** Colour names that Graphviz writes when the DOT text sets no colour. */
const NAMED_COLORS: Readonly<Record<string, string>> = {
  black: "#000000",
  white: "#ffffff",
  lightgrey: "#d3d3d3",
};

/** The colour of lines that are black in the DOT text: they frame minor parts. */
const SOFT_LINE = "#8b929c";

function colorOf(color: string, kind: "fill" | "stroke", isDark: boolean): string {
  const hex = NAMED_COLORS[color] ?? color;
  if (!/^#[0-9a-f]{6}$/i.test(hex)) return color;
  const own = hex === "#000000" ? SOFT_LINE : hex;
  if (!isDark) return own;
  return kind === "fill" ? darkFill(own) : darkStroke(own);
}
