import { GroupColors, type Swatch } from "../../render/flame/colors.js";
import type { TimelineReport } from "../../report/timeline.js";
import { classNumber, fillIndex, pixelOf, Tone } from "../flame-canvas/theme.js";
import type { ChartTheme } from "./chart-theme.js";

/** The class of the garbage collector: no package has this colour. */
const GC_CLASS = "u4";
/** The class of V8's own code. */
const NEUTRAL_CLASS = "none";
/** The class of waiting, which is hatched. */
const IDLE_CLASS = "all";

/** A colour and its meaning; `isIdle` marks the one that is hatched instead. */
export type LegendEntry = Swatch & { readonly isIdle?: boolean };

/** The colours of the functions of a timeline, the same as in a flame graph as far as possible. */
export class ChartColors {
  readonly #report: TimelineReport;
  readonly #groups: GroupColors;
  /** By function: the number of its class. */
  readonly #classes: Uint8Array;
  /** By function: 1 if a thread waits in it. */
  readonly idle: Uint8Array;
  /** By function: its colour as a pixel, and the colour of its name. */
  fills = new Uint32Array(0);
  texts: readonly string[] = [];

  constructor(report: TimelineReport) {
    const { functions, categories, times } = report;
    this.#report = report;
    this.#groups = new GroupColors(functions, times);
    this.idle = Uint8Array.from(categories, (category) => (category === "idle" ? 1 : 0));
    this.#classes = Uint8Array.from(categories, (category, fn) => {
      if (category === "idle") return classNumber(IDLE_CLASS);
      if (category === "GC") return classNumber(GC_CLASS);
      const isEngine = category === "program" || category === "compiler";
      return classNumber(isEngine ? NEUTRAL_CLASS : this.#groups.classOf(fn));
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

  legend(): LegendEntry[] {
    const { categories, functions } = this.#report;
    const has = (...wanted: string[]) => categories.some((category) => wanted.includes(category));
    const states = new Set(
      functions
        .filter((_, fn) => ["idle", "GC", "program", "compiler"].includes(categories[fn]))
        .flatMap(({ name, group }) => [name, group]),
    );
    const groups = this.#groups.legend(0).filter(({ meaning }) => !states.has(meaning));
    const others = groups.filter(({ className }) => className === "none");
    return [
      ...groups.filter((swatch) => !others.includes(swatch)),
      ...(has("GC") ? [{ className: GC_CLASS, meaning: "garbage collection" }] : []),
      ...(others.length > 0 || has("program", "compiler")
        ? [{ className: NEUTRAL_CLASS, meaning: others.length > 0 ? "others" : "the engine" }]
        : []),
      ...(has("idle") ? [{ className: IDLE_CLASS, meaning: "idle", isIdle: true }] : []),
    ];
  }
}

function mixPixels(a: number, b: number, share: number): number {
  const bytes = [0, 8, 16].map((shift) => {
    const [from, to] = [(a >>> shift) & 255, (b >>> shift) & 255];
    return Math.round(from + (to - from) * share) << shift;
  });
  return (0xff000000 | bytes[0] | bytes[1] | bytes[2]) >>> 0;
}
