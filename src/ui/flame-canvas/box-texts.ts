import { boxNote } from "../../render/flame/box-note.js";
import { boxFigures } from "../../render/flame/details.js";
import type { NameFitter } from "./name-fitter.js";
import type { Scene } from "./scene.js";

/** The distance between the parts of a text, in CSS pixels. */
const GAP = 8;
/** Figures are wider than this. */
const MIN_FIGURES_WIDTH = 50;
/** Boxes with less room for text have only a name. */
const MIN_DETAILED_ROOM = 90;

/** The text of a box: the name, and what follows it if there is room. */
export interface BoxText {
  readonly name: string;
  /** The package or file, and the share and value. */
  readonly details: readonly { readonly text: string; readonly offset: number }[];
}

const NO_DETAILS: BoxText["details"] = [];

/** Chooses the texts of boxes. Makes the notes and figures of each frame only once. */
export class BoxTexts {
  readonly #scene: Scene;
  /** By function. */
  readonly #notes: string[] = [];
  readonly #figures = new Map<number, string>();

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** Returns the text of a frame for a box with `room` CSS pixels. */
  textOf(frame: number, room: number, fitter: NameFitter): BoxText {
    const scene = this.#scene;
    if (frame === scene.root) {
      const label = fitter.fitAll(scene.rootLabel, room);
      if (label !== "") return { name: label, details: NO_DETAILS };
    }
    const whole = scene.nameOf(frame);
    const name = fitter.fit(whole, room);
    // A shortened name leaves no room for details.
    if (room < MIN_DETAILED_ROOM || name !== whole) return { name, details: NO_DETAILS };
    let end = fitter.widthOf(name) + GAP;
    if (end + MIN_FIGURES_WIDTH > room) return { name, details: NO_DETAILS };
    const details: { text: string; offset: number }[] = [];
    const add = (text: string) => {
      if (text === "") return;
      const width = fitter.widthOf(text);
      if (end + width > room) return;
      details.push({ text, offset: end });
      end += width + GAP;
    };
    add(this.#noteOf(frame));
    if (end + MIN_FIGURES_WIDTH <= room) add(this.#figuresOf(frame));
    return { name, details };
  }

  #noteOf(frame: number): string {
    const fn = this.#scene.tree.functions[frame];
    this.#notes[fn] ??= boxNote(this.#scene.page.functions[fn]);
    return this.#notes[fn];
  }

  #figuresOf(frame: number): string {
    let figures = this.#figures.get(frame);
    if (figures === undefined) {
      figures = boxFigures(this.#scene.page, this.#scene.amounts(frame));
      this.#figures.set(frame, figures);
    }
    return figures;
  }
}
