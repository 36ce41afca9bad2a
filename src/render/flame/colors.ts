import type { FlameFunction } from "../../report/flame-functions.js";
import { flatWeights } from "./frames.js";
import type { FlamePage } from "./page.js";

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
  /** By class of boxes. */
  readonly boxes: Readonly<Record<string, Paint>>;
}

const DARK_TEXT = "#141414";
const LIGHT_TEXT = "#ffffff";

/**
 * The hues of Okabe and Ito, which everybody can distinguish. When they are made light or dark
 * enough for text, that is no longer so. These also differ in lightness, each from all others and
 * from {@link NEUTRAL_COLOR}, so that people with any type of dichromacy can distinguish them.
 */
const GROUP_COLORS = {
  light: "#dda42e #b5d2ff #7edaa3 #fad579 #5d9ee2 #e78062 #c08dba #9f9b93",
  dark: "#a8660d #556ba6 #1a8560 #7e743a #27356c #7b2d00 #975d83 #60462f",
};

/** From low to high (ColorBrewer's YlOrBr). */
const HEAT_COLORS = {
  light: "#fff8df #ffeeb8 #fee08b #fec95c #fda93c #f68a24 #e0691a #b24a08 #8a3306",
  dark: "#36322b #4a3f2a #614c24 #7a581b #946410 #c07a10 #dd9526 #f4b44c #ffd98a",
};

/** From a small change to a new or removed function. */
const GROWTH_COLORS = {
  light: "#f6d9cf #f4b8a6 #ea8d78 #d96556 #a92a2d",
  dark: "#54352f #703a33 #903f38 #b0443e #c9443f",
};
const SHRINKAGE_COLORS = {
  light: "#d6e4f0 #b0cfe6 #7fb2d6 #4f90c4 #1f5a94",
  dark: "#2c3e4f #2f4d69 #315e86 #336fa6 #3577b8",
};

const NEUTRAL_COLOR = { light: "#dcdcdc", dark: "#4a4a4a" };
const ROOT_COLOR = { light: "#e9e9e9", dark: "#3c3c3c" };

export const LIGHT = theme("light");
export const DARK = theme("dark");

function theme(name: "light" | "dark"): Theme {
  const boxes: Record<string, Paint> = {
    all: paintFor(ROOT_COLOR[name]),
    none: paintFor(NEUTRAL_COLOR[name]),
  };
  const add = (prefix: string, fills: string) => {
    fills.split(" ").forEach((fill, i) => {
      boxes[`${prefix}${i}`] = paintFor(fill);
    });
  };
  add("g", GROUP_COLORS[name]);
  add("h", HEAT_COLORS[name]);
  add("u", GROWTH_COLORS[name]);
  add("d", SHRINKAGE_COLORS[name]);
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

/** The meaning of the colours of boxes. In comparisons, they always show the change. */
export type ColorMode = "group" | "share";

export interface Swatch {
  readonly className: string;
  readonly meaning: string;
}

/** The mark of the user's packages, and the package of their scripts outside known packages. */
const OWN_CODE = "(own code)";

/** Assigns colours to the packages with the largest area or, if there is only one, to functions. */
export class GroupColors {
  /** Whether a colour means a package or, if all code is in one package, a function. */
  readonly grouping: "package" | "function";
  readonly #functions: readonly FlameFunction[];
  /** By group: the number of its colour. Other groups have no colour of their own. */
  readonly #groups: ReadonlyMap<string, number>;
  /** The groups of the user's own code, if the colours mean packages. */
  readonly #ownGroups: ReadonlySet<string>;

  /** `areas` are the areas of functions in the picture; functions without one have no colour. */
  constructor(functions: readonly FlameFunction[], areas: ArrayLike<number>) {
    this.#functions = functions;
    const packages = new Set(functions.map(({ group }) => group).filter(Boolean));
    this.grouping = packages.size > 1 ? "package" : "function";
    const own = functions.filter(({ isOwn }) => isOwn && this.grouping === "package");
    this.#ownGroups = new Set(own.map(({ group }) => group));
    this.#groups = this.#largestGroups(areas);
  }

  classOf(fn: number): string {
    const group = this.#groups.get(this.#groupOf(fn));
    return group === undefined ? "none" : `g${group}`;
  }

  /** Returns the colours and their groups; `first` is the first function that is not all samples. */
  legend(first: number): Swatch[] {
    const swatches = [...this.#groups].map(([group, i]) => ({
      className: `g${i}`,
      meaning: this.#meaning(group),
    }));
    const others = this.#functions.some(
      (_, fn) => fn >= first && !this.#groups.has(this.#groupOf(fn)),
    );
    return others ? [...swatches, { className: "none", meaning: "others" }] : swatches;
  }

  #meaning(group: string): string {
    const isNamed = group !== OWN_CODE && this.#ownGroups.has(group);
    return isNamed ? `${group} ${OWN_CODE}` : group || "(unknown)";
  }

  #groupOf(fn: number): string {
    const { group, name } = this.#functions[fn];
    return this.grouping === "package" ? group : name;
  }

  /** Returns the groups that cover most of the picture, largest first. */
  #largestGroups(ofFunctions: ArrayLike<number>): Map<string, number> {
    const areas = new Map<string, number>();
    this.#functions.forEach((_, fn) => {
      if (!(ofFunctions[fn] > 0)) return;
      const group = this.#groupOf(fn);
      areas.set(group, (areas.get(group) ?? 0) + ofFunctions[fn]);
    });
    const isOwn = this.#ownGroups;
    // The user's own code has a colour even if it is small beside its dependencies.
    const largest = [...areas].sort(
      ([a, x], [b, y]) => Number(isOwn.has(b)) - Number(isOwn.has(a)) || y - x || (a < b ? -1 : 1),
    );
    return new Map(largest.slice(0, GROUP_COUNT).map(([group], i) => [group, i]));
  }
}

