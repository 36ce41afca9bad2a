import { contrast, DARK, LIGHT } from "../../render/flame/themes.js";

/** Variants of a class's colour. */
export const Tone = {
  plain: 0,
  /** Between the root and the frame zoomed in on. */
  passed: 1,
  /** Not a match of the search. */
  dim: 2,
  /** The function under the pointer. */
  alike: 3,
  match: 4,
} as const;
const TONES = Object.keys(Tone).length;

/** The colours and font of a canvas. */
export interface CanvasTheme {
  readonly background: string;
  readonly text: string;
  readonly muted: string;
  readonly fontFamily: string;
  /** Colours of boxes by {@link fillIndex}: the bytes red, green, blue and 255 as one number. */
  readonly fills: Uint32Array;
  /** The colours of names, in the same order. */
  readonly texts: readonly string[];
  /** The plain colour of each class, as CSS. */
  readonly swatches: Readonly<Record<string, string>>;
}

export const fillIndex = (classNumber: number, tone: number) => classNumber * TONES + tone;

/** The classes of boxes, which are the same in both themes. */
const CLASSES: readonly string[] = Object.keys(LIGHT.boxes);
const CLASS_NUMBERS = new Map(CLASSES.map((name, number) => [name, number]));
export const classNumber = (name: string) => CLASS_NUMBERS.get(name) ?? 0;

export function readTheme(element: HTMLElement): CanvasTheme {
  const style = getComputedStyle(element);
  const color = (name: string, fallback: string) =>
    hexOf(style.getPropertyValue(name).trim(), fallback);
  const background = color("--bg", "#ffffff");
  const isDark = contrast(background, "#ffffff") > contrast(background, "#000000");
  const own = isDark ? DARK : LIGHT;
  return makeTheme(isDark, {
    background,
    text: color("--text", own.page.text),
    muted: color("--muted", own.faint),
    fontFamily: style.fontFamily || "system-ui, sans-serif",
  });
}

/** Returns a theme for printing: dark on white. */
export function printTheme(fontFamily: string): CanvasTheme {
  return makeTheme(false, {
    background: "#ffffff",
    text: LIGHT.page.text,
    muted: LIGHT.faint,
    fontFamily,
  });
}

type PageColors = Pick<CanvasTheme, "background" | "text" | "muted" | "fontFamily">;

function makeTheme(isDark: boolean, page: PageColors): CanvasTheme {
  const { boxes, match } = isDark ? DARK : LIGHT;
  const fills = new Uint32Array(CLASSES.length * TONES);
  const texts: string[] = [];
  const swatches: Record<string, string> = {};
  CLASSES.forEach((name, number) => {
    const { fill, text } = boxes[name];
    const set = (tone: number, color: string, onIt: string) => {
      fills[fillIndex(number, tone)] = pixelOf(color);
      texts[fillIndex(number, tone)] = onIt;
    };
    swatches[name] = fill;
    set(Tone.plain, fill, text);
    const passed = mix(fill, page.background, 0.55);
    set(Tone.passed, passed, page.text);
    const dim = mix(fill, page.background, 0.72);
    set(Tone.dim, dim, page.muted);
    const alike = mix(fill, isDark ? "#ffffff" : "#000000", 0.22);
    set(Tone.alike, alike, readable(alike));
    set(Tone.match, match, readable(match));
  });
  return { ...page, fills, texts, swatches };
}

const readable = (fill: string) =>
  contrast(fill, "#141414") >= contrast(fill, "#ffffff") ? "#141414" : "#ffffff";

function mix(a: string, b: string, share: number): string {
  const parts = [1, 3, 5].map((at) => {
    const [x, y] = [a, b].map((color) => Number.parseInt(color.slice(at, at + 2), 16));
    return Math.round(x + (y - x) * share)
      .toString(16)
      .padStart(2, "0");
  });
  return `#${parts.join("")}`;
}

/** Returns a colour as a pixel of a canvas: red is the first byte in memory on every machine. */
export function pixelOf(color: string): number {
  const bytes = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  return new Uint32Array(Uint8Array.of(...bytes, 255).buffer)[0];
}

/** Returns any opaque CSS colour as `#rrggbb`. */
function hexOf(color: string, fallback: string): string {
  const context = document.createElement("canvas").getContext("2d");
  if (!context || color === "") return fallback;
  context.fillStyle = fallback;
  context.fillStyle = color;
  return /^#[0-9a-f]{6}$/.test(context.fillStyle) ? context.fillStyle : fallback;
}
