import { int64At } from "./columns.js";
import type { LabelTable } from "./profile.js";

/** Whether a row of the label table is a string label. */
export function isTextLabel(labels: LabelTable, row: number): boolean {
  return labels.text[row] !== 0;
}

/** Whether a row of the label table is a numeric label. A row may be neither. */
export function isNumberLabel(labels: LabelTable, row: number): boolean {
  return labels.text[row] === 0 && (labels.unit[row] !== 0 || int64At(labels.number, row) !== 0);
}
