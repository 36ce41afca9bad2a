import type { FlameReport } from "../report/flame.js";
import { boxText } from "./flame/box-note.js";
import { Coloring } from "./flame/colors.js";
import { boxFigures, frameDetails } from "./flame/details.js";
import { Callees, type FrameSource } from "./flame/frames.js";
import {
  BASELINE,
  BOX_HEIGHT,
  FONT_FAMILY,
  FONT_SIZE,
  GAP,
  GAP_FROM,
  LETTER_WIDTH,
  LEVEL_HEIGHT,
  lettersIn,
  MARGIN,
  PADDING,
} from "./flame/geometry.js";
import { type Box, type Layout, layOut } from "./flame/layout.js";
import { makePage, type PageOptions } from "./flame/make-page.js";
import { omissionNotes, restText } from "./flame/notes.js";
import { encodePage, type FlamePage } from "./flame/page.js";
import { shortName } from "./flame/short-name.js";
import { DARK, LIGHT } from "./flame/themes.js";
import { escapeXml } from "./xml.js";

export interface FlameSvgOptions extends PageOptions {
  /** The script that makes the picture interactive. It reads the data in `#flame-data`. */
  readonly script: string;
}

/** The width in pixels of a picture without scripts. */
const WIDTH = 1200;

const LAYOUT = {
  width: WIDTH - 2 * MARGIN,
  narrowest: 0.5,
  maxBoxes: 4000,
  maxLevels: 150,
  maxParents: 0,
};

const LINE_HEIGHT = 17;

/** Writes the flame graph as a self-contained SVG file. With scripts, users can zoom and search. */
export function* renderFlameSvg(report: FlameReport, options: FlameSvgOptions): Generator<string> {
  const page = makePage(report, options);
  const source = new Callees(page.tree, 1);
  const layout = layOut(source, source.root, LAYOUT);
  const picture = new Picture(page, source, layout);
  yield* picture.parts();
  yield `<metadata id="flame-data">${escapeXml(encodePage(page))}</metadata>\n`;
  yield `<script>${inCdata(options.script)}</script>\n`;
  yield "</svg>\n";
}

function inCdata(text: string): string {
  return `<![CDATA[${text.replaceAll("]]>", "]]]]><![CDATA[>")}]]>`;
}

class Picture {
  readonly #page: FlamePage;
  readonly #source: FrameSource;
  readonly #layout: Layout;
  readonly #coloring: Coloring;
  readonly #notes: readonly string[];
  /** The top edge of the boxes. */
  readonly #top: number;
  readonly #height: number;

  constructor(page: FlamePage, source: FrameSource, layout: Layout) {
    this.#page = page;
    this.#source = source;
    this.#layout = layout;
    this.#coloring = new Coloring(page);
    this.#notes = omissionNotes(page, layout, "open the file in a browser and zoom in to see them");
    // The title, the lines below it, and the legend.
    this.#top = MARGIN + 22 + (page.lines.length + 1) * LINE_HEIGHT + 8;
    const boxes = layout.levels * LEVEL_HEIGHT;
    this.#height = this.#top + boxes + this.#notes.length * LINE_HEIGHT + 2 * MARGIN;
  }

