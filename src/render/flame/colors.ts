import type { FlameFunction } from "../../report/flame-functions.js";
import { CHANGE_COLORS } from "../change-colors.js";
import { flatWeights } from "./frames.js";
import type { FlamePage } from "./page.js";
import { paletteIndex } from "./palette.js";
import { HEAT_STEPS } from "./themes.js";

/** The meanings of colours that depend on functions and amounts alone. */
export type FunctionColor = "package" | "function" | "file" | "self" | "diff";

/** The meanings of colours. Binaries and labels need the marks of a report. */
export type ColorMode = FunctionColor | "binary" | `label:${string}`;

/** The names of meanings for users. */
export const COLOR_NAMES: Readonly<Record<FunctionColor | "binary", string>> = {
  package: "package",
  function: "function",
  file: "file",
  binary: "binary",
  self: "own share",
  diff: "change",
};

/** Returns whether a text, such as a parameter of an address, is a {@link ColorMode}. */
export function isColorMode(text: string): text is ColorMode {
  return Object.hasOwn(COLOR_NAMES, text) || /^label:./s.test(text);
}

/** Returns the label whose values the colours mean, or undefined. */
export function labelOf(mode: ColorMode): string | undefined {
  return mode.startsWith("label:") ? mode.slice("label:".length) : undefined;
}

/** Returns whether a mode needs the marks of a report. */
export function isMarked(mode: ColorMode): mode is Exclude<ColorMode, FunctionColor> {
  return mode === "binary" || labelOf(mode) !== undefined;
}

export interface Swatch {
  readonly className: string;
  readonly meaning: string;
}

export interface Legend {
  readonly swatches: readonly Swatch[];
  /** The number of other names that are shown and have a colour. */
  readonly rest: number;
}

/** The class of the garbage collector, whose names are those of V8's CPU and heap profiles. */
const GC_CLASS = "gc";
const GC_NAMES: ReadonlySet<string> = new Set(["(garbage collector)", "(GC)"]);

/** Returns the class of a package, function, file, binary or label value: always the same. */
export function classOfName(name: string): string {
  return GC_NAMES.has(name) ? GC_CLASS : `g${paletteIndex(name)}`;
}

/** The mark of the user's packages, and the package of their scripts outside known packages. */
const OWN_CODE = "(own code)";

/** Returns the package or file of a function, or its name. */
export function keyOf(fn: FlameFunction, mode: "package" | "function" | "file"): string {
  if (mode === "package") return fn.group;
  return mode === "file" ? fileOf(fn) : fn.name;
}

/** Matches a file behind a function's name, without the line. */
const FILE_IN_NAME = /\s(\S+?)(?::\d+){0,2}$/;

/** Returns the file of a function, which may be a part of its name. */
function fileOf({ file, name }: FlameFunction): string {
  return file || (FILE_IN_NAME.exec(name)?.[1] ?? name);
}

/** A legend names the largest areas until they cover this part of the picture. */
const MIN_COVERED = 0.95;
const MIN_SWATCHES = 6;
const MAX_SWATCHES = 10;

/** Makes a legend of the names with the largest areas, `first` ones before others. */
export function legendOf(
  areas: ReadonlyMap<string, number>,
  meaningOf: (name: string) => string = (name) => name || "(unknown)",
  first: ReadonlySet<string> = new Set(),
): Legend {
  const sorted = [...areas].sort(
    ([a, x], [b, y]) => Number(first.has(b)) - Number(first.has(a)) || y - x || (a < b ? -1 : 1),
  );
  const whole = sorted.reduce((sum, [, area]) => sum + area, 0);
  const swatches: Swatch[] = [];
  let covered = 0;
  for (const [name, area] of sorted) {
    const isEnough = swatches.length >= MIN_SWATCHES && covered >= whole * MIN_COVERED;
    if (isEnough || swatches.length === MAX_SWATCHES) break;
    swatches.push({ className: classOfName(name), meaning: meaningOf(name) });
    covered += area;
  }
  return { swatches, rest: sorted.length - swatches.length };
}

/** Makes the legend of packages, functions or files. Functions without an area are left out. */
export function functionLegend(
  functions: readonly FlameFunction[],
  areas: ArrayLike<number>,
  mode: "package" | "function" | "file",
): Legend {
  const byKey = new Map<string, number>();
  const own = new Set<string>();
  functions.forEach((fn, i) => {
    if (!(areas[i] > 0)) return;
    const key = keyOf(fn, mode);
    byKey.set(key, (byKey.get(key) ?? 0) + areas[i]);
    if (fn.isOwn && mode === "package") own.add(key);
  });
  const meaningOf = (key: string) =>
    key !== OWN_CODE && own.has(key) ? `${key} ${OWN_CODE}` : key || "(unknown)";
  return legendOf(byKey, meaningOf, own);
}

