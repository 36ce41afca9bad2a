import stringWidth from "string-width";
import { withoutControls } from "../render/controls.js";

/** How many columns `text` takes; some letters take two, some none. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** A name that came from outside, as it may stand within a line. */
export function oneLine(name: string): string {
  return withoutControls(name).replace(/[\t\n]/g, " ");
}

/** A line as it can be shown: without controls, and with blanks up to the next stop for tabs. */
export function spread(line: string, tab: number): string {
  const parts = line.split("\t").map(oneLine);
  const last = parts.pop();
  // Each part begins at a stop.
  return parts.map((part) => part + " ".repeat(tab - (widthOf(part) % tab))).join("") + last;
}

/**
 * Shortens `text` in the middle to `width` columns. Names begin with the package and
 * end with the function, and both ends matter.
 */
export function shorten(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  if (width < 2) return "…".slice(0, width);
  const letters = [...text];
  const end = take(letters.slice().reverse(), Math.ceil((width - 1) * 0.6))
    .reverse()
    .join("");
  const start = take(letters, width - 1 - widthOf(end)).join("");
  return `${start}…${end}`;
}

/** Shortens `text` at its end to `width` columns. */
export function cut(text: string, width: number): string {
  // Long lines are longer than what a terminal shows of them by far.
  const start = text.slice(0, 8 * width);
  if (start.length === text.length && widthOf(text) <= width) return text;
  return `${take([...start], width - 1).join("")}…`;
}

/** As many of the first letters as fit into `width` columns. */
function take(letters: readonly string[], width: number): string[] {
  let used = 0;
  const beyond = letters.findIndex((letter) => {
    used += widthOf(letter);
    return used > width;
  });
  return letters.slice(0, beyond < 0 ? letters.length : beyond);
}

/**
 * Folds a line between words into lines of at most `width` columns; those behind the first are
 * indented. A line that would become more than `most` is shortened to one.
 */
export function foldLine(line: string, width: number, most = MAX_FOLDS): string[] {
  if (widthOf(line) <= width) return [line];
  const indent = "  ";
  const lines = [""];
  for (const [part] of line.matchAll(/\s*\S+/g)) {
    const last = lines[lines.length - 1];
    if (last === "" || widthOf(last + part) <= width) lines[lines.length - 1] += part;
    else lines.push(indent + part.trimStart());
  }
  if (lines.length > most) return [shorten(line, width)];
  return lines.map((folded) => shorten(folded, width));
}

/** Of longer lines, the start and the end say enough. */
const MAX_FOLDS = 3;
