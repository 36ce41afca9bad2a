import { type FlameTree, FrameFlags } from "../../graph/flame-tree.js";
import type { FlameReport } from "../../report/flame.js";
import type { FlameFunction } from "../../report/flame-functions.js";
import { exactDifference, type Int64 } from "../../units/int64.js";

/** No frame, or no row. */
export const NONE = -1;

/** The rows of an expandable tree: the frames whose callers are all expanded, in tree order. */
export class TreeRows {
  readonly tree: FlameTree;
  readonly functions: readonly FlameFunction[];
  /** By frame: 1 if its children are shown. */
  readonly #isExpanded: Uint8Array;
  #frames: readonly number[] = [];
  /** By frame: its row; only valid for frames that are shown. */
  readonly #rows: Int32Array;

  constructor({ tree, functions }: Pick<FlameReport, "tree" | "functions">) {
    this.tree = tree;
    this.functions = functions;
    this.#isExpanded = new Uint8Array(tree.length);
    this.#rows = new Int32Array(tree.length);
    this.#arrange();
  }

  /** The frames that are shown, by row. */
  get frames(): readonly number[] {
    return this.#frames;
  }

  /** Returns the row of a frame, or {@link NONE} if one of its callers is collapsed. */
  rowOf(frame: number): number {
    return frame >= 0 && this.#frames[this.#rows[frame]] === frame ? this.#rows[frame] : NONE;
  }

  functionOf(frame: number): FlameFunction {
    return this.functions[this.tree.functions[frame]];
  }

  hasChildren(frame: number): boolean {
    return this.tree.ends[frame] > frame + 1;
  }

  /** Whether the children of a frame were left out of the report. */
  isCut(frame: number): boolean {
    return (this.tree.flags[frame] & FrameFlags.cut) !== 0;
  }

  isExpanded(frame: number): boolean {
    return this.#isExpanded[frame] === 1;
  }

  /** Returns the children of a frame, highest value first. */
  childrenOf(frame: number): number[] {
    const { ends } = this.tree;
    const children: number[] = [];
    for (let child = frame + 1; child < ends[frame]; child = ends[child]) children.push(child);
    return children;
  }

  /** Returns the position of a frame among the children of its parent, from 1, and their number. */
  positionOf(frame: number): { position: number; size: number } {
    const siblings = frame === 0 ? [0] : this.childrenOf(this.tree.callers[frame]);
    return { position: siblings.indexOf(frame) + 1, size: siblings.length };
  }

  cum(frame: number): Int64 {
    const { plus, minus } = this.tree;
    return minus ? exactDifference(plus[frame], minus[frame]) : exactDifference(plus[frame], 0);
  }

  /** Returns the value of the function's own code; undefined if it is not known. */
  flat(frame: number): Int64 | undefined {
    const { selfPlus, selfMinus } = this.tree;
    if (this.isCut(frame)) return undefined;
    return exactDifference(selfPlus[frame], selfMinus?.[frame] ?? 0);
  }

  /** Expands or collapses a frame. */
  set(frame: number, isExpanded: boolean): void {
    if (isExpanded === this.isExpanded(frame) || !this.hasChildren(frame)) return;
    this.#isExpanded[frame] = isExpanded ? 1 : 0;
    this.#arrange();
  }

  /** Expands or collapses a frame and everything below it. */
  setAll(frame: number, isExpanded: boolean): void {
    this.#isExpanded.fill(isExpanded ? 1 : 0, frame, this.tree.ends[frame]);
    this.#arrange();
  }

  /** Expands the callers of a frame, so that it is shown. */
  reveal(frame: number): void {
    if (this.rowOf(frame) !== NONE) return;
    for (let at = this.tree.callers[frame]; at >= 0; at = this.tree.callers[at]) {
      this.#isExpanded[at] = 1;
    }
    this.#arrange();
  }

  /** Expands the heaviest path below a frame, to its leaf. */
  expandHeaviest(frame: number): void {
    for (let at = frame; this.hasChildren(at); at++) this.#isExpanded[at] = 1;
    this.#arrange();
  }

  /** Expands the frames that are expanded in other rows, as far as their paths exist here. */
  expandLike(other: TreeRows): void {
    const counterpart = new Map<number, number>([[0, 0]]);
    const open = [0];
    for (let frame = open.pop(); frame !== undefined; frame = open.pop()) {
      const own = counterpart.get(frame);
      if (own === undefined || !other.isExpanded(frame)) continue;
      this.#isExpanded[own] = 1;
      const byName = new Map(
        this.childrenOf(own).map((child) => [identityOf(this.functionOf(child)), child]),
      );
      for (const child of other.childrenOf(frame)) {
        const match = byName.get(identityOf(other.functionOf(child)));
        if (match === undefined) continue;
        counterpart.set(child, match);
        open.push(child);
      }
    }
    this.#arrange();
  }

  /** Returns the heaviest frame of a function, or {@link NONE}. */
  heaviestOf(name: string): number {
    const { length, functions } = this.tree;
    const matches = this.functions.map((one) => one.name === name);
    let heaviest = NONE;
    let most = NONE;
    for (let frame = 1; frame < length; frame++) {
      if (!matches[functions[frame]]) continue;
      const size = Math.abs(Number(this.cum(frame)));
      if (size <= most) continue;
      most = size;
      heaviest = frame;
    }
    return heaviest;
  }

  /** Returns the frames whose function's name matches, in tree order. */
  find(matches: (name: string) => boolean): number[] {
    const isMatch = this.functions.map(({ name }, fn) => fn > 0 && matches(name));
    const found: number[] = [];
    const { length, functions } = this.tree;
    for (let frame = 1; frame < length; frame++) if (isMatch[functions[frame]]) found.push(frame);
    return found;
  }

  #arrange(): void {
    const { length, ends } = this.tree;
    const frames: number[] = [];
    for (let frame = 0; frame < length; ) {
      this.#rows[frame] = frames.push(frame) - 1;
      frame = this.isExpanded(frame) ? frame + 1 : ends[frame];
    }
    this.#frames = frames;
  }
}

function identityOf({ name, file }: FlameFunction): string {
  return `${name}\n${file}`;
}
