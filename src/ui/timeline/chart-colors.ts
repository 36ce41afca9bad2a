import {
  type ColorMode,
  classOfName,
  functionLegend,
  keyOf,
  type Swatch,
} from "../../render/flame/colors.js";
import type { TimelineReport } from "../../report/timeline.js";
import { classNumber, fillIndex, pixelOf, Tone } from "../flame-canvas/theme.js";
import type { ChartTheme } from "./chart-theme.js";

/** The class of the garbage collector: no package has this colour. */
const GC_CLASS = "gc";
/** The class of waiting, which is hatched. */
const IDLE_CLASS = "all";

/** A colour and its meaning; `isIdle` marks the one that is hatched instead. */
export type LegendEntry = Swatch & { readonly isIdle?: boolean };

/** The meanings of colours that a timeline supports. */
export type ChartColorMode = "package" | "function" | "file";

/** Returns the meaning of the colours for a mode of flame graphs; "" is the default. */
export function chartMode({ grouping }: TimelineReport, mode: ColorMode | ""): ChartColorMode {
  return mode === "package" || mode === "function" || mode === "file" ? mode : grouping;
}

export interface ChartLegend {
  readonly swatches: readonly LegendEntry[];
  readonly rest: number;
}

/** The colours of the functions of a timeline, the same as in a flame graph. */
export class ChartColors {
  readonly #report: TimelineReport;
  readonly #mode: ChartColorMode;
  #legend: ChartLegend | undefined;
  /** By function: the number of its class. */
  readonly #classes: Uint8Array;
  /** By function: 1 if a thread waits in it. */
  readonly idle: Uint8Array;
  /** By function: its colour as a pixel, and the colour of its name. */
  fills = new Uint32Array(0);
  texts: readonly string[] = [];

  constructor(report: TimelineReport, mode: ChartColorMode) {
    const { functions, categories } = report;
    this.#report = report;
    this.#mode = mode;
    this.idle = Uint8Array.from(categories, (category) => (category === "idle" ? 1 : 0));
    this.#classes = Uint8Array.from(categories, (category, fn) => {
      if (category === "idle") return classNumber(IDLE_CLASS);
      if (category === "GC") return classNumber(GC_CLASS);
      return classNumber(classOfName(keyOf(functions[fn], mode)));
    });
  }

  /** Sets the colours for a theme and a search. `matches` has a 1 for each function that matches. */
  paint({ fills, texts, background, line }: ChartTheme, matches: Uint8Array | undefined): void {
    // Waiting is almost as light as the background, so that threads look empty then.
    const waiting = mixPixels(pixelOf(background), pixelOf(line), 0.3);
    const toneOf = (fn: number) => {
      if (!matches) return Tone.plain;
      return matches[fn] ? Tone.match : Tone.dim;
    };
    const indices = Array.from(this.#classes, (number, fn) => fillIndex(number, toneOf(fn)));
    this.fills = Uint32Array.from(indices, (index, fn) => (this.idle[fn] ? waiting : fills[index]));
    this.texts = indices.map((index) => texts[index]);
  }

  /** The colours with their meanings, and the number of others that are shown. */
  get legend(): ChartLegend {
    this.#legend ??= this.#makeLegend();
    return this.#legend;
  }

  #makeLegend(): ChartLegend {
    const { categories, functions, times } = this.#report;
    const isState = (fn: number) => ["idle", "GC"].includes(categories[fn]);
    const areas = times.map((time, fn) => (isState(fn) ? 0 : time));
    const { swatches, rest } = functionLegend(functions, areas, this.#mode);
    const states: LegendEntry[] = [
      ...(categories.includes("GC")
        ? [{ className: GC_CLASS, meaning: "garbage collection" }]
        : []),
      ...(categories.includes("idle")
        ? [{ className: IDLE_CLASS, meaning: "idle", isIdle: true }]
        : []),
    ];
    return { swatches: [...swatches, ...states], rest };
  }
}

function mixPixels(a: number, b: number, share: number): number {
  const bytes = [0, 8, 16].map((shift) => {
    const [from, to] = [(a >>> shift) & 255, (b >>> shift) & 255];
    return Math.round(from + (to - from) * share) << shift;
  });
  return (0xff000000 | bytes[0] | bytes[1] | bytes[2]) >>> 0;
}
