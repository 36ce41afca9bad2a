import { boxText } from "../../render/flame/box-note.js";
import { Coloring, type FunctionColor, type Legend } from "../../render/flame/colors.js";
import {
  boxFigures,
  type FrameDetails,
  formatAmount,
  frameDetails,
  type Neighbor,
  withShare,
} from "../../render/flame/details.js";
import { Callees, Callers, type Frame, type FrameSource } from "../../render/flame/frames.js";
import type { Box, Layout } from "../../render/flame/layout.js";
import { formatThousands, omissionNotes } from "../../render/flame/notes.js";
import type { FlamePage } from "../../render/flame/page.js";
import { findMatches, type Matches } from "./matches.js";

/** The state of the picture: frames, zoom, colours, and the matches of a search. */
export class PictureModel {
  readonly page: FlamePage;
  readonly #coloring: Coloring;
  #mergesLeaves = false;
  #scalesBase = false;
  #color: FunctionColor;
  #source: FrameSource;
  #zoom: Frame;
  #matches: Matches | undefined;

  constructor(page: FlamePage) {
    this.page = page;
    this.#coloring = new Coloring(page);
    this.#color = this.#coloring.defaultMode;
    this.#source = this.#makeSource();
    this.#zoom = this.#source.root;
  }

  get source(): FrameSource {
    return this.#source;
  }

  /** The frame that fills the width. */
  get zoom(): Frame {
    return this.#zoom;
  }

  set zoom(frame: Frame) {
    this.#zoom = frame;
  }

  get hasMatches(): boolean {
    return this.#matches !== undefined;
  }

  /** The meaning of the colours. */
  get color(): FunctionColor {
    return this.#color;
  }

  /** Switches to merging stacks from the leaves, or back; returns whether it is on. */
  toggleMergesLeaves(): boolean {
    this.#mergesLeaves = !this.#mergesLeaves;
    this.#source = this.#makeSource();
    this.#zoom = this.#source.root;
    return this.#mergesLeaves;
  }

  /** Switches to scaling the base profile to the new total, or back; returns whether it is on. */
  toggleScalesBase(): boolean {
    this.#scalesBase = !this.#scalesBase;
    const path: number[] = [];
    for (let frame = this.#zoom; frame.parent; frame = frame.parent) path.push(frame.functionIndex);
    this.#source = this.#makeSource();
    this.#zoom = this.#source.root;
    for (const fn of path.reverse()) {
      const next = this.#source.next(this.#zoom, 0).find((frame) => frame.functionIndex === fn);
      if (!next) break;
      this.#zoom = next;
    }
    return this.#scalesBase;
  }

  /** Gives the colours the next meaning of those that differ in this picture. */
  nextColor(): void {
    const { modes } = this.#coloring;
    this.#color = modes[(modes.indexOf(this.#color) + 1) % modes.length];
  }

  legend(): Legend {
    return this.#coloring.legend(this.#color);
  }

  /** Returns the text of a box that has room for `letters`. */
  textOf({ frame }: Box, letters: number): string {
    const figures = () => boxFigures(this.page, this.#source.amounts(frame));
    return boxText(this.page.functions[frame.functionIndex], figures, letters);
  }

  classOf({ frame }: Box): string {
    const { plus, minus } = this.#source.amounts(frame);
    const scaledMinus = Number(minus) * this.#minusScale();
    return this.#coloring.classOf(frame.functionIndex, this.#color, Number(plus), scaledMinus);
  }

  isMatch({ frame }: Box): boolean {
    return this.#matches?.functions[frame.functionIndex] === 1;
  }

  details(frame: Frame): FrameDetails {
    const beside: Neighbor | undefined = frame.parent && {
      label: this.#mergesLeaves ? "Of its callee" : "Of its caller",
      amounts: this.#source.amounts(frame.parent),
    };
    return frameDetails(this.page, frame.functionIndex, this.#source.amounts(frame), beside);
  }

  notes(layout: Layout): string[] {
    const notes = omissionNotes(this.page, layout, "zoom in to see them");
    if (layout.hiddenParents > 0) {
      notes.unshift(
        `${formatThousands(layout.hiddenParents)} callers of this frame are not drawn.`,
      );
    }
    return notes;
  }

  /** Searches for a pattern; "" ends the search. Describes the matches. Throws a SyntaxError. */
  search(pattern: string): string {
    this.#matches = undefined;
    if (pattern === "") return "";
    this.#matches = findMatches(this.page, pattern);
    const { page } = this;
    const { count, plus, minus } = this.#matches;
    if (count === 0) return "no match";
    const matches = count === 1 ? "1 match" : `${formatThousands(count)} matches`;
    if (page.kind === "plain") return `${matches}: ${withShare(page, plus)}`;
    const [less, more] = page.kind === "compared" ? ["base", "new"] : ["less", "more"];
    return `${matches}: ${less} ${formatAmount(page, minus)}, ${more} ${formatAmount(page, plus)}`;
  }

  #makeSource(): FrameSource {
    const { tree } = this.page;
    const scale = this.#minusScale();
    return this.#mergesLeaves ? new Callers(tree, scale) : new Callees(tree, scale);
  }

  #minusScale(): number {
    const { tree } = this.page;
    const minus = Number(tree.minus?.[0] ?? 0);
    return this.#scalesBase && minus > 0 ? Number(tree.plus[0]) / minus : 1;
  }
}
