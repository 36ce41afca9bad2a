import type { LabelTable } from "./profile.js";

/** Whether a row of the label table is a string label. */
export function isTextLabel(labels: LabelTable, row: number): boolean {
  return labels.text[row] !== 0;
}

/** Whether a row of the label table is a numeric label. */
export function isNumberLabel(labels: LabelTable, row: number): boolean {
  return labels.text[row] === 0;
}
