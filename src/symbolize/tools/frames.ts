import type { Frame } from "../../transforms/symbolize.js";

/** Answers by address, innermost inlined call first; not there yet, or nothing was found. */
export type Frames = (readonly Frame[] | undefined)[];
