import { Coloring, type ColorMode, type Swatch } from "../../render/flame/colors.js";
import type { Scene } from "./scene.js";
import { classNumber } from "./theme.js";

/** Chooses the colour classes of the boxes of a scene. */
export class SceneColoring {
  readonly #scene: Scene;
  readonly #groups: Coloring;
  #shares: Coloring | undefined;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#groups = new Coloring(scene.page);
  }

  get grouping(): "package" | "function" {
    return this.#groups.grouping;
  }

  legend(mode: ColorMode): Swatch[] {
    return this.#of(mode).legend(mode);
  }

  /** Returns the number of the class of each box. */
  classes(mode: ColorMode): Uint8Array {
    const { frames, page, tree, minusScale } = this.#scene;
    const coloring = this.#of(mode);
    const classes = new Uint8Array(frames.length);
    if (page.kind === "plain") {
      const byFunction = Uint8Array.from(page.functions, (_, fn) =>
        classNumber(coloring.classOf(fn, mode, 0, 0)),
      );
      frames.forEach((frame, box) => {
        classes[box] = byFunction[tree.functions[frame]];
      });
      return classes;
    }
    frames.forEach((frame, box) => {
      const minus = Number(tree.minus?.[frame] ?? 0) * minusScale;
      const name = coloring.classOf(tree.functions[frame], mode, Number(tree.plus[frame]), minus);
      classes[box] = classNumber(name);
    });
    return classes;
  }

  #of(mode: ColorMode): Coloring {
    if (mode === "group" || !this.#scene.isPivot) return this.#groups;
    this.#shares ??= new Coloring({ ...this.#scene.page, tree: withoutCallers(this.#scene) });
    return this.#shares;
  }
}

/** Zeroes the flat values of callers in a sandwich: they are where stacks begin, not costs. */
function withoutCallers(scene: Scene): Scene["tree"] {
  const { tree } = scene;
  const selfPlus = Float64Array.from(tree.selfPlus as ArrayLike<number | bigint>, (own, frame) =>
    scene.isCaller(frame) ? 0 : Number(own),
  );
  return { ...tree, selfPlus };
}
