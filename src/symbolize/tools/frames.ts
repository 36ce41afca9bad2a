import type { Frame } from "../../transforms/symbolize.js";

/** The frames of each address, innermost inlined call first; undefined if none were found. */
export type Frames = (readonly Frame[] | undefined)[];
