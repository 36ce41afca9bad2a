import { escapeControlsInDot } from "./controls.js";

/** Graphviz lays out graphs up to this number of edges in less than a second. */
export const MAX_FAST_EDGES = 400;

/** The message if Graphviz fails. Its own messages are about its code. */
export const LAYOUT_FAILED_MESSAGE =
  "Graphviz cannot lay out this graph; show fewer nodes with -nodecount=20, or write it as text with tsprof dot";

/**
 * Converts DOT text from {@link renderDot} so that Graphviz draws any name correctly. Read its
 * output with {@link restoreText}. Shortens long labels, and saves time for graphs with many edges.
 * Returns undefined if the text does not begin like a graph.
 */
export function graphvizText(dot: string): string | undefined {
  // Graphviz replaces HTML entities, so escape them.
  const safe = withDrawableLabels(encodeEscapes(escapeHiddenInDot(dot))).replaceAll("&", "&amp;");
  const opening = FIRST_LINE.exec(safe)?.[0];
  if (opening === undefined) return undefined;
  const font = 'fontname="Arial"';
  const defaults = `graph [${font} ${layoutLimits(countEdges(dot))}]\nnode [${font}]\nedge [${font}]\n`;
  return opening + defaults + safe.slice(opening.length);
}

/** Returns the approximate number of edges in a graph. */
export function countEdges(dot: string): number {
  return dot.match(/^\S+ -> /gm)?.length ?? 0;
}

/** Returns attributes that save time for many edges: fewer iterations and straight lines. */
function layoutLimits(edges: number): string {
  if (edges <= MAX_FAST_EDGES) return "";
  const few = "nslimit=1 nslimit1=1 mclimit=0.1";
  return edges <= 800 ? few : `${few} splines=line`;
}

/** The first line of a graph with a quoted name. Requires {@link encodeEscapes}. */
const FIRST_LINE = /^digraph "[^"]*" \{\n/u;

/** Escapes hidden characters in DOT text, so that they cannot end it early or disguise it. */
export function escapeHiddenInDot(text: string): string {
  return escapeControlsInDot(text).toWellFormed();
}

/** The maximum size of a label. Tooltips have the full text. */
const MAX_LABEL_LINES = 40;
const MAX_LINE_CHARACTERS = 200;

/** Shortens long labels in the middle and fills empty lines. Requires {@link encodeEscapes}. */
function withDrawableLabels(dot: string): string {
  return dot.replace(/(?<=[[ ]label ?= ?")[^"]+(?=")/g, (label) =>
    withoutEmptyLines(label.length <= MAX_LINE_CHARACTERS ? label : shortLabel(label)),
  );
}

/**
 * Puts a space into each empty line of a label. Graphviz does not initialize the data of an empty
 * line, and then calls a function through it ("table index is out of bounds").
 */
function withoutEmptyLines(label: string): string {
  return label.replace(/(?<=^|\\[nlr])(?=\\[nlr])/g, " ");
}

function shortLabel(label: string): string {
  // Alternating lines and the escapes that end them.
  const parts = label.split(/(\\[nlr])/);
  const lines = parts.flatMap((text, i) => {
    if (i % 2 === 1) return [];
    const end = parts[i + 1] ?? "";
    return text === "" && end === "" ? [] : [shortLine(text) + end];
  });
  return cutMiddle(lines, MAX_LABEL_LINES, "…\\n").join("");
}

function shortLine(text: string): string {
  if (text.length <= MAX_LINE_CHARACTERS) return text;
  // Cut roughly first, without splitting a surrogate pair in the part that is kept.
  const ends =
    text.length > 8 * MAX_LINE_CHARACTERS
      ? text.slice(0, 4 * MAX_LINE_CHARACTERS) + text.slice(-4 * MAX_LINE_CHARACTERS)
      : text;
  return cutMiddle([...ends], MAX_LINE_CHARACTERS, "…").join("");
}

/** Returns at most `max` items: the beginning and the end of a list around a mark. */
function cutMiddle(parts: readonly string[], max: number, mark: string): readonly string[] {
  if (parts.length <= max) return parts;
  const tail = Math.floor(max / 3);
  return [...parts.slice(0, max - tail - 1), mark, ...parts.slice(parts.length - tail)];
}

/**
 * Placeholders for an escaped backslash and quote, which Graphviz measures and escapes wrongly. No
 * other text contains them. In Graphviz's fonts, they are as wide as a space.
 */
const BACKSLASH = "\u0080";
const QUOTE = "\u0081";

/** Replaces escaped characters in strings with placeholders; {@link restoreText} restores them. */
function encodeEscapes(dot: string): string {
  return dot.replace(/\\(.)/gsu, (pair, character) =>
    character === "\\" ? BACKSLASH : character === '"' ? QUOTE : pair,
  );
}

/** Restores the text that {@link graphvizText} changed. */
export function restoreText(text: string): string {
  return text.replaceAll(BACKSLASH, "\\").replaceAll(QUOTE, '"');
}
