import {
  Coloring,
  type ColorMode,
  classOfName,
  type FunctionColor,
  isMarked,
  type Legend,
  legendOf,
  type Swatch,
} from "../../render/flame/colors.js";
import { type FrameMarks, MIXED, UNLABELLED } from "../../report/frame-marks.js";
import type { Scene } from "./scene.js";
import { classNumber } from "./theme.js";

/** The classes of frames whose samples have several values of a label, or none. */
const UNMARKED_CLASSES: Readonly<Record<string, string>> = { [MIXED]: "none", [UNLABELLED]: "all" };

/** Chooses the colour classes of the boxes of a scene. */
export class SceneColoring {
  readonly #scene: Scene;
  readonly #coloring: Coloring;
  #shares: Coloring | undefined;
  /** The modes in which boxes differ in colour, besides those that need marks. */
  readonly modes: readonly FunctionColor[];
  readonly #legends = new Map<ColorMode, Legend>();

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#coloring = new Coloring(scene.page);
    this.modes = this.#coloring.modes;
  }

  /** The meaning of the colours unless the user chooses another. */
  get defaultMode(): FunctionColor {
    return this.#coloring.defaultMode;
  }

  legend(mode: ColorMode): Legend {
    const known = this.#legends.get(mode) ?? this.#makeLegend(mode);
    this.#legends.set(mode, known);
    return known;
  }

  #makeLegend(mode: ColorMode): Legend {
    const { marks } = this.#scene;
    if (!isMarked(mode)) return this.#of(mode).legend(mode);
    return marks ? markLegend(this.#scene, marks) : { swatches: [], rest: 0 };
  }

  /** Returns the number of the class of each box. */
  classes(mode: ColorMode): Uint8Array {
    const { frames, tree, minusScale, marks } = this.#scene;
    if (isMarked(mode)) return this.#markClasses(marks);
    const coloring = this.#of(mode);
    const classes = new Uint8Array(frames.length);
    if (mode !== "diff") {
      const numbers = coloring.classesOf(mode).map(classNumber);
      frames.forEach((frame, box) => {
        classes[box] = numbers[tree.functions[frame]];
      });
      return classes;
    }
    frames.forEach((frame, box) => {
      const minus = Number(tree.minus?.[frame] ?? 0) * minusScale;
      const plus = Number(tree.plus[frame]);
      classes[box] = classNumber(coloring.classOf(tree.functions[frame], mode, plus, minus));
    });
    return classes;
  }

  #markClasses(marks: FrameMarks | undefined): Uint8Array {
    const { frames, root } = this.#scene;
    const classes = new Uint8Array(frames.length);
    const numbers = marks?.names.map((name) => classNumber(markClass(name))) ?? [];
    frames.forEach((frame, box) => {
      if (frame === root) classes[box] = classNumber("all");
      else if (marks) classes[box] = numbers[marks.frames[frame]];
    });
    return classes;
  }

  #of(mode: FunctionColor): Coloring {
    if (mode !== "self" || !this.#scene.isPivot) return this.#coloring;
    this.#shares ??= new Coloring({ ...this.#scene.page, tree: withoutCallers(this.#scene) });
    return this.#shares;
  }
}

function markClass(name: string): string {
  return UNMARKED_CLASSES[name] ?? classOfName(name);
}

/** Makes the legend of the marks of boxes, by the area that they cover. */
function markLegend(scene: Scene, { names, frames }: FrameMarks): Legend {
  const areas = new Map<string, number>();
  scene.frames.forEach((frame, box) => {
    if (frame === scene.root) return;
    const name = names[frames[frame]];
    areas.set(name, (areas.get(name) ?? 0) + scene.ends[box] - scene.starts[box]);
  });
  const { swatches, rest } = legendOf(areas);
  const isUnmarked = ({ meaning }: Swatch) => Object.hasOwn(UNMARKED_CLASSES, meaning);
  const unmarked = swatches
    .filter(isUnmarked)
    .map(({ meaning }) => ({ className: UNMARKED_CLASSES[meaning], meaning }));
  return { swatches: [...swatches.filter((one) => !isUnmarked(one)), ...unmarked], rest };
}

/** Zeroes the flat values of callers in a sandwich: they are where stacks begin, not costs. */
function withoutCallers(scene: Scene): Scene["tree"] {
  const { tree } = scene;
  const selfPlus = Float64Array.from(tree.selfPlus as ArrayLike<number | bigint>, (own, frame) =>
    scene.isCaller(frame) ? 0 : Number(own),
  );
  return { ...tree, selfPlus };
}
