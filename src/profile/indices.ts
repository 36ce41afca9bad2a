declare const kind: unique symbol;

/** A row number of the table of this name; see `IndexColumn`. */
type Index<Kind extends string> = number & { readonly [kind]: Kind };
export type StringIndex = Index<"string">;
export type LocationIndex = Index<"location">;
export type LineIndex = Index<"line">;
export type FunctionIndex = Index<"function">;
export type MappingIndex = Index<"mapping">;

/** Marks an unknown mapping in a column of mapping indices. */
export const NO_MAPPING = -1 as MappingIndex;

export type SampleIndex = Index<"sample">;
export type { Index };
