import type { Frame, FrameSource } from "./frames.js";

/** A frame with its place in the picture. */
export interface Box {
  readonly frame: Frame;
  /** 0 is next to the root's edge of the picture. */
  readonly level: number;
  /** In whole hundredths of a pixel, so that what is written down is exact. */
  readonly left: number;
  readonly right: number;
}

export interface LayoutOptions {
  /** In pixels. */
  readonly width: number;
  /** Frames that are narrower are not drawn; more are left out where there are too many. */
  readonly narrowest: number;
  readonly maxBoxes: number;
  /** How many levels are drawn from the frame that fills the width on. */
  readonly maxLevels: number;
  /** How many frames below it are drawn at most. */
  readonly maxParents: number;
}

export interface Layout {
  /** Level by level, from left to right. */
  readonly boxes: readonly Box[];
  readonly levels: number;
  /** How many frames are too narrow, and from which width on they are; undefined if not known. */
  readonly narrow: number | undefined;
  readonly narrowest: number;
  /** How many frames lie beyond the last level; undefined if not known. */
  readonly beyond: number | undefined;
  /** How many frames between the root and the frame that fills the width are left out. */
  readonly hiddenParents: number;
}

/** Lays out `zoom` over the whole width, below it what it lies on, above it what lies on it. */
export function layOut(source: FrameSource, zoom: Frame, options: LayoutOptions): Layout {
  let { narrowest } = options;
  for (;;) {
    const layout = tryLayOut(source, zoom, narrowest, options);
    if (layout) return layout;
    narrowest *= 2;
  }
}

/** Undefined where that would be too many boxes. */
function tryLayOut(
  source: FrameSource,
  zoom: Frame,
  narrowest: number,
  { width, maxBoxes, maxLevels, maxParents }: LayoutOptions,
): Layout | undefined {
  const hundredths = Math.round(width * 100);
  const length = zoom.end - zoom.start || 1;
  const x = (position: number) => Math.round(((position - zoom.start) / length) * hundredths);
  const parents = parentsOf(zoom);
  // The root stays, and the frames that are nearest.
  const hiddenParents = Math.max(0, parents.length - maxParents);
  parents.splice(1, hiddenParents);
  const boxes: Box[] = parents.map((frame, level) => ({
    frame,
    level,
    left: 0,
    right: hundredths,
  }));
  boxes.push({ frame: zoom, level: parents.length, left: 0, right: hundredths });

  let levels = parents.length + 1;
  let beyond: number | undefined = 0;
  for (let i = parents.length; i < boxes.length; i++) {
    const { frame, level } = boxes[i];
    const isLast = level - parents.length + 1 >= maxLevels;
    const next = source.next(frame, (narrowest / width) * length);
    if (isLast) {
      const count = source.countBeyond(frame);
      if (count === undefined && next.length > 0) beyond = undefined;
      else if (beyond !== undefined) beyond += count ?? 0;
      continue;
    }
    for (const above of next) {
      boxes.push({ frame: above, level: level + 1, left: x(above.start), right: x(above.end) });
    }
    if (boxes.length > maxBoxes && narrowest < width) return undefined;
    levels = Math.max(levels, level + 1 + Math.sign(next.length));
  }
  const all = source.countBeyond(zoom);
  return {
    boxes,
    levels,
    narrow:
      all === undefined || beyond === undefined
        ? undefined
        : all + 1 - (boxes.length - parents.length) - beyond,
    narrowest,
    beyond,
    hiddenParents,
  };
}

/** The root first. */
function parentsOf(zoom: Frame): Frame[] {
  const parents: Frame[] = [];
  for (let frame = zoom.parent; frame; frame = frame.parent) parents.push(frame);
  return parents.reverse();
}
