declare const kind: unique symbol;

/** A row number of the table that the name tells; see `IndexColumn`. */
type Index<Kind extends string> = number & { readonly [kind]: Kind };
export type StringIndex = Index<"string">;
export type LocationIndex = Index<"location">;
export type LineIndex = Index<"line">;
export type FunctionIndex = Index<"function">;
export type MappingIndex = Index<"mapping">;

/** In a column of mapping indices: the mapping is not known. */
export const NO_MAPPING = -1 as MappingIndex;

export type SampleIndex = Index<"sample">;
export type { Index };
