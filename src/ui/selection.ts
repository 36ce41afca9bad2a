/*
 * The selected frame and function in the address (parameter `sel`): `KEY.NAME`, where KEY identifies
 * a frame of a flame graph or call tree and may be empty. A view selects the frame if it has it,
 * and otherwise the function.
 */

export interface Selection {
  /** The frame's key, without dots; empty if only a function is selected. */
  readonly frame: string;
  /** The function's name as reports print it; may be empty. */
  readonly name: string;
}

export function selectionOf(text: string): Selection {
  const dot = text.indexOf(".");
  return dot < 0
    ? { frame: text, name: "" }
    : { frame: text.slice(0, dot), name: text.slice(dot + 1) };
}

export function selectionText({ frame = "", name }: { frame?: string; name: string }): string {
  return frame === "" && name === "" ? "" : `${frame}.${name}`;
}
