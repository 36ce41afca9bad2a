import { setFlagsFromString } from "node:v8";
import stringWidth from "string-width";
import type { Box, Drawing, TextLine } from "./drawing.js";
import { type GraphJson, guarded, readXdot, round } from "./xdot.js";

/** More than this takes minutes to place, and nobody can follow it. */
const MAX_EDGES = 5000;

/** So many are placed in a moment. */
const FEW_EDGES = 400;

/** The graph cannot be laid out. */
export class LayoutError extends Error {
  override name = "LayoutError";
}

/**
 * Places what DOT text describes. Throws a {@link LayoutError} of one line where Graphviz
 * cannot, or would take too long. Works in one piece, which `compute` does and may break
 * off: nothing else happens meanwhile.
 */
export async function layOut(
  dot: string,
  compute: (work: () => Drawing) => Drawing = (work) => work(),
): Promise<Drawing> {
  const edges = countEdges(dot);
  if (edges > MAX_EDGES) {
    throw new LayoutError(
      `${edges} calls are too many to draw; take fewer places (-nodecount=80) or leave out small calls (-edgefraction=0.01)`,
    );
  }
  // Graphviz knows HTML's names of characters, which would stand for something else.
  const safe = withShortLabels(guarded(drawable(dot))).replaceAll("&", "&amp;");
  const text = withDefaults(safe, patience(edges));
  // Optimizing takes longer than it saves where there is little to do.
  if (edges <= FEW_EDGES) setFlagsFromString("--liftoff-only");
  const { Graphviz } = await import("@hpcc-js/wasm-graphviz");
  const graphviz = await Graphviz.load();
  const place = (text: string): Drawing => {
    try {
      return readXdot(JSON.parse(graphviz.layout(text, "json", "dot")) as GraphJson);
    } catch (error) {
      throw new LayoutError(`the graph cannot be laid out: ${firstLine(error)}`, { cause: error });
    }
  };
  let isPlaced = false;
  try {
    const placed = compute(() => {
      const drawing = place(text);
      const widths = drawing.boxes.flatMap(widthStatement);
      if (widths.length === 0) return drawing;
      return place(text.replace(/\}\s*$/, `${widths.join("\n")}\n}`));
    });
    isPlaced = true;
    return withTextWidths(placed);
  } finally {
    setFlagsFromString("--no-liftoff-only");
    // Where it was broken off, its memory is in no state to go on from.
    if (!isPlaced) Graphviz.unload();
  }
}

/** How many calls a graph has, about. */
export function countEdges(dot: string): number {
  return dot.match(/^\S+ -> /gm)?.length ?? 0;
}

/**
 * Attributes that keep the time in bounds where there are many calls: fewer rounds of
 * improvement, and straight lines in the end.
 */
function patience(edges: number): string {
  if (edges <= FEW_EDGES) return "";
  const few = "nslimit=1 nslimit1=1 mclimit=0.1";
  return edges <= 800 ? few : `${few} splines=line`;
}

/** The opening of a graph with a name in quotes. */
const OPENING = /^digraph "(?:[^"\\]|\\.)*" \{\n/su;

/** Graphviz knows the widths of Arial's letters wherever it runs; others have its like. */
function withDefaults(dot: string, graphAttributes: string): string {
  const opening = OPENING.exec(dot)?.[0];
  if (opening === undefined) throw new LayoutError("this is no graph that can be laid out");
  const font = 'fontname="Arial"';
  const defaults = `graph [${font} ${graphAttributes}]\nnode [${font}]\nedge [${font}]\n`;
  return opening + defaults + dot.slice(opening.length);
}

/**
 * The text without what could end it early or hide what it says: control characters as
 * their own pictures, and marks that change the direction of text as unknown characters.
 */
function drawable(text: string): string {
  return text
    .toWellFormed()
    .replace(CONTROLS, (control) => String.fromCharCode(0x2400 + control.charCodeAt(0)))
    .replace(/[\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROLS = /[\x00-\x08\x0b-\x1f]/g;

/** Labels are cut to this, in lines and in characters a line; tooltips have all. */
const MAX_LINES = 40;
const MAX_LINE = 200;

/** The graph with what is too long to draw cut in the middle. No quotes are escaped in it. */
function withShortLabels(dot: string): string {
  return dot.replace(/(?<=[[ ]label ?= ?")[^"]+(?=")/g, (label) =>
    label.length <= MAX_LINE ? label : shortLabel(label),
  );
}

function shortLabel(label: string): string {
  // Lines with the escape that ends each.
  const lines = label.match(/(?:(?!\\[nlr]).)+(?:\\[nlr])?|\\[nlr]/gs) ?? [];
  const short = lines.map((line) => {
    const [end] = /(?:\\[nlr])?$/.exec(line) ?? [""];
    const text = line.slice(0, line.length - end.length);
    return text.length <= MAX_LINE ? line : `${cut([...text], MAX_LINE, "…").join("")}${end}`;
  });
  return cut(short, MAX_LINES, "…\\n").join("");
}

/** At most `max` of a list, the beginning and the end of it around a mark. */
function cut(parts: readonly string[], max: number, mark: string): readonly string[] {
  if (parts.length <= max) return parts;
  const tail = Math.floor(max / 3);
  return [...parts.slice(0, max - tail - 1), mark, ...parts.slice(parts.length - tail)];
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.trim().split("\n", 1)[0];
}

/** What Graphviz takes for each character that it has no width for, of the font's size. */
const UNKNOWN_WIDTH = 0.278;

/** About the width of one column of such characters, of the font's size. */
const COLUMN_WIDTH = 0.55;

const UNKNOWN = /[\u0100-\u{10ffff}]/gu;

/** The width of a line with room for characters beyond Latin-1, which Graphviz does not know. */
function textWidth({ text, size, width }: TextLine): number {
  let missing = 0;
  for (const [character] of text.matchAll(UNKNOWN)) {
    missing += stringWidth(character) * COLUMN_WIDTH - UNKNOWN_WIDTH;
  }
  return round(width + missing * size);
}

/** The space between words and the sides of a box, in points. */
const PADDING = 16;

/** DOT text that makes a box wide enough for its words, where it may not be. */
function widthStatement({ name, lines }: Box): string[] {
  if (!lines.some(({ text }) => text.search(UNKNOWN) >= 0)) return [];
  const widest = lines.reduce((widest, line) => Math.max(widest, textWidth(line)), 0);
  return [`"${name}" [width=${((widest + PADDING) / 72).toFixed(3)}]`];
}

function withTextWidths(drawing: Drawing): Drawing {
  const widen = <T extends { lines: readonly TextLine[] }>(figure: T): T => ({
    ...figure,
    lines: figure.lines.map((line) => ({ ...line, width: textWidth(line) })),
  });
  return { ...drawing, boxes: drawing.boxes.map(widen), arrows: drawing.arrows.map(widen) };
}
