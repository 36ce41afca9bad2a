import type { Layout } from "./layout.js";
import type { FlamePage } from "./page.js";

/** Returns what a picture leaves out, as sentences. `how` says how to see it. */
export function omissions(page: FlamePage, layout: Layout, how: string): string[] {
  const { narrow, narrowest, beyond, levels } = layout;
  const notes: string[] = [];
  if (page.tree.length === 1) notes.push("There are no stacks with a value.");
  if (narrow === undefined) {
    notes.push(`What is narrower than ${narrowest} px is not drawn; ${how}.`);
  } else if (narrow > 0) {
    const frames = narrow === 1 ? "1 frame" : `${grouped(narrow)} frames`;
    notes.push(`${frames} narrower than ${narrowest} px not drawn; ${how}.`);
  }
  if (beyond === undefined) notes.push(`No more than ${levels} levels are drawn; ${how}.`);
  else if (beyond > 0) {
    const frames = beyond === 1 ? "1 frame" : `${grouped(beyond)} frames`;
    notes.push(`${frames} beyond ${levels} levels not drawn; ${how}.`);
  }
  if (page.cutFrames > 0) {
    notes.push(
      `Only the ${grouped(page.tree.length - 1)} heaviest frames are in this file: ` +
        `what ${grouped(page.cutFrames)} of them call is left out.`,
    );
  }
  return notes;
}

/** Formats `12345` as `12,345`. */
export function grouped(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}
