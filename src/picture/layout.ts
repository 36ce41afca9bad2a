import { setFlagsFromString } from "node:v8";
import stringWidth from "string-width";
import { UserError } from "../errors/user-error.js";
import { countEdges, FEW_EDGES, graphvizText, NOT_LAID_OUT } from "../render/graphviz-text.js";
import type { Box, Drawing, TextLine } from "./drawing.js";
import { LongTexts } from "./long-texts.js";
import { isHardToRoute, STRAIGHT_LINES } from "./routing.js";
import { type GraphJson, readXdot, round } from "./xdot.js";

/** So many calls are placed in a moment, however they run. */
const VERY_FEW_EDGES = 100;

/** More than this takes minutes to place, and nobody can follow it. */
const MAX_EDGES = 5000;

/**
 * Places what DOT text describes. Throws a {@link UserError} of one line where Graphviz
 * cannot, or would take too long. Works in one piece, which `compute` does and may break
 * off: nothing else happens meanwhile.
 */
export async function layOut(
  dot: string,
  compute: (work: () => Drawing) => Drawing = (work) => work(),
): Promise<Drawing> {
  const edges = countEdges(dot);
  if (edges > MAX_EDGES) {
    throw new UserError(
      `${edges} calls are too many to draw; take fewer places (-nodecount=80) or leave out small calls (-edgefraction=0.01)`,
      { code: "limit" },
    );
  }
  const wholeText = graphvizText(dot);
  if (wholeText === undefined)
    throw new UserError("this is no graph that can be laid out", { code: "limit" });
  const longTexts = new LongTexts();
  const text = longTexts.replace(wholeText);
  // Optimizing takes longer than it saves where there is little to do.
  if (edges <= FEW_EDGES) setFlagsFromString("--liftoff-only");
  const { Graphviz } = await import("@hpcc-js/wasm-graphviz");
  const graphviz = await Graphviz.load();
  const place = (text: string): GraphJson => {
    try {
      return JSON.parse(graphviz.layout(text, "json", "dot")) as GraphJson;
    } catch (error) {
      throw new UserError(NOT_LAID_OUT, { code: "limit", cause: error });
    }
  };
  let isPlaced = false;
  try {
    const placed = compute(() => {
      const [graph, statements] = placeInTime(text, edges, place);
      const drawing = readXdot(graph, longTexts.restore);
      const widths = drawing.boxes.flatMap(widthStatement);
      if (widths.length === 0) return drawing;
      return readXdot(place(withStatements(text, [...statements, ...widths])), longTexts.restore);
    });
    isPlaced = true;
    return withTextWidths(placed);
  } finally {
    setFlagsFromString("--no-liftoff-only");
    // Where it was broken off, its memory is in no state to go on from.
    if (!isPlaced) Graphviz.unload();
  }
}

/**
 * Places a graph, with straight lines where curves would take long. Returns it with the
 * statements that it needed.
 */
function placeInTime(
  text: string,
  edges: number,
  place: (text: string) => GraphJson,
): [graph: GraphJson, statements: string[]] {
  if (edges > VERY_FEW_EDGES) {
    const straight = place(withStatements(text, [STRAIGHT_LINES]));
    if (isHardToRoute(straight)) return [straight, [STRAIGHT_LINES]];
  }
  return [place(text), []];
}

/** DOT text with `statements` at its end, where they override earlier ones. */
function withStatements(text: string, statements: readonly string[]): string {
  return text.replace(/\}\s*$/, () => `${statements.join("\n")}\n}`);
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
