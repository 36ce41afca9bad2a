/**
 * The label of samples in a profile of heap growth. A sample is memory that was `allocated` between
 * two points in time and is still in use, or that was in use and was `freed`, with negative values.
 * If only the memory at both points is known, it is all memory `after` and, negative, `before`.
 */
export const CHANGE_LABEL = {
  key: "change",
  allocated: "allocated",
  freed: "freed",
  after: "in use after",
  before: "in use before",
} as const;

export type Change = Exclude<keyof typeof CHANGE_LABEL, "key">;