/** Chooses the classes of boxes. The themes have their colours. */
export class Coloring {
  readonly #page: FlamePage;
  readonly #weights: Float64Array;
  /** By function and mode: its class. Computed when a mode is used first. */
  readonly #classes = new Map<FunctionColor, readonly string[]>();

  constructor(page: FlamePage) {
    this.#page = page;
    this.#weights = flatWeights(page.tree, 1);
  }

  /** The meaning of the colours unless the user chooses another. */
  get defaultMode(): FunctionColor {
    return this.#page.kind === "plain" ? this.#page.grouping : "diff";
  }

  /** The modes in which boxes differ in colour. */
  get modes(): FunctionColor[] {
    const { kind, functions, grouping } = this.#page;
    const files = new Set(functions.slice(1).map(({ file }) => file));
    return [
      ...(kind === "plain" ? [] : ["diff" as const]),
      ...(grouping === "package" ? ["package" as const] : []),
      "function",
      ...(files.size > 1 ? ["file" as const] : []),
      ...(kind === "plain" ? ["self" as const] : []),
    ];
  }

  /** Returns the class of a box of function `fn` with these positive and negative sums. */
  classOf(fn: number, mode: FunctionColor, plus: number, minus: number): string {
    return mode === "diff" ? changeClass(plus, minus) : this.classesOf(mode)[fn];
  }

  /** Returns the class of each function in a mode that depends on functions alone. */
  classesOf(mode: Exclude<FunctionColor, "diff">): readonly string[] {
    let classes = this.#classes.get(mode);
    if (!classes) {
      const { functions } = this.#page;
      const all =
        mode === "self"
          ? heatClasses(this.#page, this.#weights)
          : functions.map((fn) => classOfName(keyOf(fn, mode)));
      classes = ["all", ...all.slice(1)];
      this.#classes.set(mode, classes);
    }
    return classes;
  }

  legend(mode: FunctionColor): Legend {
    if (mode === "diff") return { swatches: CHANGE_LEGEND, rest: 0 };
    if (mode === "self") return { swatches: HEAT_LEGEND, rest: 0 };
    return functionLegend(this.#page.functions, this.#areas, mode);
  }

  /** By function: the sum of the values of its frames; 0 for all samples. */
  get #areas(): Float64Array {
    const { tree, functions } = this.#page;
    const sums = this.#weights.slice();
    const areas = new Float64Array(functions.length);
    for (let frame = tree.length - 1; frame > 0; frame--) {
      sums[tree.callers[frame]] += sums[frame];
      areas[tree.functions[frame]] += sums[frame];
    }
    return areas;
  }
}

const CHANGE_LEGEND: readonly Swatch[] = [
  { className: "d4", meaning: "much less" },
  { className: "d2", meaning: "less" },
  { className: "none", meaning: "unchanged" },
  { className: "u2", meaning: "more" },
  { className: "u4", meaning: "much more" },
];

const HEAT_LEGEND: readonly Swatch[] = [
  { className: "h0", meaning: "flat is 0" },
  { className: "h4", meaning: "" },
  { className: "h8", meaning: "largest flat" },
];

/** Returns the class of each function by its flat value, relative to the largest one. */
function heatClasses({ functions, tree }: FlamePage, weights: Float64Array): string[] {
  const own = new Float64Array(functions.length);
  for (let frame = 1; frame < tree.length; frame++) own[tree.functions[frame]] += weights[frame];
  const most = own.reduce((a, b) => Math.max(a, b), 0) || 1;
  // The square root makes small values distinguishable.
  return Array.from(own, (amount) => `h${Math.ceil(Math.sqrt(amount / most) * HEAT_STEPS)}`);
}

const CHANGE_STEPS = CHANGE_COLORS.light.moreSteps.length;

/** Smaller relative changes count as unchanged. */
const MIN_CHANGE = 0.01;

function changeClass(plus: number, minus: number): string {
  const change = (plus - minus) / (plus + minus || 1);
  const size = Math.abs(change);
  if (size < MIN_CHANGE) return "none";
  const step = Math.min(CHANGE_STEPS - 1, Math.floor(size * CHANGE_STEPS));
  return `${change > 0 ? "u" : "d"}${step}`;
}
