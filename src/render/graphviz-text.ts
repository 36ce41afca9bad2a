import { withoutControlsInDot } from "./controls.js";

/** So many calls are placed in a moment. */
export const FEW_EDGES = 400;

/** The message where Graphviz fails; its own words are about its code. */
export const NOT_LAID_OUT =
  "Graphviz cannot lay this graph out; take fewer nodes (-nodecount=20), or write the graph as text with tsprof dot";

/**
 * DOT text (as {@link renderDot} writes it) as Graphviz is to get it, whatever names are in
 * it: what it draws is read with {@link plain}. Labels are cut where they are too long to draw, and
 * what takes time is left out where there are many calls. Undefined where it is no such text.
 */
export function graphvizText(dot: string): string | undefined {
  // Graphviz knows HTML's names of characters, which would stand for something else.
  const safe = withDrawableLabels(encodeEscapes(visibleDot(dot))).replaceAll("&", "&amp;");
  const opening = FIRST_LINE.exec(safe)?.[0];
  if (opening === undefined) return undefined;
  const font = 'fontname="Arial"';
  const defaults = `graph [${font} ${layoutLimits(countEdges(dot))}]\nnode [${font}]\nedge [${font}]\n`;
  return opening + defaults + safe.slice(opening.length);
}

/** How many calls a graph has, about. */
export function countEdges(dot: string): number {
  return dot.match(/^\S+ -> /gm)?.length ?? 0;
}

/**
 * Attributes that keep the time in bounds where there are many calls: fewer rounds of
 * improvement, and straight lines in the end.
 */
function layoutLimits(edges: number): string {
  if (edges <= FEW_EDGES) return "";
  const few = "nslimit=1 nslimit1=1 mclimit=0.1";
  return edges <= 800 ? few : `${few} splines=line`;
}

/** The opening of a graph with a name in quotes; no quotes are escaped in it. */
const FIRST_LINE = /^digraph "[^"]*" \{\n/u;

/** DOT text without characters that could end it early or hide what it says: they are written out. */
export function visibleDot(text: string): string {
  return withoutControlsInDot(text).toWellFormed();
}

/** Labels are cut to this, in lines and in characters a line; tooltips have all. */
const MAX_LABEL_LINES = 40;
const MAX_LINE_CHARACTERS = 200;

/**
 * The graph with labels that can be drawn: what is too long is cut in the middle, and no line
 * is empty. No quotes are escaped in it.
 */
function withDrawableLabels(dot: string): string {
  return dot.replace(/(?<=[[ ]label ?= ?")[^"]+(?=")/g, (label) =>
    withoutEmptyLines(label.length <= MAX_LINE_CHARACTERS ? label : shortLabel(label)),
  );
}

/**
 * A label with a blank in each empty line. Graphviz leaves the description of an empty line
 * uninitialized, and then calls a function that it finds there ("table index is out of bounds").
 */
function withoutEmptyLines(label: string): string {
  return label.replace(/(?<=^|\\[nlr])(?=\\[nlr])/g, " ");
}

function shortLabel(label: string): string {
  // Lines and the escapes that end them, by turns.
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
  // More than is kept at either end, so that letters of two units are whole there.
  const ends =
    text.length > 8 * MAX_LINE_CHARACTERS
      ? text.slice(0, 4 * MAX_LINE_CHARACTERS) + text.slice(-4 * MAX_LINE_CHARACTERS)
      : text;
  return cutMiddle([...ends], MAX_LINE_CHARACTERS, "…").join("");
}

/** At most `max` of a list, the beginning and the end of it around a mark. */
function cutMiddle(parts: readonly string[], max: number, mark: string): readonly string[] {
  if (parts.length <= max) return parts;
  const tail = Math.floor(max / 3);
  return [...parts.slice(0, max - tail - 1), mark, ...parts.slice(parts.length - tail)];
}

/**
 * Stand for a backslash and for a quote on their way through Graphviz, which counts and
 * escapes them wrongly in what it draws. They are no characters of any text, and as wide
 * there as a blank, which is about right.
 */
const BACKSLASH = "\u0080";
const QUOTE = "\u0081";

/** DOT text without escaped characters in its strings; {@link plain} brings them back. */
function encodeEscapes(dot: string): string {
  return dot.replace(/\\(.)/gsu, (pair, character) =>
    character === "\\" ? BACKSLASH : character === '"' ? QUOTE : pair,
  );
}

/** Drawn text as it was before {@link graphvizText}. */
export function plain(text: string): string {
  return text.replaceAll(BACKSLASH, "\\").replaceAll(QUOTE, '"');
}