  *parts(): Generator<string> {
    const { title, lines } = this.#page;
    const height = this.#height;
    yield `<?xml version="1.0" encoding="UTF-8"?>\n` +
      `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" ` +
      `viewBox="0 0 ${WIDTH} ${height}">\n` +
      `<title>${escapeXml(title)}</title>\n` +
      `<style>${styleSheet()}</style>\n` +
      `<rect class="page" width="100%" height="100%"/>\n<g id="flame-picture">\n`;
    yield line("title", MARGIN + 16, title, 1.25);
    for (const [i, text] of lines.entries()) {
      yield line("faint", MARGIN + 22 + (i + 0.8) * LINE_HEIGHT, text, 1);
    }
    yield this.#legend(MARGIN + 22 + (lines.length + 0.2) * LINE_HEIGHT);
    for (const box of this.#layout.boxes) yield this.#box(box);
    const notesTop = this.#top + this.#layout.levels * LEVEL_HEIGHT + MARGIN;
    for (const [i, note] of this.#notes.entries()) {
      yield line("faint", notesTop + (i + 0.8) * LINE_HEIGHT, note, 1);
    }
    yield "</g>\n";
  }

  #legend(y: number): string {
    let x = MARGIN;
    let text = "";
    const { swatches, rest } = this.#coloring.legend(this.#coloring.defaultMode);
    for (const { className, meaning } of swatches) {
      const shown = shortName(meaning, 30);
      text +=
        `<rect class="${className}" x="${x}" y="${y}" width="12" height="12"/>` +
        `<text class="faint" x="${x + 16}" y="${y + 10}">${escapeXml(shown)}</text>\n`;
      x += 16 + Math.ceil(shown.length * LETTER_WIDTH) + 14;
    }
    if (rest > 0) text += `<text class="faint" x="${x}" y="${y + 10}">${restText(rest)}</text>\n`;
    return text;
  }

  #box({ frame, level, left, right }: Box): string {
    const amounts = this.#source.amounts(frame);
    const beside = frame.parent && {
      label: "Of its caller" as const,
      amounts: this.#source.amounts(frame.parent),
    };
    const details = frameDetails(this.#page, frame.functionIndex, amounts, beside);
    const { plus, minus } = amounts;
    const color = this.#coloring.classOf(
      frame.functionIndex,
      this.#coloring.defaultMode,
      Number(plus),
      Number(minus),
    );
    const title = [
      details.name,
      ...details.notes,
      ...details.figures.map(({ label, text }) => `${label}: ${text}`),
    ].join("\n");
    const x = hundredths(left + MARGIN * 100);
    const y = this.#top + level * LEVEL_HEIGHT;
    const width = right - left;
    const attributes = `class="box ${color}" x="${x}" y="${y}" width="${hundredths(width)}"`;
    const fn = this.#page.functions[frame.functionIndex];
    const figures = () => boxFigures(this.#page, amounts);
    const name = boxText(fn, figures, lettersIn(width / 100));
    if (name === "") {
      return `<rect ${attributes} height="${BOX_HEIGHT}"><title>${escapeXml(title)}</title></rect>\n`;
    }
    const gap = width > GAP_FROM * 100 ? GAP * 100 : 0;
    // A nested SVG element clips the name.
    return (
      `<svg ${attributes} height="${BOX_HEIGHT}"><title>${escapeXml(title)}</title>` +
      `<rect width="${hundredths(width - gap)}" height="${BOX_HEIGHT}"/>` +
      `<text x="${PADDING}" y="${BASELINE}">${escapeXml(name)}</text></svg>\n`
    );
  }
}

function line(className: string, y: number, text: string, size: number): string {
  const shown = shortLine(text, Math.floor((WIDTH - 2 * MARGIN) / (LETTER_WIDTH * size)));
  return `<text class="${className}" x="${MARGIN}" y="${y}">${escapeXml(shown)}</text>\n`;
}

function shortLine(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, room - 1)}…`;
}

function hundredths(value: number): string {
  return String(value / 100);
}

/** Returns the colours of both themes, and the fonts. */
function styleSheet(): string {
  return (
    `text{font:${FONT_SIZE}px ${FONT_FAMILY};white-space:pre}` +
    `.title{font-size:${FONT_SIZE * 1.25}px;font-weight:bold}` +
    `${themeRules(LIGHT)}@media screen and (prefers-color-scheme:dark){${themeRules(DARK)}}`
  );
}

function themeRules({ page, faint, boxes }: typeof LIGHT): string {
  const rules = Object.entries(boxes).map(
    ([name, { fill, text }]) => `.${name},.${name} rect{fill:${fill}}.${name} text{fill:${text}}`,
  );
  return `.page{fill:${page.fill}}text{fill:${page.text}}.faint{fill:${faint}}${rules.join("")}`;
}