/** Chooses the classes of boxes. {@link LIGHT} and {@link DARK} have their colours. */
export class Coloring {
  readonly #page: FlamePage;
  readonly #groups: GroupColors;
  /** By function: its class in the `share` mode. */
  readonly #heat: readonly string[];

  constructor(page: FlamePage) {
    this.#page = page;
    const weights = flatWeights(page.tree, 1);
    this.#groups = new GroupColors(page.functions, areasOf(page, weights));
    this.#heat = heatClasses(page, weights);
  }

  get grouping(): "package" | "function" {
    return this.#groups.grouping;
  }

  /** Returns the class of a box of function `fn` with these positive and negative sums. */
  classOf(fn: number, mode: ColorMode, plus: number, minus: number): string {
    if (this.#page.kind !== "plain") return changeClass(plus, minus);
    if (fn === 0) return "all";
    return mode === "share" ? this.#heat[fn] : this.#groups.classOf(fn);
  }

  legend(mode: ColorMode): Swatch[] {
    const { kind } = this.#page;
    if (kind !== "plain") {
      return [
        { className: "d4", meaning: "much less" },
        { className: "d2", meaning: "less" },
        { className: "none", meaning: "unchanged" },
        { className: "u2", meaning: "more" },
        { className: "u4", meaning: "much more" },
      ];
    }
    if (mode === "share") {
      return [
        { className: "h0", meaning: "flat is 0" },
        { className: "h4", meaning: "" },
        { className: "h8", meaning: "largest flat" },
      ];
    }
    return this.#groups.legend(1);
  }
}

/** Returns by function: the sum of the values of its frames; 0 for all samples. */
function areasOf({ tree, functions }: FlamePage, weights: Float64Array): Float64Array {
  const sums = weights.slice();
  const areas = new Float64Array(functions.length);
  for (let frame = tree.length - 1; frame > 0; frame--) {
    sums[tree.callers[frame]] += sums[frame];
    areas[tree.functions[frame]] += sums[frame];
  }
  return areas;
}

const GROUP_COUNT = GROUP_COLORS.light.split(" ").length;
const HEAT_STEPS = HEAT_COLORS.light.split(" ").length - 1;
const CHANGE_STEPS = GROWTH_COLORS.light.split(" ").length;

/** Returns the class of each function by its flat value, relative to the largest one. */
function heatClasses({ functions, tree }: FlamePage, weights: Float64Array): string[] {
  const own = new Float64Array(functions.length);
  for (let frame = 1; frame < tree.length; frame++) own[tree.functions[frame]] += weights[frame];
  const most = own.reduce((a, b) => Math.max(a, b), 0) || 1;
  // The square root makes small values distinguishable.
  return Array.from(own, (amount) => `h${Math.ceil(Math.sqrt(amount / most) * HEAT_STEPS)}`);
}

/** Smaller relative changes count as unchanged. */
const MIN_CHANGE = 0.01;

function changeClass(plus: number, minus: number): string {
  const change = (plus - minus) / (plus + minus || 1);
  const size = Math.abs(change);
  if (size < MIN_CHANGE) return "none";
  const step = Math.min(CHANGE_STEPS - 1, Math.floor(size * CHANGE_STEPS));
  return `${change > 0 ? "u" : "d"}${step}`;
}
