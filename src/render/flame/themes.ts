import { CHANGE_COLORS } from "../change-colors.js";
import { PALETTE } from "./palette.js";

interface Paint {
  readonly fill: string;
  readonly text: string;
}

interface Theme {
  readonly page: Paint;
  /** The colour of secondary lines and text. */
  readonly faint: string;
  /** The colours of the outlines of matches and of the selected box. */
  readonly match: string;
  readonly selected: string;
  /**
   * By class of boxes: `all` is the root, `none` an unchanged frame, `gc` garbage collection, `g0` to
   * `g31` the palette, `h0` to `h8` shares, `u0` to `u4` more and `d0` to `d4` less.
   */
  readonly boxes: Readonly<Record<string, Paint>>;
}

const DARK_TEXT = "#141414";
const LIGHT_TEXT = "#ffffff";

/** From low to high (ColorBrewer's YlOrBr). */
const HEAT_COLORS = {
  light: "#fff8df #ffeeb8 #fee08b #fec95c #fda93c #f68a24 #e0691a #b24a08 #8a3306".split(" "),
  dark: "#36322b #4a3f2a #614c24 #7a581b #946410 #c07a10 #dd9526 #f4b44c #ffd98a".split(" "),
};
export const HEAT_STEPS = HEAT_COLORS.light.length - 1;

const NEUTRAL_COLOR = { light: "#dcdcdc", dark: "#4a4a4a" };
const ROOT_COLOR = { light: "#e9e9e9", dark: "#3c3c3c" };

export const LIGHT = theme("light");
export const DARK = theme("dark");

function theme(name: "light" | "dark"): Theme {
  const { moreSteps, lessSteps } = CHANGE_COLORS[name];
  const boxes: Record<string, Paint> = {
    all: paintFor(ROOT_COLOR[name]),
    none: paintFor(NEUTRAL_COLOR[name]),
    gc: paintFor(moreSteps[4]),
  };
  const add = (prefix: string, fills: readonly string[]) => {
    fills.forEach((fill, i) => {
      boxes[`${prefix}${i}`] = paintFor(fill);
    });
  };
  add("g", PALETTE[name]);
  add("h", HEAT_COLORS[name]);
  add("u", moreSteps);
  add("d", lessSteps);
  return name === "light"
    ? {
        page: { fill: "#ffffff", text: "#1b1b1b" },
        faint: "#5f5f5f",
        match: "#b0008e",
        selected: "#000000",
        boxes,
      }
    : {
        page: { fill: "#1a1a1a", text: "#ececec" },
        faint: "#a8a8a8",
        match: "#ff7be5",
        selected: "#ffffff",
        boxes,
      };
}

/** Returns a fill with the text colour that has more contrast. */
function paintFor(fill: string): Paint {
  const text = contrast(fill, DARK_TEXT) >= contrast(fill, LIGHT_TEXT) ? DARK_TEXT : LIGHT_TEXT;
  return { fill, text };
}

/** Returns the contrast of two colours, from 1 to 21 (WCAG 2). */
export function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

function luminance(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
