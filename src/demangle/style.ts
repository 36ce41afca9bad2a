/**
 * How much of a name is printed: the name alone, the name with its template arguments, or all with
 * parameters and return type. Clone suffixes are never printed.
 */
export type DemangleStyle = "simplified" | "templates" | "full";
