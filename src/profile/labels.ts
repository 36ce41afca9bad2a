import type { LabelTable } from "./profile.js";

/** Tests whether a row of the label table is a string label; all other rows are numeric labels. */
export function isStringLabel(labels: LabelTable, row: number): boolean {
  return labels.text[row] !== 0;
}

export function isNumberLabel(labels: LabelTable, row: number): boolean {
  return labels.text[row] === 0;
}
