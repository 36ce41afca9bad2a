/**
 * The parts of a name to print: the name alone, the name with template arguments, or everything
 * including parameters and return type. Clone suffixes are never printed.
 */
export type DemangleStyle = "simplified" | "templates" | "full";
