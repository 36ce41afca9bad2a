import { formatAmount, formatShare, withShare } from "../../render/flame/details.js";
import { formatThousands } from "../../render/flame/notes.js";
import { add, type Int64 } from "../../units/int64.js";
import type { NameMatcher } from "../search/name-search.js";
import type { Scene } from "./scene.js";

/** The sum over all stacks with a matching frame; no stack counts twice. */
interface Totals {
  readonly plus: Int64;
  readonly minus: Int64;
}

/** The result of a search in a scene. */
export interface Matches {
  /** By function: 1 if its name matches. */
  readonly functions: Uint8Array;
  /** The matching frames, from left to right. */
  readonly frames: Uint32Array;
  readonly callees: Totals;
  /** In a sandwich, the sum on the side of the callers. */
  readonly callers: Totals | undefined;
}

export function findMatches(scene: Scene, matches: NameMatcher): Matches {
  const { tree, page } = scene;
  const functions = new Uint8Array(page.functions.length);
  for (let fn = 1; fn < functions.length; fn++) {
    if (matches(page.functions[fn].name)) functions[fn] = 1;
  }
  const found: number[] = [];
  const sides: Totals[] = [
    { plus: 0, minus: 0 },
    { plus: 0, minus: 0 },
  ];
  /** All frames below this index belong to stacks that were counted. */
  let counted = 0;
  for (let frame = 1; frame < tree.length; frame++) {
    if (!functions[tree.functions[frame]]) continue;
    const isCaller = scene.isCaller(frame);
    // The pivot is the root of both sides, but one box.
    if (!isCaller || scene.parentOf(frame) !== 0) found.push(frame);
    if (frame < counted) continue;
    counted = tree.ends[frame];
    const side = sides[isCaller ? 1 : 0];
    sides[isCaller ? 1 : 0] = {
      plus: add(side.plus, tree.plus[frame]),
      minus: add(side.minus, tree.minus?.[frame] ?? 0),
    };
  }
  return {
    functions,
    frames: Uint32Array.from(found),
    callees: sides[0],
    callers: scene.isPivot ? sides[1] : undefined,
  };
}

/** Describes matches: the number of frames, and the sum of their stacks. */
export function foundText({ page }: Scene, { frames, callees, callers }: Matches): string {
  if (frames.length === 0) return "no match";
  const count = `${formatThousands(frames.length)} ${frames.length === 1 ? "frame" : "frames"}`;
  if (callers && page.kind === "plain") {
    return `${count}: callers ${formatShare(callers.plus, page.total)}, callees ${formatShare(callees.plus, page.total)}`;
  }
  if (page.kind === "plain") return `${count}: ${withShare(page, callees.plus)}`;
  const [less, more] = page.kind === "compared" ? ["base", "new"] : ["less", "more"];
  return `${count}: ${less} ${formatAmount(page, callees.minus)}, ${more} ${formatAmount(page, callees.plus)}`;
}
