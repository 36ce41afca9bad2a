import stringWidth from "string-width";
import { escapeControls } from "../render/controls.js";

/** The width of names on the narrowest terminals, even if lines wrap. */
export const MIN_NAME = 4;

/** Returns the width of a text in columns. Some characters have two columns, some none. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** Makes an untrusted name fit for a line: without control characters, tabs and line breaks. */
export function oneLine(name: string): string {
  return escapeControls(name).replace(/[\t\n]/g, " ");
}

/** Replaces tabs in a line by spaces up to the next tab stop, and removes control characters. */
export function expandTabs(line: string, tab: number): string {
  const parts = line.split("\t").map(oneLine);
  const last = parts.pop();
  return parts.map((part) => part + " ".repeat(tab - (widthOf(part) % tab))).join("") + last;
}

/** Shortens `text` to `width` columns in the middle: the package and the function both matter. */
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

/** Matches the path and line after a name; captures both. */
const POSITION = / (\S*?)((?::\d+){1,2})$/;

/** The least width of a function's name beside its line, in columns. */
const MIN_FUNCTION = 8;

/**
 * Shortens the name of a node to `width` columns. Of `run lib/shop/a.js:12`, the function's name and
 * the line stay as far as possible: the path loses its beginning.
 */
export function shortenName(name: string, width: number): string {
  if (widthOf(name) <= width) return name;
  const position = POSITION.exec(name);
  if (!position) return shorten(name, width);
  const [, path, line] = position;
  const fn = name.slice(0, position.index);
  for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1)) {
    // The path may be short already: `eslint/…/traverser.js`.
    if (path.startsWith("/…/", slash)) continue;
    const shorter = `${fn} …${path.slice(slash)}${line}`;
    if (widthOf(shorter) <= width) return shorter;
  }
  const base = `${fn} ${path.slice(path.lastIndexOf("/") + 1)}${line}`;
  if (widthOf(base) <= width) return base;
  // Go's names begin with folders.
  const inner = fn.lastIndexOf("/");
  const innermost = `…${fn.slice(inner)}${base.slice(fn.length)}`;
  if (inner >= 0 && widthOf(innermost) <= width) return innermost;
  const end = ` …${line}`;
  const room = width - end.length;
  return room < MIN_FUNCTION ? shorten(name, width) : shorten(fn, room) + end;
}

/** Shortens `text` at its end to `width` columns. */
export function cut(text: string, width: number): string {
  // Measure only the start of a long line, as a terminal shows little of it.
  const start = text.slice(0, 8 * width);
  if (start.length === text.length && widthOf(text) <= width) return text;
  return `${take([...start], width - 1).join("")}…`;
}

/** Returns the first letters that fit into `width` columns. */
function take(letters: readonly string[], width: number): string[] {
  let used = 0;
  const beyond = letters.findIndex((letter) => {
    used += widthOf(letter);
    return used > width;
  });
  return letters.slice(0, beyond < 0 ? letters.length : beyond);
}

/** Wraps a line between words, or shortens it if it needs more than `maxLines`. */
export function foldLine(line: string, width: number, maxLines = MAX_FOLDED_LINES): string[] {
  if (widthOf(line) <= width) return [line];
  const indent = "  ";
  const lines = [""];
  for (const [part] of line.matchAll(/\s*\S+/g)) {
    const last = lines[lines.length - 1];
    if (last === "" || widthOf(last + part) <= width) lines[lines.length - 1] += part;
    else lines.push(indent + part.trimStart());
  }
  if (lines.length > maxLines) return [shorten(line, width)];
  return lines.map((folded) => shorten(folded, width));
}

/** Joins texts to lines of at most `width` columns, as far as single texts fit. */
export function joinWithin(texts: readonly string[], separator: string, width: number): string[] {
  const lines: string[] = [];
  for (const text of texts) {
    const last = lines.at(-1);
    const joined = `${last}${separator}${text}`;
    if (last !== undefined && widthOf(joined) <= width) lines[lines.length - 1] = joined;
    else lines.push(text);
  }
  return lines;
}

/** A line that needs more lines than this is shortened to one. */
const MAX_FOLDED_LINES = 3;
