import { setFlagsFromString } from "node:v8";
import stringWidth from "string-width";
import { UserError } from "../errors/user-error.js";
import {
  countEdges,
  graphvizText,
  LAYOUT_FAILED_MESSAGE,
  MAX_FAST_EDGES,
} from "../render/graphviz-text.js";
import type { Box, Drawing, TextLine } from "./drawing.js";
import { LongTexts } from "./long-texts.js";
import { isHardToRoute, STRAIGHT_LINES } from "./routing.js";
import { type GraphJson, readXdot, round } from "./xdot.js";

/** Graphs with at most this many edges are fast to lay out in any case. */
const VERY_FEW_EDGES = 100;

/** Larger graphs need minutes to lay out, and are unreadable. */
const MAX_EDGES = 5000;

/**
 * Lays out a graph in DOT. Throws a {@link UserError} if Graphviz fails, or would need too long.
 * The work blocks the thread; `compute` runs it and may interrupt it by an error.
 */
export async function layOut(
  dot: string,
  compute: (work: () => Drawing) => Drawing = (work) => work(),
): Promise<Drawing> {
  const edges = countEdges(dot);
  if (edges > MAX_EDGES) {
    throw new UserError(
      `${edges} calls are too many to draw; show fewer functions (-nodecount=80) or leave out small calls (-edgefraction=0.01)`,
      { code: "limit" },
    );
  }
  const wholeText = graphvizText(dot);
  if (wholeText === undefined)
    throw new UserError("not a graph that can be laid out", { code: "limit" });
  const longTexts = new LongTexts();
  const text = longTexts.replace(wholeText);
  // For a small graph, optimizing the WebAssembly code needs more time than it saves.
  if (edges <= MAX_FAST_EDGES) setFlagsFromString("--liftoff-only");
  const { Graphviz } = await import("@hpcc-js/wasm-graphviz");
  const graphviz = await Graphviz.load();
  const runGraphviz = (text: string): GraphJson => {
    try {
      return JSON.parse(graphviz.layout(text, "json", "dot")) as GraphJson;
    } catch (error) {
      throw new UserError(LAYOUT_FAILED_MESSAGE, { code: "limit", cause: error });
    }
  };
  let isDone = false;
  try {
    const result = compute(() => {
      const [graph, statements] = layOutInTime(text, edges, runGraphviz);
      const drawing = readXdot(graph, longTexts.restore);
      const widths = drawing.boxes.flatMap(widthStatement);
      if (widths.length === 0) return drawing;
      return readXdot(
        runGraphviz(withStatements(text, [...statements, ...widths])),
        longTexts.restore,
      );
    });
    isDone = true;
    return withTextWidths(result);
  } finally {
    setFlagsFromString("--no-liftoff-only");
    // After an interruption, Graphviz's memory is inconsistent.
    if (!isDone) Graphviz.unload();
  }
}

/** Lays out a graph, with straight lines if curves need too long. Returns the added statements. */
function layOutInTime(
  text: string,
  edges: number,
  runGraphviz: (text: string) => GraphJson,
): [graph: GraphJson, statements: string[]] {
  if (edges > VERY_FEW_EDGES) {
    const straight = runGraphviz(withStatements(text, [STRAIGHT_LINES]));
    if (isHardToRoute(straight)) return [straight, [STRAIGHT_LINES]];
  }
  return [runGraphviz(text), []];
}

/** Adds `statements` at the end of DOT text, where they override earlier ones. */
function withStatements(text: string, statements: readonly string[]): string {
  return text.replace(/\}\s*$/, () => `${statements.join("\n")}\n}`);
}

/** Graphviz's width of characters that it does not know, as a share of the font's size. */
const UNKNOWN_WIDTH = 0.278;

/** The approximate width of a column of such characters, as a share of the font's size. */
const COLUMN_WIDTH = 0.55;

const UNKNOWN = /[\u0100-\u{10ffff}]/gu;

/** Returns a line's width, corrected for characters beyond Latin-1, which Graphviz does not know. */
function textWidth({ text, size, width }: TextLine): number {
  let missing = 0;
  for (const [character] of text.matchAll(UNKNOWN)) {
    missing += stringWidth(character) * COLUMN_WIDTH - UNKNOWN_WIDTH;
  }
  return round(width + missing * size);
}

/** The sum of the spaces left and right of the text in a box, in points. */
const PADDING = 16;

/** Returns a DOT statement that makes a box wide enough for its text, if it may be too narrow. */
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
