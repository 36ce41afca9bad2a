import type { Layout } from "./layout.js";
import type { FlamePage } from "./page.js";

/** Returns what a picture leaves out, as sentences. `how` says how to see it. */
export function omissionNotes(page: FlamePage, layout: Layout, how: string): string[] {
  const { narrow, narrowest, beyond, levels } = layout;
  const notes: string[] = [];
  if (page.tree.length === 1) notes.push("No stack has a value.");
  if (narrow === undefined) {
    notes.push(`Frames narrower than ${narrowest} px are not drawn; ${how}.`);
  } else if (narrow > 0) {
    notes.push(`${frames(narrow)} narrower than ${narrowest} px not drawn; ${how}.`);
  }
  if (beyond === undefined) notes.push(`No more than ${levels} levels are drawn; ${how}.`);
  else if (beyond > 0) {
    notes.push(`${frames(beyond)} beyond ${levels} levels not drawn; ${how}.`);
  }
  if (page.cutFrames > 0) {
    notes.push(
      `Only the ${formatThousands(page.tree.length - 1)} heaviest frames are in this file; ` +
        `the callees of ${formatThousands(page.cutFrames)} of them are left out.`,
    );
  }
  return notes;
}

/** Returns the end of a legend that leaves `count` colours out. */
export function restText(count: number): string {
  return `and ${formatThousands(count)} more`;
}

function frames(count: number): string {
  return count === 1 ? "1 frame" : `${formatThousands(count)} frames`;
}

/** Formats `12345` as `12,345`. */
export function formatThousands(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}
